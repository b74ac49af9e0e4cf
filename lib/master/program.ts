// The program of a session, as its master handles it: started by its leader on the pty, read, written to,
// resized, continued, hung up on. When it is read and what becomes of the bytes is run.ts's business.
import os from 'node:os'
import { Trouble } from '../die.js'
import { PIPE, leader, type Command } from '../leader.js'
import { borrowed } from '../sys/ends.js'
import { Outlet } from '../sys/flow.js'
import { line, type Line } from '../sys/line.js'
import { children, onTerminal, processOf, processes, stopSignal } from '../sys/processes.js'
import { start, type Pty } from '../sys/pty.js'

/** Who is told what the program does. */
export interface Listener {
  /** Its pid is known. */
  begun(): void
  /** It has written the first `length` bytes of a buffer that does not stay as it is. */
  output(buffer: Buffer, length: number): void
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
  #input: Outlet
  /** Does it read a pipe? Then it can be told that there is no more. */
  readonly #piped: boolean
  #over = false
  #pid = 0
  /** Is that certainly the program, not something that its leader does before? */
  #there = false
  #reads = false
  #rows: number
  #columns: number
  /** Its leader waits, stopped, until the session has its name. */
  #gate: 'shut' | 'waiting' | 'open' = 'shut'
  #begun: () => void = () => undefined

  constructor(command: Command, place: Place, listener: Listener) {
    this.#jobs = command.jobs
    this.#piped = command.pipe !== ''
    this.#listener = listener
    this.#rows = place.rows
    this.#columns = place.columns
    process.on('SIGCHLD', () => this.#child())
    process.on('SIGURG', () => this.#there || this.#arrived())
    this.pty = start({ ...leader(command), ...place }, status => this.#exited(status))
    this.#line = line(this.pty.fd, (buffer, length) => {
      if (!this.#pid) this.#look()
      listener.output(buffer, length)
    })
    this.#input = this.#typing(this.#line)
  }

  /** Lets it begin, as soon as its leader waits for that. Throws Trouble if the leader has ended instead. */
  async go(): Promise<void> {
    await new Promise<void>(begun => {
      this.#begun = begun
      this.#gate = 'waiting'
      this.#child()
    })
    if (this.status !== undefined)
      throw new Trouble('cannot start the program: its leader has ended')
  }

  /** Reads it, or lets it wait. */
  read(wanted: boolean): void {
    const reads = wanted && this.status === undefined
    if (reads === this.#reads) return
    this.#reads = reads
    if (reads) this.#line.socket.resume()
    else this.#line.socket.pause()
  }

  /** Types the first `length` bytes. */
  type(bytes: Buffer, length: number): void {
    this.#input.write(bytes, 0, length)
  }

  /** There is no more to type: a program that reads a pipe hears of that after all that was typed. */
  end(): void {
    this.#over = this.#piped
    this.#close()
  }

  #close(): void {
    if (this.#over && this.#input.waiting === 0) this.#input.shut()
  }

  #typing(to: number | Line): Outlet {
    const took = (count: number): void => {
      this.#listener.took(count)
      this.#close()
    }
    return new Outlet(to, took, () => undefined)
  }

  /** How much of what was typed it has not accepted yet, in bytes. */
  get waiting(): number {
    return this.#input.waiting
  }

  resize(rows: number, columns: number): void {
    this.#rows = Math.min(rows, 65535)
    this.#columns = Math.min(columns, 65535)
    this.pty.resize(this.#rows, this.#columns)
  }

  /** Makes a full-screen program draw its screen again: it does when the size changes, twice so that it is the same in the end. */
  redraw(): void {
    this.pty.resize(this.#rows > 1 ? this.#rows - 1 : 2, this.#columns)
    setTimeout(() => this.pty.resize(this.#rows, this.#columns), REDRAW)
  }

  get size(): { rows: number; columns: number } {
    return { rows: this.#rows, columns: this.#columns }
  }

  continue(): void {
    signal(this.pty.pid, 'SIGCONT')
  }

  /** Its pid, 0 when unknown or gone. Before it is there its leader has other children. */
  get pid(): number {
    return this.known ? this.#pid : 0
  }

  /** Is its pid known for certain? */
  get known(): boolean {
    return this.#there && this.status === undefined
  }

  /** Its leader says that it is there. */
  #arrived(): void {
    this.#look()
    this.#there = this.#pid > 0
    this.#listener.begun()
  }

  /** It is the leader's child, or the leader itself without job control. */
  #look(): void {
    this.#pid = this.#jobs ? (children(this.pty.pid)[0] ?? this.#pid) : this.pty.pid
  }

  /** Everything on the terminal gets SIGHUP; with `force`, what is still there after `grace` ms is killed. */
  hangup(force: boolean, grace: number, done: () => void): void {
    const victims = onTerminal(this.pty.rdev)
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
    if (this.#gate === 'open') return this.#listener.stopped(STOPS.has(umask) ? umask : SIGSTOP)
    this.#gate = 'open'
    if (this.#piped) {
      const pipe = borrowed(this.pty.pid, PIPE, 'write')
      if (pipe === undefined) return signal(this.pty.pid, 'SIGKILL')
      this.#input = this.#typing(pipe)
    }
    this.continue()
    if (!this.#jobs) this.#arrived()
    this.#begun()
  }

  /** As at the end of any terminal's session leader, what is left of the program's own group is hung up on. */
  #exited(status: number): void {
    this.status = status
    this.#begun()
    const left = processes().filter(one => one.session === this.pty.pid)
    // One that has ended before it was looked at began its group before all others.
    const groups = left.map(one => one.group).filter(group => !left.some(one => one.pid === group))
    const own = this.#pid || Math.min(...groups)
    for (const one of left) if (one.group === own) signal(one.pid, 'SIGHUP')
    this.#listener.exited(status)
  }
}

/** How long a program is given to notice a size, in milliseconds: it does not ask again if it is the same as before (FACTS 2). */
const REDRAW = 60

const { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU } = os.constants.signals

/** What a leader's umask can tell; without job control it is the program's own, and tells nothing. */
const STOPS = new Set<number>([SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU])

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // it has gone
  }
}
