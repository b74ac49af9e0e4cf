// Bytes in and out of descriptors of any kind.
import fs from 'node:fs'
import { isatty } from 'node:tty'
import { code } from '../die.js'
import { flagsOf } from './fdinfo.js'
import { MOST, line, type Line, type Taken } from './line.js'

/** Can the descriptor be polled? A terminal, a pipe, a socket can; a file or /dev/null cannot. */
function pollable(fd: number): boolean {
  const stat = fs.fstatSync(fd)
  return stat.isFIFO() || stat.isSocket() || isatty(fd)
}

const nonBlocking = (fd: number): boolean => ((flagsOf(fd) ?? 0) & fs.constants.O_NONBLOCK) !== 0

/** What comes out of a descriptor: nothing until `resume`. */
export interface Inlet {
  resume(): void
  pause(): void
  /** Reads no more, and closes the descriptor. */
  shut(): void
}

/**
 * Reads a descriptor of any kind; `ended` once, at its end or when it cannot be read any more. `most` is how
 * many bytes may be read until the next `resume`, and never grows.
 */
export function inlet(fd: number, taken: Taken, ended: Ended, most?: () => number): Inlet {
  const buffer = Buffer.alloc(Math.min(most?.() ?? MOST, MOST))
  const polled = (): Inlet => heard(line(fd, taken, buffer), ended, most && { buffer, most })
  const asked = fs.fstatSync(fd).isFIFO() || !pollable(fd)
  return asked ? new Asked(fd, taken, ended, polled, { buffer, most }) : polled()
}

export type Ended = (error?: unknown) => void

/** Reads what is in the event loop already. */
export function heard(
  { socket, handle }: Line,
  ended: Ended,
  limit?: { buffer: Buffer; most: () => number },
): Inlet {
  socket.once('end', () => ended()).once('error', ended)
  return {
    resume: () => {
      if (limit) handle.useUserBuffer(limit.buffer.subarray(0, limit.most()))
      socket.resume()
    },
    pause: () => void socket.pause(),
    shut: () => void socket.destroy(),
  }
}

/**
 * Reads what cannot be polled, such as a file; and a FIFO until it is empty, for whoever opens one after its
 * last writer has gone is never told of its end.
 */
class Asked implements Inlet {
  readonly #fd: number
  readonly #taken: Taken
  readonly #ended: Ended
  readonly #poll: () => Inlet
  readonly #limit: { buffer: Buffer; most: (() => number) | undefined }
  /** Does a read take what there is and not wait? */
  readonly #ready: boolean
  #polled: Inlet | undefined
  #wanted = false
  #busy = false
  #shut = false

  constructor(
    fd: number,
    taken: Taken,
    ended: Ended,
    poll: () => Inlet,
    limit: { buffer: Buffer; most: (() => number) | undefined },
  ) {
    this.#fd = fd
    this.#taken = taken
    this.#ended = ended
    this.#poll = poll
    this.#limit = limit
    this.#ready = fs.fstatSync(fd).isFIFO() && nonBlocking(fd)
  }

