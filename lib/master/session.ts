// One session's life. What to do is decided in step.ts, what is kept in tape.ts; here it is done.
import { Trouble, line } from '../die.js'
import { nameOfDevice } from '../name.js'
import type { Settings } from '../orders.js'
import { short } from '../printable.js'
import { permitted } from '../sys/permit.js'
import { Utmp } from '../sys/utmp.js'
import { title, unlisted } from '../title.js'
import type { Info } from '../wire.js'
import { Clients } from './clients.js'
import { Expiry } from './expiry.js'
import { info } from './info.js'
import { Presence } from './presence.js'
import { Program } from './program.js'
import { Recorder } from './recorder.js'
import { begin, type Asked, type Connect, type Effect, type Event, type State } from './state.js'
import { step } from './step.js'
import { Tape, WINDOW } from './tape.js'
import { ALL, CONNECTION, LIMIT, Typing } from './typing.js'

/** How long a connection that was told to go may take, in milliseconds. */
const GRACE = 1000

/** So much of what is left is read at once, at a stop or at the end, in bytes. */
const MOST = 65536

/** What parts what was written before it from what comes after. */
const DIVIDING = new Set<Asked['type']>(['disconnect', 'record', 'unrecord'])

export class Session {
  readonly presence: Presence
  readonly clients: Clients
  readonly name: string
  readonly #settings: Settings
  readonly #program: Program
  readonly #utmp: Utmp | undefined
  readonly #tape: Tape
  readonly #begun = Date.now()
  #state: State
  #rest: Buffer | undefined
  readonly #typing = new Typing()
  /** Does whoever connects come back, or to a session that began without him? */
  #back: boolean
  readonly #published = permitted('sesswhere')
  readonly #expiry: Expiry
  #recorder: Recorder | undefined

