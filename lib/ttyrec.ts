// Recordings as ttyrec has them: frames of output, each with its time and its length before it. They tell
// neither the terminal's size nor its name.
import { Fatal } from './die.js'
import type { Header, Moment, Reader } from './event.js'

/** Seconds, microseconds and length of a frame, 32 bits each, the lowest first. */
const HEAD = 12

/** A longer frame is not read. */
const LONGEST = 4 * 1024 * 1024

interface Frame {
  wait: number
  bytes: Buffer
}

/** Is this the beginning of a ttyrec? Microseconds are less than 2^24; asciicast is text. */
export function isTtyrec(bytes: Buffer): boolean {
  return bytes.length >= HEAD && bytes[7] === 0
}

export class TtyrecReader implements Reader {
  readonly header: Header = { columns: 0, rows: 0 }
  #held: Buffer[] = []
  #size = 0
  /** How much must be there to go on. */
  #needed = HEAD
  #frames = 0
  #at: number | undefined;

  *read(bytes: Buffer): Generator<Moment> {
    this.#held.push(Buffer.from(bytes))
    this.#size += bytes.length
    if (this.#size < this.#needed) return
    const all = Buffer.concat(this.#held)
    let from = 0
    let frame = this.#frame(all)
    for (; typeof frame !== 'number'; frame = this.#frame(all.subarray(from))) {
      from += HEAD + frame.bytes.length
      yield { wait: frame.wait, event: { type: 'output', bytes: frame.bytes } }
    }
    this.#needed = frame
    this.#held = [all.subarray(from)]
    this.#size = all.length - from
  }

  end(): Moment[] {
    return []
  }

  get cut(): boolean {
    return this.#size > 0
  }

  /** The frame at the beginning of these bytes, or how many are needed for it. */
  #frame(bytes: Buffer): Frame | number {
    if (bytes.length < HEAD) return HEAD
    const [seconds = 0, micro = 0, length = 0] = [0, 4, 8].map(at => bytes.readUInt32LE(at))
    const number = this.#frames + 1
    if (micro >= 1e6) throw new Fatal(`frame ${number} has no time`, 1)
    if (length > LONGEST) throw new Fatal(`frame ${number} is too long`, 1)
    if (bytes.length < HEAD + length) return HEAD + length
    this.#frames = number
    const at = seconds + micro / 1e6
    const wait = Math.max(0, at - (this.#at ?? at))
    this.#at = at
    return { wait, bytes: bytes.subarray(HEAD, HEAD + length) }
  }
}