  resume(): void {
    this.#wanted = true
    if (this.#polled) this.#polled.resume()
    else this.#next()
  }

  pause(): void {
    this.#wanted = false
    this.#polled?.pause()
  }

  /** A read under way keeps its descriptor: another file could have the number by then. */
  shut(): void {
    if (this.#shut) return
    this.#shut = true
    if (this.#polled) this.#polled.shut()
    else if (!this.#busy) fs.closeSync(this.#fd)
  }

  #next(): void {
    if (!this.#wanted || this.#busy) return
    this.#busy = true
    const { buffer, most } = this.#limit
    const length = Math.min(most?.() ?? MOST, buffer.length)
    if (this.#ready) setImmediate(() => this.#look(length))
    else fs.read(this.#fd, buffer, 0, length, null, (error, length) => this.#got(error, length))
  }

  /** A FIFO is not read any more once it is paused: somebody else may read on. */
  #look(most: number): void {
    this.#busy = false
    if (this.#shut) return fs.closeSync(this.#fd)
    if (!this.#wanted) return
    let length = 0
    try {
      length = fs.readSync(this.#fd, this.#limit.buffer, 0, most, null)
    } catch (error) {
      return this.#got(error, 0)
    }
    this.#got(undefined, length)
  }

  #got(error: unknown, length: number): void {
    this.#busy = false
    if (this.#shut) return fs.closeSync(this.#fd)
    if (code(error) === 'EAGAIN') return this.#wait()
    if (error) return this.#ended(error)
    if (length === 0) return this.#ended()
    this.#taken(this.#limit.buffer, length)
    this.#next()
  }

  #wait(): void {
    this.#polled = this.#poll()
    if (this.#wanted) this.#polled.resume()
  }
}

/** So many bytes of a buffer, from an index on, have been accepted. */
export type Accepted = (count: number, bytes: Buffer, from: number) => void

/** What goes into a descriptor, in order, without blocking. */
export class Outlet {
  readonly #fd: number
  readonly #accepted: Accepted
  readonly #failed: (error: unknown) => void
  #line: Line | undefined
  /** What waits, in order; the first of it is with the line. */
  #queue: Buffer[] = []
  #waiting = 0
  /** Where a first piece waits: it is used again and again. */
  #spare: Buffer | undefined
  #shut = false

  /** `accepted` is told what the other side has accepted; `failed` that it accepts no more. */
  constructor(to: number | Line, accepted: Accepted, failed: (error: unknown) => void) {
    this.#fd = typeof to === 'number' ? to : to.fd
    this.#line = typeof to === 'number' ? undefined : to
    this.#accepted = accepted
    this.#failed = failed
  }

  /** How many bytes were not accepted yet. */
  get waiting(): number {
    return this.#waiting
  }

  /** Writes bytes of a buffer, now or as soon as they are accepted; those that must wait are copied. */
  write(bytes: Buffer, from = 0, to = bytes.length): void {
    if (this.#shut || from >= to) return
    const idle = this.#waiting === 0
    const written = idle ? this.#try(bytes, from, to - from) : 0
    if (written === undefined) return
    if (from + written < to) {
      this.#queue.push(this.#keep(bytes, from + written, to, idle))
      this.#waiting += to - from - written
      if (idle) this.#wait()
    }
    if (written > 0) this.#accepted(written, bytes, from)
  }

  /** Writes nothing more; what was not accepted yet is not written. The descriptor is closed. */
  shut(): void {
    if (this.#shut) return
    this.#shut = true
    const first = this.#queue[0]
    if (this.#line && first) this.#count(first, first.length - this.#line.handle.writeQueueSize)
    this.#close()
  }

  #close(): void {
    this.#queue = []
    if (this.#line) this.#line.socket.destroy()
    else if (this.#fd > 2) fs.closeSync(this.#fd)
  }

  #keep(bytes: Buffer, from: number, to: number, alone: boolean): Buffer {
    if (!alone || to - from > MOST) return Buffer.from(bytes.subarray(from, to))
    this.#spare ??= Buffer.alloc(MOST)
    bytes.copy(this.#spare, 0, from, to)
    return this.#spare.subarray(0, to - from)
  }

  /** How much is accepted at once; undefined if the descriptor failed. */
  #try(bytes: Buffer, from: number, length: number): number | undefined {
    try {
      return fs.writeSync(this.#fd, bytes, from, length)
    } catch (error) {
      if (code(error) === 'EAGAIN') return 0
      this.#fail(error)
      return undefined
    }
  }

  #count(piece: Buffer, taken: number): void {
    this.#waiting -= taken
    if (taken > 0) this.#accepted(taken, piece, 0)
  }

  /** The handle writes what it can and then waits until the descriptor takes the rest. */
  #wait(): void {
    const first = this.#queue[0]
    if (!first || this.#shut) return
    this.#line ??= line(this.#fd)
    this.#line.socket.write(first, error => {
      if (this.#shut) return
      if (error) return this.#fail(error)
      this.#queue.shift()
      const more = this.#queue.length > 0
      this.#count(first, first.length)
      if (more) this.#wait()
    })
  }

  /** A handle that has failed has nothing in its queue any more, but that was not accepted. */
  #fail(error: unknown): void {
    if (this.#shut) return
    this.#shut = true
    this.#close()
    this.#failed(error)
  }
}