  constructor(settings: Settings) {
    this.#settings = settings
    this.#back = !settings.awaited
    const { policy, size, awaited, command, cwd, rows, columns, minutes } = settings
    this.#expiry = new Expiry(minutes, () => this.happen({ type: 'end' }))
    this.#tape = new Tape(policy, size, awaited)
    this.clients = new Clients(this.#tape, {
      asked: (id, request) => {
        // What was written before is for who is connected still, or recorded still.
        if (DIVIDING.has(request.type)) this.#drain(WINDOW)
        this.happen({ type: 'asked', id, request })
      },
      typed: (id, bytes, length, offset) => this.#typed(id, bytes, length, offset),
      next: () => this.#typing.next(CONNECTION),
      moved: () => this.#regulate(),
      switched: () => this.presence.tell(),
      gone: id => {
        this.#typing.forget(id)
        this.happen({ type: 'gone', id })
      },
    })
    this.#program = new Program(
      command,
      { cwd, rows, columns },
      {
        begun: () => this.presence.tell(),
        output: (buffer, length) => {
          this.#written(buffer, length)
          this.#regulate()
        },
        took: count => this.#took(count),
        stopped: signal => {
          if (this.#state.stopped) return
          this.#drain(WINDOW)
          this.happen({ type: 'stopped', signal })
        },
        exited: () => {
          this.happen({ type: 'exited' })
          this.#regulate()
          this.presence.tell()
        },
      },
    )
    const { device, rdev, fd } = this.#program.pty
    this.#utmp = settings.utmp ? new Utmp(fd) : undefined
    this.name = nameOfDevice(rdev) ?? ''
    this.presence = new Presence(this.name, {
      welcome: client => this.clients.welcome(client),
      certain: () => this.#certain(),
    })
    const { title, session } = settings
    this.#state = begin({ name: this.name, device, title, session, awaited }, this.#begun)
    this.#publish()
    this.#regulate()
  }

  /** Lets the program begin. */
  async go(): Promise<void> {
    await this.#program.go()
  }

  /** The starter has let go. If it never came in, it was given up before anybody saw it: then that is the end. */
  forsake(): void {
    this.#tape.forsake()
    if (this.#state.awaited) return this.happen({ type: 'end' })
    this.#regulate()
    this.#expiry.look(this.#state)
  }

  happen(event: Event): void {
    const [state, effects] = step(this.#state, event, Date.now())
    this.#state = state
    // Whoever has his answer finds it told to all.
    this.presence.tell()
    for (const effect of effects) this.#do(effect)
    this.#publish()
    this.#expiry.look(this.#state)
  }

  #typed(id: number, bytes: Buffer, length: number, offset?: number): number {
    const { connection, typists, viewers } = this.#state
    const who = connection?.id === id ? CONNECTION : id
    const next = this.#typing.next(who)
    const full = who !== CONNECTION && this.#program.waiting > ALL
    if (who !== CONNECTION && !typists.has(id)) {
      if (viewers.has(id)) this.clients.drop(id)
    } else if (full || this.#typing.waiting(who) > LIMIT || (offset ?? next) !== next) {
      this.clients.drop(id)
    } else {
      this.#typing.typed(who, length)
      this.#program.type(bytes, length)
    }
    return this.#program.waiting
  }

  #took(count: number): void {
    const connected = this.#state.connection?.id ?? 0
    this.#typing.accepted(count, (who, offset) =>
      this.clients.accepted(who === CONNECTION ? connected : who, offset),
    )
    if (this.#program.waiting === 0) this.clients.drained(connected)
  }

  /** Reads while there is room; after the program's exit it reads what is left, and then that was all. */
  #regulate(): void {
    const { status } = this.#program
    this.#program.read(this.#tape.room > 0)
    if (status === undefined || this.#state.ended !== undefined) return
    if (this.#drain()) this.happen({ type: 'ended', status })
  }

  /** Reads what was written already, as far as there is room, or `most` where others write on. Was that all? */
  #drain(most = Infinity): boolean {
    const end = this.#tape.end + most
    this.#rest ??= Buffer.alloc(MOST)
    while (this.#tape.room > 0 && this.#tape.end < end) {
      const rest = this.#program.pty.rest(this.#rest)
      if (rest === 0) return true
      this.#written(this.#rest, rest)
    }
    return false
  }

  #written(bytes: Buffer, length: number): void {
    this.#recorder?.add(bytes.subarray(0, length))
    this.clients.add(bytes, length)
  }

  /** Tells who is connected; false if nobody is. */
  #warn(what: string): boolean {
    const { connection } = this.#state
    const text = line('pty', 'warning', what)
    if (connection) this.clients.say(connection.id, { type: 'notice', text })
    return connection !== undefined
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case 'say':
        return this.clients.say(effect.id, effect.reply)
      case 'tell':
        return this.clients.tell(effect.id, effect.reply)
      case 'inform':
        return this.clients.say(effect.id, { type: 'info', ...this.#info() })
      case 'admit':
        return this.#admit(effect.id, effect.request)
      case 'part':
        return this.#dismiss(effect.id)
      case 'drop':
        return this.clients.part(effect.id)
      case 'resize':
        this.clients.resize(effect.rows)
        this.#recorder?.resize(effect)
        return this.#program.resize(effect.rows, effect.columns)
      case 'continue':
        return this.#program.continue()
      case 'record':
        return this.#record(effect.id, effect.request)
      case 'unrecord':
        return this.#unrecord(effect.id, effect.status)
      case 'eof':
        return this.#program.end()
      case 'hangup':
        return this.#hangup(effect.force, effect.id)
      case 'finish':
        return this.#finish()
    }
  }

  #record(id: number, request: Asked & { type: 'record' }): void {
    try {
      const { size } = this.#program
      const term = this.#settings.command.env['TERM'] ?? ''
      this.#recorder = new Recorder(request, { ...size, term }, what => this.#warn(what))
      this.clients.say(id, { type: 'recorded', ...this.#recorder.state() })
    } catch (error) {
      if (!(error instanceof Trouble)) throw error
      this.happen({ type: 'unrecorded' })
      this.clients.say(id, { type: 'no', reason: error.message })
    }
  }

  #unrecord(id: number | undefined, status: number | undefined): void {
    const recorded = this.#recorder?.end(status)
    this.#recorder = undefined
    if (id !== undefined && recorded) this.clients.say(id, { type: 'recorded', ...recorded })
  }

  /** Who comes back to a full-screen program gets its screen; its starter sees it being drawn. */
  #admit(id: number, request: Connect): void {
    const { session } = this.#state
    this.clients.admit(id, request, { input: this.#typing.next(CONNECTION), session })
    this.#recorder?.warn()
    const { terminal, viewer } = request
    if (viewer) return
    if (this.#back && terminal && this.clients.fullScreen) setTimeout(() => this.#program.redraw())
    this.#back = true
  }

  /** It may take a while to go, but not for ever. */
  #dismiss(id: number): void {
    this.clients.dismiss(id)
    setTimeout(() => {
      if (this.#state.leaving?.id === id) this.happen({ type: 'late', id })
    }, GRACE)
  }

  #hangup(force: boolean, id: number | undefined): void {
    this.presence.leave()
    this.#program.hangup(force, GRACE / 2, () => this.#finish())
    if (id !== undefined) this.clients.say(id, { type: 'ok', said: false })
  }

  /** Goes when the last client has gone, or does not go. */
  #finish(): void {
    this.presence.leave()
    this.#utmp?.tell(undefined)
    const end = Date.now() + GRACE
    const wait = (): void => {
      if (this.clients.size === 0 || Date.now() > end) process.exit(0)
      setTimeout(wait, 10)
    }
    wait()
  }

  #publish(): void {
    const { connection, since, session } = this.#state
    const what = connection ? 'connect' : 'disconnect'
    const from = connection?.from || connection?.tty || ''
    const last = this.#published ? { last: { what, since, from } as const } : {}
    const text = session ? title({ name: this.name, ...last }) : unlisted(this.name)
    if (process.title !== text) process.title = text
    this.#utmp?.tell(connection && (this.#settings.host || from))
  }

  /** What there is to tell, unless that changes without an event. */
  #certain(): Info | undefined {
    const { over, ended, connection } = this.#state
    const certain = ended === undefined ? this.#program.known : !connection
    return certain && !over ? this.#info() : undefined
  }

  #info(): Info {
    return info(this.#state, {
      pid: process.pid,
      slave: this.#program.pid,
      begun: this.#begun,
      direct: this.clients.direct(this.#state.connection?.id ?? 0),
      command: short(this.#settings.command.argv.join(' '), 4096),
    })
  }
}
