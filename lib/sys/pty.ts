// A pseudo-terminal with a program on it, by node-pty's native fork. Its JavaScript streams lose output
// (FACTS 1), so the bytes are read and written by ourselves.
import fs from 'node:fs'
import { Trouble } from '../die.js'

/** What node-pty's binary offers; `resize` has five arguments since 1.2. */
interface Native {
  fork: (
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
  ) => { fd: number; pid: number; pty: string }
  resize: (fd: number, columns: number, rows: number, width: number, height: number) => void
}

export interface Pty {
  /** The master's side, non-blocking. */
  fd: number
  /** The terminal's side, held so that its hangup never hides bytes that are still unread. */
  slave: number
  /** The first process on it, leader of its session. */
  pid: number
  /** /dev/pts/N, and its device number. */
  device: string
  rdev: number
  resize(rows: number, columns: number): void
  /** Reads what can be read at once: how much, 0 if nothing. After the program's exit that is all there will be (FACTS 10). */
  rest(buffer: Buffer): number
}

export interface Program {
  file: string
  args: string[]
  env: string[]
  cwd: string
  rows: number
  columns: number
}

/** Starts a program on a new pty; `exited` is told its exit status, 128 + signal if it was killed. Throws what the system says. */
export function start(program: Program, exited: (status: number) => void): Pty {
  if (!native) throw new Trouble('node-pty is not loaded')
  const { fork, resize } = native
  const { file, args, env, cwd, rows, columns } = program
  const { fd, pid, pty } = fork(
    file,
    args,
    env,
    cwd,
    columns,
    rows,
    -1,
    -1,
    true,
    '',
    (status, signal) => exited(signal ? 128 + signal : status),
  )
  const slave = fs.openSync(pty, fs.constants.O_RDWR | fs.constants.O_NOCTTY)
  return {
    fd,
    slave,
    pid,
    device: pty,
    rdev: fs.fstatSync(slave).rdev,
    resize: (rows, columns) => resize(fd, columns, rows, 0, 0),
    rest: buffer => rest(fd, buffer),
  }
}

function rest(fd: number, buffer: Buffer): number {
  try {
    return fs.readSync(fd, buffer)
  } catch {
    return 0
  }
}

let native: Native | undefined

/** Loads node-pty's binary, which `start` needs. */
export function load(file: string): void {
  const module = { exports: {} }
  process.dlopen(module, file)
  native = module.exports as Native
}
