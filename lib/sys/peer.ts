// Somebody at the other end of a socket with whom messages are exchanged: a master's clients, a client's
// master. One that sends rubbish, half a frame for five seconds, or never reads, is dropped.
import fs from 'node:fs'
import type { Socket } from 'node:net'
import { code } from '../die.js'
import type { Frames } from '../frames.js'
import type { Message } from '../wire.js'

export type { Socket }

/** How long half a frame may wait for the rest, in milliseconds. */
const PATIENCE = 5000

/** How much may wait to be read by a peer, in bytes. */
const BACKLOG = 1048576

export interface Peer<Out extends Message> {
  send(message: Out): void
  /** Says nothing more; what was said still arrives. */
  end(): void
  /** Closes at once. */
  drop(): void
  /** Leaves the socket to somebody else: nothing more is heard here. */
  release(): Socket
}

/** Exchanges messages over a socket. `closed` is called once, however it ends. */
export function peer<In extends Message, Out extends Message>(
  socket: Socket,
  frames: Frames<In>,
  encode: (message: Out) => Buffer,
  heard: (message: In) => void,
  closed: () => void,
): Peer<Out> {
  let timer: NodeJS.Timeout | undefined
  let deaf = false
  const drop = (): void => void socket.destroy()
  // A socket destroys itself when it cannot write: the last words of a peer that has gone would be lost.
  const write = (bytes: Buffer): void => {
    if (deaf) return
    const written = socket.writableLength > 0 ? 0 : tryWrite(socket, bytes)
    if (written === undefined) deaf = true
    else if (written < bytes.length) socket.write(bytes.subarray(written))
  }
  const read = (bytes: Buffer): void => {
    clearTimeout(timer)
    try {
      for (const message of frames.read(bytes)) if (!socket.destroyed) heard(message)
    } catch {
      return drop()
    }
    if (frames.half) timer = setTimeout(drop, PATIENCE)
  }
  const over = (): void => {
    clearTimeout(timer)
    closed()
  }
  socket.on('data', read)
  socket.on('error', drop)
  socket.once('close', over)
  return {
    send: message => {
      if (socket.destroyed || socket.writableEnded) return
      write(encode(message))
      if (socket.writableLength > BACKLOG) drop()
    },
    end: () => {
      if (socket.writableLength === 0) return drop()
      socket.end()
      setTimeout(drop, 1000).unref()
    },
    drop,
    release: () => {
      clearTimeout(timer)
      socket.removeListener('data', read).removeListener('error', drop)
      return socket.removeListener('close', over)
    },
  }
}

/** How much a socket takes at once; undefined if nobody listens any more. */
function tryWrite(socket: Socket, bytes: Buffer): number | undefined {
  const { _handle: handle } = socket as unknown as { _handle?: { fd: number } | null }
  try {
    return handle ? fs.writeSync(handle.fd, bytes) : undefined
  } catch (error) {
    return code(error) === 'EAGAIN' ? 0 : undefined
  }
}
