// A descriptor in the event loop. libuv's pipe handle serves every pollable one (FACTS 1): it is read and
// written without blocking, and nobody else's flags are changed.
import fs from 'node:fs'
import net from 'node:net'

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

/** So much is read at once, in bytes. */
export const MOST = 65536

/** A terminal gives no more in one read: there is more when it gives as much (FACTS 10). */
const FULL = 4095

/**
 * Puts a pollable descriptor into the event loop, paused. `taken` gets what is read: the first `length`
 * bytes of a buffer that the next read overwrites. Without it the descriptor is only written to.
 */
export function line(fd: number, taken?: Taken, buffer = Buffer.alloc(taken ? MOST : 0)): Line {
  const { Pipe, constants } = (process as unknown as { binding(name: string): Binding }).binding(
    'pipe_wrap',
  )
  const handle = new Pipe(constants.SOCKET)
  handle.open(fd)
  const options = { handle, readable: taken !== undefined, ...(taken ? onread(taken) : {}) }
  const socket = new net.Socket(options)
  socket.pause()
  return { fd, socket, handle }

  function onread(taken: Taken): object {
    const callback = (length: number): boolean => {
      const more = length === FULL && buffer.length === MOST
      taken(buffer, more ? gather(fd, buffer, length) : length)
      return !socket.isPaused()
    }
    return { onread: { buffer, callback } }
  }
}

/** What is read: the first `length` bytes of a buffer that does not stay as it is. */
export type Taken = (buffer: Buffer, length: number) => void

/** Reads on while a terminal has more, so that it is handed on in few pieces; returns how much there is then. */
function gather(fd: number, buffer: Buffer, length: number): number {
  try {
    for (let more = FULL; more === FULL && length < buffer.length; length += more)
      more = fs.readSync(fd, buffer, length, buffer.length - length, null)
  } catch {
    // no more for now; what is wrong otherwise, the next read tells
  }
  return length
}
