// Plays a recording at its pace, and does what the user's keys and signals ask for meanwhile.
import { CastReader } from '../cast.js'
import { Fatal, Trouble, code, line, reason } from '../die.js'
import type { Header, Reader } from '../event.js'
import { Pace } from '../pace.js'
import { printable, short } from '../printable.js'
import { pieces, type Pieces } from '../pieces.js'
import { open } from '../sys/recording.js'
import { complain } from '../sys/say.js'
import { leaveAlone, reopen, stoppable } from '../sys/terminal.js'
import { TtyrecReader, isTtyrec } from '../ttyrec.js'
import { Stage } from './stage.js'

export interface How {
  /** Standard input if there is none. */
  path: string | undefined
  speed: number
  /** The longest wait in seconds; what the recording says, if not given. */
  idle: number | undefined
}

/** An exit status, or the signal to die by. */
type End = number | NodeJS.Signals

/** A timer cannot be set for longer, in milliseconds. */
const LONGEST = 2 ** 30

/** So many bytes tell what they are a recording of. */
const ENOUGH = 12

const [SPACE, Q, CTRL_C] = [0x20, 0x71, 0x03]

/** A terminal that takes nothing for so long is waited for; all that follows comes later. In milliseconds. */
const HELD = 200

const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const

/** Plays it. Resolves to the exit status, unless it ends by a signal. */
export async function play(how: How): Promise<number> {
  leaveAlone([])
  const player = new Player(how)
  const end = await player.run()
  if (typeof end === 'number') return end
  for (const signal of SIGNALS) process.removeAllListeners(signal)
  process.kill(process.pid, end)
  return new Promise(() => undefined)
}

class Player {
  readonly #name: string
  readonly #how: How
  readonly #from: Pieces
  readonly #stage = new Stage()
  #pace: Pace | undefined
  /** Did the user ask for a pause? A stopped player pauses, too. */
  #paused = false
  #timer: NodeJS.Timeout | undefined
  #wake = (): void => undefined

  constructor(how: How) {
    const { path } = how
    this.#how = how
    this.#name = path === undefined ? 'standard input' : short(printable(path), 200)
    this.#from = pieces(reopen(path === undefined ? 0 : this.#open(path), 'read'))
  }

  /** Plays until the end, or until the user has had enough. */
  async run(): Promise<End> {
    const stage = this.#stage
    process.prependOnceListener('exit', () => stage.leave())
    try {
      return await Promise.race([this.#play(), this.#asked()])
    } catch (error) {
      if (code(error) === 'EPIPE') return 0
      if (error instanceof Fatal) throw error
      throw new Trouble(`cannot write: ${reason(error)}`)
    } finally {
      clearTimeout(this.#timer)
      this.#from.stop()
      stage.leave()
    }
  }

  async #play(): Promise<End> {
    const first = await this.#beginning()
    const reader = isTtyrec(first) ? new TtyrecReader() : new CastReader()
    for (let piece: Buffer | undefined = first; piece; piece = await this.#read())
      await this.#show(reader, piece)
    await this.#show(reader, undefined)
    await this.#stage.end()
    if (!reader.cut) return 0
    this.#stage.restore()
    complain(line('tplay', 'warning', `${this.#name} is cut off at its end`))
    return 0
  }

  /** As much as tells what it is a recording of. */
  async #beginning(): Promise<Buffer> {
    let bytes = Buffer.alloc(0)
    while (bytes.length < ENOUGH) {
      const piece = await this.#read()
      if (!piece) break
      bytes = Buffer.concat([bytes, piece])
    }
    return bytes
  }

  /** Shows what is in a piece of the recording, or at its end. */
  async #show(reader: Reader, piece: Buffer | undefined): Promise<void> {
    try {
      for (const { wait, event } of piece ? reader.read(piece) : reader.end()) {
        this.#begin(reader.header)
        this.#pace?.next(wait)
        await this.#due()
        if (event.type === 'output') await this.#put(event.bytes)
      }
      this.#begin(reader.header)
    } catch (error) {
      if (!(error instanceof Fatal)) throw error
      throw new Fatal(`${this.#name}: ${error.message}`, error.status)
    }
  }

  /** Once it is known what is played. */
  #begin(header: Header | undefined): void {
    if (!header || this.#pace) return
    const { speed, idle } = this.#how
    const { columns, rows } = header
    const its = this.#stage.size
    if (its && (its.columns < columns || its.rows < rows)) {
      const small = `recorded on ${columns}x${rows}, and this terminal is ${its.columns}x${its.rows}`
      complain(line('tplay', 'warning', small))
    }
    this.#stage.ready()
    this.#pace = new Pace(speed, idle ?? header.idle ?? Infinity, performance.now())
  }

  /** Waits until it is time for what comes next. */
  async #due(): Promise<void> {
    for (;;) {
      const rest = this.#pace?.rest(performance.now()) ?? 0
      if (rest === 0) return
      await new Promise<void>(wake => {
        this.#wake = wake
        this.#timer = setTimeout(wake, Math.min(rest, LONGEST))
      })
      clearTimeout(this.#timer)
    }
  }

  async #put(bytes: Buffer): Promise<void> {
    const begun = performance.now()
    await this.#stage.show(bytes)
    const taken = performance.now() - begun
    if (taken > HELD) this.#pace?.later(taken)
  }

  /** Resolves when the user wants it to end. */
  #asked(): Promise<End> {
    return new Promise(end => {
      for (const signal of SIGNALS) process.on(signal, () => end(signal))
      process.on('SIGTSTP', () => this.#stop())
      process.on('SIGCONT', () => this.#continue())
      void this.#hear(end)
    })
  }

  async #hear(end: (how: End) => void): Promise<void> {
    const { keys } = this.#stage
    for (;;) {
      const key = await keys?.next().catch(() => undefined)
      if (!keys) return
      if (!key) return end('SIGHUP')
      if (key[0] === SPACE) this.#pause(!this.#paused)
      if (key[0] === CTRL_C) return end('SIGINT')
      if (key[0] === Q) return end(0)
    }
  }

  #pause(wanted: boolean): void {
    this.#paused = wanted
    this.#pace?.pause(wanted, performance.now())
    this.#wake()
  }

  /** The user has stopped us: his terminal is his until we go on. */
  #stop(): void {
    if (!stoppable()) return
    this.#pace?.pause(true, performance.now())
    this.#stage.restore()
    process.removeAllListeners('SIGTSTP')
    process.kill(process.pid, 'SIGTSTP')
  }

  #continue(): void {
    process.removeAllListeners('SIGTSTP')
    process.on('SIGTSTP', () => this.#stop())
    if (this.#pace) this.#stage.ready()
    this.#pause(this.#paused)
  }

  async #read(): Promise<Buffer | undefined> {
    try {
      return await this.#from.next()
    } catch (error) {
      if (code(error) === 'EIO') return undefined
      throw new Trouble(`cannot read ${this.#name}: ${reason(error)}`)
    }
  }

  #open(path: string): number {
    try {
      return open(path)
    } catch (error) {
      throw error instanceof Trouble
        ? new Trouble(`cannot open ${this.#name}: ${error.message}`)
        : error
    }
  }
}
