// A signaller: connects the user to a session, and takes him to the next. What to do is decided in
// state.ts; here it is done.
import os from 'node:os'
import { reach } from '../ask.js'
import { reason } from '../die.js'
import { peer, type Peer, type Socket } from '../sys/peer.js'
import { hungUp, leaveAlone, size, stoppable } from '../sys/terminal.js'
import { Frames, request } from '../frames.js'
import { CHUNK, VERSION, type Next, type Reply, type Request } from '../wire.js'
import { begin, step, type Effect, type Event, type State } from './state.js'
import { User } from './user.js'

export interface Habits {
  /** Nothing on stderr. */
  quiet: boolean
  /** Is what the user types read? `later`: not for the first session. */
  read: boolean | 'later'
  /** Are the modes of the user's terminal ours to set? */
  touch: boolean
  /** Does the signaller stop when the program does? */
  jobs: boolean
}

/** The most that is sent of what was typed before the program has accepted it, in bytes. */
const WINDOW = 65536

/** How long a master may take to give back what was lent, in milliseconds. */
const SLOW = 500

/** How long a master may take to let us in, in milliseconds. */
const PATIENCE = 5000

export class Signaller {
  readonly user: User
  readonly #habits: Habits
  readonly #done: (status: number) => void
  #state: State | undefined
  #master: Peer<Request> | undefined
  /** The connection to the first session's master, until it is used. */
  #line: Socket | undefined
  /** How many connections are not closed yet, and what to exit with when none is left. */
  #open = 0
  #status: number | undefined
  #sent = 0
  #accepted = 0
  /** Has the input ended, and was there any? */
  #eof: { some: boolean } | undefined
  #reclaiming: NodeJS.Timeout | undefined
  /** Is what can be lent still to be lent? */
  #offers = false

