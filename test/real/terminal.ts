// A pty as a terminal emulator has it: loses nothing, can stop reading, change size, and die.
// Not node-pty's streams, which lose the end of the output, and nothing of ours: it judges the commands.

import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Socket, type SocketConstructorOpts } from 'node:net'
import { attempt, environment, inTime, pairs, type Changes, type World } from './leftovers.js'
import { transcript } from './transcript.js'

export interface TerminalOptions {
  rows?: number
  columns?: number
  env?: Changes
  /** The world's home if not said. */
  cwd?: string
}

export interface Terminal {
  /** Of the leader. */
  readonly pid: number
  /** /dev/pts/N. */
  readonly device: string
  /** The leader's exit status, 128 + signal if it was killed, once all that it wrote has been read. */
  readonly ended: Promise<number>
  /** The same, but rejects, showing the screen, if that takes too long. */
  end(within?: number): Promise<number>
  /** All bytes so far, and the same as text. */
  readonly output: Buffer
  readonly text: string
  /**
   * Waits for it in the output since the last match, and moves past it. Gives what matched, or a RegExp's
   * first group if it has one. A RegExp meets bytes (latin1), all since the last match at each look.
   */
  see(what: string | RegExp, within?: number): Promise<string>
  /** Resolves when the kernel has taken all of it. */
  type(what: string | Buffer, within?: number): Promise<void>
  resize(rows: number, columns: number): void
  /** stty on the terminal, and its modes (`stty -g`): until the hangup, also after the end. */
  stty(...args: string[]): string
  modes(): string
  stopReading(): void
  startReading(): void
  signal(name: NodeJS.Signals): void
  /** Closes the terminal's side, as an emulator that dies. */
  hangup(): void
}

/** Runs a command as the session leader of a new pty, as a login would. */
export function terminal(
  world: World,
  argv: readonly string[],
  options: TerminalOptions = {},
): Terminal {
  const { rows = 24, columns = 80, cwd = world.home } = options
  let open = true
  let reading = true
  let status: number | undefined
  const said = transcript()

  let end: ((status: number) => void) | undefined
  const ended = new Promise<number>(resolve => (end = resolve))
  const exited = (code: number, signal: number): void => {
    world.children.delete(pid)
    status = signal ? 128 + signal : code
    if (open && reading) drain()
    end?.(status)
  }
  const env = pairs(environment(world, options.env))
  const args = ['-c', START, 'sh', ...env, ...argv]
  const size = [columns, rows] as const
  const child = native.fork('/bin/sh', args, env, cwd, ...size, -1, -1, true, '', exited)
  const { fd, pid, pty: device } = child
  world.children.add(pid)
  world.terminals.add(hangup)
  // While we hold it there is no hangup that could hide what is still unread.
  const slave = openSync(device, constants.O_RDWR | constants.O_NOCTTY)

  const buffer = Buffer.alloc(65536)
  const callback = (length: number): boolean => {
    said.add(buffer.subarray(0, length))
    return reading
  }
  const handle = new pipes.Pipe(pipes.constants.SOCKET)
  handle.open(fd)
  const socket = new Socket({ handle, onread: { buffer, callback } } as SocketConstructorOpts)
  socket.on('error', () => undefined)

  /** All that a dead leader wrote can be read now; others may go on, so this ends by itself. */
  function drain(): void {
    for (let left = 1 << 20; left > 0;) {
      const length = attempt(() => readSync(fd, buffer)) ?? 0
      if (length === 0) return
      said.add(buffer.subarray(0, length))
      left -= length
    }
  }

  function hangup(): void {
    if (!open) return
    open = false
    world.terminals.delete(hangup)
    closeSync(slave)
    socket.destroy()
  }

  function needed(): void {
    if (!open) throw new Error(`${device} is hung up`)
  }

  function stty(...args: string[]): string {
    needed()
    return execFileSync('stty', args, { stdio: [slave, 'pipe', 'pipe'], encoding: 'utf8' }).trim()
  }

  const state = (): string => {
    const how = status === undefined ? `process ${pid} runs` : `ended with status ${status}`
    return ` (${how}${open ? '' : ', hung up'})`
  }

  return {
    pid,
    device,
    ended,
    end: (ms = 10_000) =>
      inTime(ended, ms, () => `${argv.join(' ')} has not ended${state()}\n${said.shown()}`),
    get output() {
      return said.output
    },
    get text() {
      return said.output.toString()
    },
    see: (what, ms = 10_000) => said.see(what, ms, state),
    type: (what, ms = 10_000) => {
      const taken = new Promise<void>((resolve, reject) => {
        socket.write(what, error => (error ? reject(error) : resolve()))
      })
      return inTime(taken, ms, () => `${socket.writableLength} bytes typed in vain${state()}`)
    },
    resize: (rows, columns) => {
      needed()
      native.resize(fd, columns, rows, 0, 0)
    },
    stty,
    modes: () => stty('-g'),
    stopReading: () => {
      reading = false
      socket.pause()
    },
    startReading: () => {
      reading = true
      socket.resume()
    },
    signal: name => {
      if (status !== undefined) throw new Error(`no one to signal${state()}`)
      process.kill(pid, name)
    },
    hangup,
  }
}

/** A login's modes instead of node-pty's (whose eol is 0xff), and exactly the environment asked for. */
const START = 'stty sane iutf8; exec env -i "$@"'

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
    exited: (status: number, signal: number) => void,
  ): { fd: number; pid: number; pty: string }
  resize(fd: number, columns: number, rows: number, width: number, height: number): void
}

const { loadNativeModule } = createRequire(import.meta.url)('node-pty/lib/utils') as {
  loadNativeModule: (name: string) => { module: Native }
}
const native = loadNativeModule('pty').module

interface Pipes {
  Pipe: new (type: number) => { open(fd: number): void }
  constants: { SOCKET: number }
}

const pipes = (process as unknown as { binding(name: string): Pipes }).binding('pipe_wrap')
