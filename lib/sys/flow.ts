// Bytes in and out of descriptors of any kind, without blocking and without a copy of the descriptor's
// flags being changed for others. libuv's pipe handle serves every pollable descriptor (FACTS 1).
import fs from 'node:fs'
import net from 'node:net'
import { isatty } from 'node:tty'
import { code } from '../die.js'

/** The handle below a net.Socket, as far as we use it. */
interface Handle {
  open(fd: number): void
  /** What is read next is put there. */
  useUserBuffer(buffer: Buffer): void
  readonly writeQueueSize: number
}

interface Binding {
  Pipe: new (kind: number) => Handle
  constants: { SOCKET: number }
}

/** A descriptor in the event loop: there is one for each, however many ways it is used. */
export interface Line {
  fd: number
  socket: net.Socket
  handle: Handle
}

/** The most that is read at once, in bytes. */
const LARGEST = 65536

/**
 * Puts a pollable descriptor into the event loop, paused. `taken` gets what is read, in a buffer that the
 * next read overwrites; without it the descriptor is only written to.
 */
export function line(
  fd: number,
  taken?: (bytes: Buffer) => void,
  buffer = Buffer.alloc(taken ? LARGEST : 0),
): Line {
  const { Pipe, constants } = (process as unknown as { binding(name: string): Binding }).binding(
    'pipe_wrap',
  )
  const handle = new Pipe(constants.SOCKET)
  handle.open(fd)
  const options = { handle, readable: taken !== undefined, ...(taken ? onread(taken) : {}) }
  const socket = new net.Socket(options)
  socket.pause()
  return { fd, socket, handle }

  function onread(taken: (bytes: Buffer) => void): object {
    const callback = (length: number): boolean => {
      taken(buffer.subarray(0, length))
      return !socket.isPaused()
    }
    return { onread: { buffer, callback } }
  }
}

/** Can the descriptor be polled? A terminal, a pipe, a socket can; a file or /dev/null cannot. */
export function pollable(fd: number): boolean {
  const stat = fs.fstatSync(fd)
  return stat.isFIFO() || stat.isSocket() || isatty(fd)
}

/** What comes out of a descriptor: nothing until `resume`. */
export interface Inlet {
  resume(): void
  pause(): void
}

/**
 * Reads a descriptor of any kind; `ended` once, at its end or when it cannot be read any more. `most` is how
 * many bytes may be read until the next `resume`, and never grows.
 */
export function inlet(
  fd: number,
  taken: (bytes: Buffer) => void,
  ended: (error?: unknown) => void,
  most?: () => number,
): Inlet {
  const buffer = Buffer.alloc(Math.min(most?.() ?? LARGEST, LARGEST))
  const polled = (): Inlet => {
    const { socket, handle } = line(fd, taken, buffer)
    socket.once('end', () => ended()).once('error', ended)
    if (!most) return socket
    const resume = (): void => {
      handle.useUserBuffer(buffer.subarray(0, most()))
      socket.resume()
    }
    return { resume, pause: () => socket.pause() }
  }
  const asked = fs.fstatSync(fd).isFIFO() || !pollable(fd)
  return asked ? new Asked(fd, taken, ended, polled, buffer, most) : polled()
}

/**
 * Reads what cannot be polled, such as a file; and a FIFO until it is empty, for whoever opens one after its
 * last writer has gone is never told of its end.
 */
class Asked implements Inlet {
  readonly #next: () => void
  #polled: Inlet | undefined
  #wanted = false

  constructor(
    fd: number,
    taken: (bytes: Buffer) => void,
    ended: (error?: unknown) => void,
    polled: () => Inlet,
    buffer: Buffer,
    most = (): number => LARGEST,
  ) {
    let busy = false
    this.#next = (): void => {
      if (!this.#wanted || busy) return
      busy = true
      fs.read(fd, buffer, 0, Math.min(most(), buffer.length), null, (error, length) => {
        busy = false
        if (code(error) === 'EAGAIN') return this.#poll(polled())
        if (error) return ended(error)
        if (length === 0) return ended()
        taken(buffer.subarray(0, length))
        this.#next()
      })
    }
  }

