// The program of a session, as its master handles it: started by its leader on the pty, read, written to,
// resized, continued, hung up on. When it is read and what becomes of the bytes is run.ts's business.
import fs from 'node:fs'
import { leader, type Command } from '../leader.js'
import { Outlet, line, type Line } from '../sys/flow.js'
import { children, onTerminal, processOf, processes, stopSignal } from '../sys/processes.js'
import { start, type Pty } from '../sys/pty.js'

/** Who is told what the program does. */
export interface Listener {
  output(bytes: Buffer): void
  /** The program has accepted so many more bytes of what was typed. */
  took(count: number): void
  stopped(signal: number): void
  exited(status: number): void
}

export interface Place {
  cwd: string
  rows: number
  columns: number
}

export class Program {
  /** Its exit status, 128 + signal; undefined while it lives. */
  status: number | undefined
  readonly pty: Pty
  readonly #jobs: boolean
  readonly #listener: Listener
  readonly #line: Line
  readonly #input: Outlet
  #pid = 0
  /** Its leader waits, stopped, until the session has its name. */
  #gate: 'shut' | 'waiting' | 'open' = 'shut'

  constructor(command: Command, place: Place, listener: Listener) {
    this.#jobs = command.jobs
    this.#listener = listener
    process.on('SIGCHLD', () => this.#child())
    this.pty = start({ ...leader(command), ...place }, status => this.#exited(status))
    this.#line = line(this.pty.fd, bytes => {
      if (!this.#pid) this.#look()
      listener.output(bytes)
    })
    const took = (count: number): void => listener.took(count)
    this.#input = new Outlet(this.#line, took, () => undefined)
  }

  /** Lets it begin. */
  go(): void {
    this.#gate = 'waiting'
    this.#child()
  }

  /** Reads it, or lets it wait. */
  read(wanted: boolean): void {
    if (wanted && this.status === undefined) this.#line.socket.resume()
    else this.#line.socket.pause()
  }

  /** What can be read at once, or undefined. After its exit that is all there will be (FACTS 10). */
  rest(): Buffer | undefined {
    const buffer = Buffer.alloc(65536)
    try {
      const length = fs.readSync(this.pty.fd, buffer)
      return length > 0 ? buffer.subarray(0, length) : undefined
    } catch {
      return undefined
    }
  }

  type(bytes: Buffer): void {
    this.#input.write(bytes)
  }

  /** How much of what was typed it has not accepted yet, in bytes. */
  get waiting(): number {
    return this.#input.waiting
  }

  resize(rows: number, columns: number): void {
    this.pty.resize(Math.min(rows, 65535), Math.min(columns, 65535))
  }

  continue(): void {
    signal(this.pty.pid, 'SIGCONT')
  }

  /** Its pid, 0 when unknown or gone. */
  get pid(): number {
    if (this.status !== undefined) return 0
    this.#look()
    return this.#pid
  }

  /** It is the leader's child, or the leader itself without job control. */
  #look(): void {
    this.#pid = this.#jobs ? (children(this.pty.pid)[0] ?? this.#pid) : this.pty.pid
  }

  /** Everything on the terminal gets SIGHUP; with `force`, what is still there after `grace` ms is killed. */
  hangup(force: boolean, grace: number, done: () => void): void {
    const victims = onTerminal(fs.fstatSync(this.pty.slave).rdev)
    for (const { pid } of victims) {
      signal(pid, 'SIGHUP')
      signal(pid, 'SIGCONT')
    }
    if (!force) return done()
    setTimeout(() => {
      const alive = victims.filter(one => processOf(one.pid)?.started === one.started)
      for (const { pid } of alive) signal(pid, 'SIGKILL')
      done()
    }, grace)
  }

  #child(): void {
    if (this.status !== undefined || this.#gate === 'shut') return
    const { stopped, umask } = stopSignal(this.pty.pid) ?? { stopped: false, umask: 0 }
    if (!stopped) return
    if (this.#gate === 'open') return this.#listener.stopped(this.#jobs ? umask : SIGSTOP)
    this.#gate = 'open'
    this.continue()
  }

  /** As at the end of any terminal's session leader, what is left of the program's own group is hung up on. */
  #exited(status: number): void {
    this.status = status
    const left = processes().filter(one => one.session === this.pty.pid && one.group === this.#pid)
    for (const { pid } of left) signal(pid, 'SIGHUP')
    this.#listener.exited(status)
  }
}

const SIGSTOP = 19

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // it has gone
  }
}