  /** `done` is told the exit status when there is nowhere left to go. */
  constructor(habits: Habits, done: (status: number) => void) {
    this.#habits = habits
    this.#done = done
    this.user = new User(
      {
        typed: bytes => this.#typed(bytes),
        ended: some => this.#ended(some),
        seen: offset => this.#master?.send({ type: 'seen', offset }),
        shown: () => this.#offer(),
        settled: () => this.#happen({ type: 'settled' }),
        broken: reason => this.#happen({ type: 'broken', reason }),
      },
      habits,
    )
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const)
      process.on(signal, () => this.#happen({ type: 'signal', signal }))
    leaveAlone([])
    process.on('SIGCONT', () => this.#happen({ type: 'continued' }))
    process.on('SIGWINCH', () => this.#resized())
    process.on('uncaughtException', error => {
      this.user.restore()
      this.user.say('fatal', `something went wrong: ${reason(error)}`)
      process.exit(111)
    })
  }

  /** Connects to the session just made, over the line on which it was. */
  begin(name: string, line: Socket): void {
    this.#line = line
    const [state, effects] = begin(name)
    this.#state = state
    for (const effect of effects) this.#do(effect)
  }

  #happen(event: Event): void {
    if (!this.#state) return event.type === 'signal' ? this.#die(event.signal) : undefined
    const [state, effects] = step(this.#state, event)
    this.#state = state
    for (const effect of effects) this.#do(effect)
    this.#listen()
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case 'call':
        return void this.#call(effect.to)
      case 'send':
        return this.#master?.send(effect.request)
      case 'lend':
        return this.#lend()
      case 'reclaim':
        return this.#reclaim()
      case 'raw':
        return this.#ready()
      case 'restore':
        process.removeAllListeners('SIGTSTP')
        return this.user.restore()
      case 'say':
        return this.user.say(effect.level, effect.text)
      case 'settle':
        return this.user.settle(effect.patient)
      case 'part':
        return this.#part()
      case 'stop':
        return void process.kill(0, effect.signal)
      case 'exit':
        return hungUp() ? this.#die('SIGHUP') : this.#exit(effect.status)
      case 'die':
        return this.#die(effect.signal)
    }
  }

  async #call(to: Next): Promise<void> {
    try {
      // The session just made leads nowhere yet; and to ask them all may take a second.
      const line = this.#line ?? (await reach(to.to, this.#state?.hopped ? this.user.origin : ''))
      this.#line = undefined
      if (line) this.#greet(line, to)
      else this.#happen({ type: 'missing' })
    } catch (error) {
      this.#happen({ type: 'refused', reason: reason(error) })
    }
  }

  #greet(socket: Socket, to: Next): void {
    const timer = setTimeout(() => {
      this.#happen({ type: 'refused', reason: `session ${to.to} does not answer` })
    }, PATIENCE)
    const heard = (message: Reply): void => {
      if (message.type === 'connected' || message.type === 'refused') clearTimeout(timer)
      if (master === this.#master) this.#heard(message)
    }
    const closed = (): void => {
      clearTimeout(timer)
      this.#open -= 1
      if (this.#status !== undefined) this.#exit(this.#status)
      else if (master === this.#master) this.#happen({ type: 'closed' })
    }
    this.#open += 1
    const master = peer<Reply, Request>(socket, Frames.replies(), request, heard, closed)
    this.#master = master
    const { rows, columns } = size() ?? { rows: 0, columns: 0 }
    const { device: tty, terminal, saved = '' } = this.user
    const from = process.env['SSH_CONNECTION']?.split(' ')[0] ?? ''
    const { force, viewer } = to
    const how = { viewer, force, kept: 0, pid: process.pid, saved: viewer ? '' : saved }
    master.send({ type: 'hello', version: VERSION })
    master.send({ type: 'connect', terminal, rows, columns, tty, from, ...how })
  }

  #heard(message: Reply): void {
    switch (message.type) {
      case 'connected':
        return this.#welcome(message)
      case 'output':
        return this.user.show(message.offset, message.bytes)
      case 'seen':
        this.#accepted = message.offset
        return this.#listen()
      case 'modes':
        this.user.modes = { set: message.set, undo: message.undo }
        return
      case 'notice':
        return this.user.notice(message.text)
      case 'stopped':
        // Where nobody could continue us, the program goes on at once, as if the kernel had ignored its stop.
        if (this.#habits.jobs && stoppable()) return this.#happen(message)
        this.#master?.send({ type: 'reclaim' })
        return this.#master?.send({ type: 'continue' })
      case 'returned':
        return this.#returned(message)
      case 'exited':
        return this.user.release()
      case 'eof':
        return this.user.ended(message.some)
      case 'broken':
      case 'refused':
      case 'next':
      case 'lent':
      case 'bye':
      case 'ended':
        return this.#happen(message)
    }
  }

  #welcome(message: Reply & { type: 'connected' }): void {
    const { offset, live, lost, input, set, undo } = message
    this.#sent = this.#accepted = input
    this.user.modes = { set, undo }
    this.user.expect(offset, live, lost)
    this.#happen({ type: 'connected', session: message.session })
    if (lost) this.user.say('warning', `${lost} bytes of output were not kept`)
  }

  #ready(): void {
    this.user.ready(this.#state?.at.viewer ?? false)
    this.#resized()
    this.#offers = true
    // Stopped by itself, as a viewer's keys can do, it gives the terminal back first.
    const stop = { type: 'stop', signal: os.constants.signals.SIGTSTP } as const
    process.removeAllListeners('SIGTSTP')
    if (this.#habits.jobs) process.on('SIGTSTP', () => this.#happen(stop))
    this.#offer()
  }

  /** The terminal is not lent before it shows all that came by us. */
  #offer(): void {
    if (!this.#offers || !this.user.shown) return
    this.#offers = false
    this.#happen({ type: 'shown' })
  }

  #lend(): void {
    const ends = this.user.ends(this.#reads && !this.#eof)
    if (ends) this.#master?.send({ type: 'lend', ...ends })
    else this.#happen({ type: 'lent', input: false, output: false })
  }

  /** A master that does not answer does not use them either. */
  #reclaim(): void {
    this.#master?.send({ type: 'reclaim' })
    clearTimeout(this.#reclaiming)
    this.#reclaiming = setTimeout(() => this.#happen({ type: 'returned' }), SLOW)
  }

  /** What is typed next is ours to send; unless we stop or die, it is lent again. */
  #returned(message: Reply & { type: 'returned' }): void {
    clearTimeout(this.#reclaiming)
    this.#sent = this.#accepted = message.input
    this.#happen({ type: 'returned' })
    this.#offers = true
    this.#offer()
  }

  /** Is there somebody to whom what is typed can go? */
  get #reads(): boolean {
    const { at, hopped } = this.#state ?? {}
    const { read } = this.#habits
    return !at?.viewer && (read === 'later' ? hopped === true : read)
  }

  #resized(): void {
    const now = size()
    if (this.#state?.phase === 'live' && now) this.#master?.send({ type: 'size', ...now })
  }

  #typed(bytes: Buffer): void {
    for (let from = 0; from < bytes.length; from += CHUNK) {
      const part = bytes.subarray(from, from + CHUNK)
      this.#master?.send({ type: 'input', offset: this.#sent, bytes: part })
      this.#sent += part.length
    }
    this.#listen()
  }

  #ended(some: boolean): void {
    this.#eof = { some }
    this.#listen()
  }

  /** Reads on, if there is somebody to whom what is typed can go; at the end of it all, that is the end. */
  #listen(): void {
    const { phase, direct, open } = this.#state ?? {}
    const live = phase === 'live' && this.#reads
    const waiting = this.#sent - this.#accepted
    if (live && open && this.#eof && waiting === 0)
      return this.#happen({ type: 'eof', ...this.#eof, gone: hungUp() })
    this.user.read(live && !direct?.input && !this.#eof && waiting < WINDOW)
  }

  #part(): void {
    this.user.part()
    const master = this.#master
    this.#master = undefined
    master?.end()
  }

  /** Our last words are on their way when the connections are closed. */
  #exit(status: number): void {
    this.#status = status
    if (this.#open === 0) this.#done(status)
  }

  #die(signal: NodeJS.Signals): void {
    process.removeAllListeners(signal).kill(process.pid, signal)
    setTimeout(() => process.exit(128 + os.constants.signals[signal]), 100)
  }
}
