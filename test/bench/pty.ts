// A terminal to measure with: node-pty's native fork, and reads and writes of our own. Blocking, so that
// nothing but the kernel is between two bytes, or in the event loop, where an exit is to be noticed.

import { constants, openSync, closeSync, readSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Socket, type SocketConstructorOpts } from 'node:net'
import { attempt } from '../real/leftovers.js'
import { pause, type World } from './world.js'

export interface Terminal {
  fd: number
  pid: number
  /** Resolves when the process on it has ended. */
  ended: Promise<void>
  handle: Handle
}

interface Handle {
  open(fd: number): void
  setBlocking(blocking: boolean): number
  close(): void
}

/** Runs a program on a new terminal of 80 by 24. */
export function open(world: World, [file = '', ...args]: readonly string[]): Terminal {
  let exited = (): void => undefined
  const ended = new Promise<void>(resolve => (exited = resolve))
  const env = Object.entries(world.env).map(pair => pair.join('='))
  const home = world.env['HOME'] ?? '/'
  const { fd, pid } = native.fork(file, args, env, home, 80, 24, -1, -1, true, '', () => exited())
  const handle = new pipes.Pipe(pipes.constants.SOCKET)
  handle.open(fd)
  return { fd, pid, ended, handle }
}

/** From now on reads and writes wait in the kernel. */
export function block({ handle }: Terminal): void {
  if (handle.setBlocking(true) !== 0) throw new Error('cannot make a terminal blocking')
}

/** Reads it in the event loop; gives what hangs it up. */
export function listen(terminal: Terminal, taken: (bytes: Buffer) => void): () => void {
  const buffer = Buffer.alloc(65536)
  const callback = (length: number): boolean => {
    taken(buffer.subarray(0, length))
    return true
  }
  const options = { handle: terminal.handle, onread: { buffer, callback } }
  const socket = new Socket(options as SocketConstructorOpts)
  socket.on('error', () => undefined)
  socket.resume()
  return () => void socket.destroy()
}

/** What can be read of a terminal that does not block, for an error message. */
export function rest({ fd }: Terminal): string {
  const buffer = Buffer.alloc(4096)
  return buffer.toString('latin1', 0, attempt(() => readSync(fd, buffer)) ?? 0)
}

/**
 * Meets whoever waits to read the FIFO: he goes on from there. Throws if he has not come within 20 s, or
 * `alive` says that he will not.
 */
export function meet(path: string, alive = (): boolean => true): void {
  for (let looks = 0; looks < 10_000 && alive(); looks++) {
    const fd = attempt(() => openSync(path, constants.O_WRONLY | constants.O_NONBLOCK))
    if (fd !== undefined) {
      writeSync(fd, '\n')
      return closeSync(fd)
    }
    pause(2)
  }
  throw new Error('the program did not come up')
}

interface Native {
  fork(
    file: string,
    args: string[],
    env: string[],
    cwd: string,
    columns: number,
    rows: number,
    uid: number,
    gid: number,
    utf8: boolean,
    helper: string,
    exited: () => void,
  ): { fd: number; pid: number }
}

const { loadNativeModule } = createRequire(import.meta.url)('node-pty/lib/utils') as {
  loadNativeModule: (name: string) => { module: Native }
}
const native = loadNativeModule('pty').module

interface Pipes {
  Pipe: new (type: number) => Handle
  constants: { SOCKET: number }
}

const pipes = (process as unknown as { binding(name: string): Pipes }).binding('pipe_wrap')