  #poll(polled: Inlet): void {
    this.#polled = polled
    if (this.#wanted) polled.resume()
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
}

/** What comes out of a descriptor, piece by piece: nothing is read before it is asked for. */
export interface Pieces {
  /** Undefined at the end; rejects if it cannot be read. */
  next(): Promise<Buffer | undefined>
  /** Waits for no more. */
  stop(): void
}

/** Each piece has at most so many bytes. */
export function pieces(fd: number, most?: () => number): Pieces {
  let got: { done: (piece: Buffer | undefined) => void; fail: (error: unknown) => void } | undefined
  const taken = (bytes: Buffer): void => {
    from.pause()
    got?.done(Buffer.from(bytes))
  }
  const ended = (error?: unknown): void => (error ? got?.fail(error) : got?.done(undefined))
  const from = inlet(fd, taken, ended, most)
  const next = (): Promise<Buffer | undefined> =>
    new Promise((done, fail) => {
      got = { done, fail }
      from.resume()
    })
  return { next, stop: () => from.pause() }
}

/**
 * What goes into a descriptor, in order, without blocking. `taken` is told how many bytes the other side
 * has accepted; `failed` that it accepts no more.
 */
export class Outlet {
  readonly #fd: number
  readonly #taken: (count: number) => void
  readonly #failed: (error: unknown) => void
  #queue: Buffer[] = []
  #waiting = 0
  #line: Line | undefined
  #handed = false
  #shut = false

  constructor(to: number | Line, taken: (count: number) => void, failed: (error: unknown) => void) {
    this.#fd = typeof to === 'number' ? to : to.fd
    this.#line = typeof to === 'number' ? undefined : to
    this.#taken = taken
    this.#failed = failed
  }

  /** How many bytes were not accepted yet. */
  get waiting(): number {
    return this.#waiting
  }

  /** Writes the bytes, now or as soon as they are accepted; they must not change until then. */
  write(bytes: Buffer): void {
    if (this.#shut || bytes.length === 0) return
    this.#queue.push(bytes)
    this.#waiting += bytes.length
    if (this.#queue.length === 1) this.#flow()
  }

  /** Writes nothing more; what was not accepted yet is not written. */
  shut(): void {
    if (this.#shut) return
    this.#shut = true
    const first = this.#queue[0]
    if (this.#line && first && this.#handed)
      this.#count(first.length - this.#line.handle.writeQueueSize)
    this.#queue = []
    this.#line?.socket.destroy()
  }

  #count(taken: number): void {
    this.#waiting -= taken
    if (taken > 0) this.#taken(taken)
  }

  #flow(): void {
    for (let first = this.#queue[0]; first && !this.#shut; first = this.#queue[0]) {
      const written = this.#try(first)
      if (written === undefined) return
      if (written === first.length) this.#queue.shift()
      else this.#queue[0] = first.subarray(written)
      this.#count(written)
      if (written < first.length) return this.#wait()
    }
  }

  /** Undefined if the descriptor failed. */
  #try(bytes: Buffer): number | undefined {
    try {
      return fs.writeSync(this.#fd, bytes)
    } catch (error) {
      if (code(error) === 'EAGAIN') return 0
      this.#fail(error)
      return undefined
    }
  }

  /** The handle writes what it can and then waits until the descriptor takes the rest. */
  #wait(): void {
    const first = this.#queue[0]
    if (!first || this.#shut) return
    this.#line ??= line(this.#fd)
    this.#handed = true
    this.#line.socket.write(first, error => {
      if (this.#shut) return
      this.#handed = false
      if (error) return this.#fail(error)
      this.#queue.shift()
      this.#count(first.length)
      this.#flow()
    })
  }

  #fail(error: unknown): void {
    if (this.#shut) return
    this.shut()
    this.#failed(error)
  }
}

/** Somewhere to write to for who does one thing after the other. */
export interface Sink {
  /** Resolves when no more than `left` bytes wait to be accepted; rejects if there will be no more. */
  write(bytes: Buffer, left?: number): Promise<void>
  shut(): void
}

export function sink(fd: number): Sink {
  let wake = (): void => undefined
  let failure: { error: unknown } | undefined
  const failed = (error: unknown): void => {
    failure = { error }
    wake()
  }
  const outlet = new Outlet(fd, () => wake(), failed)
  return {
    write: async (bytes, left = 0) => {
      outlet.write(bytes)
      while (!failure && outlet.waiting > left) await new Promise<void>(done => (wake = done))
      if (failure) throw failure.error
    },
    shut: () => outlet.shut(),
  }
}
