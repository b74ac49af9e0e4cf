// Bytes in and out of descriptors of any kind, without blocking and without a copy of the descriptor's
// flags being changed for others. libuv's pipe handle serves every pollable descriptor (FACTS 1).
import fs from 'node:fs'
import net from 'node:net'
import { isatty } from 'node:tty'
import { code } from '../die.js'

/** The handle below a net.Socket, as far as we use it. */
interface Handle {
  open(fd: number): void
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

/**
 * Puts a pollable descriptor into the event loop, paused. `taken` gets what is read, in a buffer that the
 * next read overwrites; without it the descriptor is only written to.
 */
export function line(fd: number, taken?: (bytes: Buffer) => void): Line {
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
    const buffer = Buffer.alloc(65536)
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

/** Reads a descriptor of any kind; `ended` once, at its end or when it cannot be read any more. */
export function inlet(fd: number, taken: (bytes: Buffer) => void, ended: () => void): Inlet {
  const polled = (): Inlet => line(fd, taken).socket.once('end', ended).once('error', ended)
  const asked = fs.fstatSync(fd).isFIFO() || !pollable(fd)
  return asked ? new Asked(fd, taken, ended, polled) : polled()
}

/**
 * Reads what cannot be polled, such as a file; and a FIFO until it is empty, for whoever opens one after its
 * last writer has gone is never told of its end.
 */
class Asked implements Inlet {
  readonly #next: () => void
  #polled: Inlet | undefined
  #wanted = false

  constructor(fd: number, taken: (bytes: Buffer) => void, ended: () => void, polled: () => Inlet) {
    const buffer = Buffer.alloc(65536)
    let busy = false
    this.#next = (): void => {
      if (!this.#wanted || busy) return
      busy = true
      fs.read(fd, buffer, 0, buffer.length, null, (error, length) => {
        busy = false
        if (code(error) === 'EAGAIN') return this.#poll(polled())
        if (error || length === 0) return ended()
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
