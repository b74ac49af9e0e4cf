// What a master is told before there is a session, by whoever starts it: in pieces, for an environment may
// be larger than a frame.
import { Rubbish } from './frames.js'
import type { Command } from './leader.js'
import type { Policy } from './master/tape.js'
import { CHUNK, type Request } from './wire.js'

export interface Settings {
  command: Command
  /** Where the program starts. */
  cwd: string
  /** Does it outlast its connection? */
  session: boolean
  rows: number
  columns: number
  policy: Policy
  /** How much output is kept while nobody is connected, in bytes. */
  size: number
  /** The session ends when nobody was connected for so many minutes; 0: never. */
  minutes: number
  title: string
  utmp: boolean
  /** Where the user comes from, for utmp; '' for what his signaller says. */
  host: string
  /** Will its starter connect? */
  awaited: boolean
}

/** More than the system lets a program have of arguments and environment, however it is written. */
const LIMIT = 67108864

/** The settings as they travel. */
export function* pieces(settings: Settings): Generator<Request> {
  const text = Buffer.from(JSON.stringify(settings))
  for (let offset = 0; offset < text.length; offset += CHUNK)
    yield { type: 'settings', offset, bytes: text.subarray(offset, offset + CHUNK) }
  yield { type: 'start' }
}

/** Puts the pieces together again. */
export class Gathered {
  readonly #pieces: Buffer[] = []
  #size = 0

  /** Throws Rubbish if the piece is not the next one. */
  add(offset: number, bytes: Buffer): void {
    if (offset !== this.#size || offset + bytes.length > LIMIT) throw new Rubbish('a stray piece')
    this.#pieces.push(bytes)
    this.#size += bytes.length
  }

  /** Throws Rubbish if these are no settings. */
  get settings(): Settings {
    try {
      return JSON.parse(Buffer.concat(this.#pieces).toString()) as Settings
    } catch {
      throw new Rubbish('no settings')
    }
  }
}
