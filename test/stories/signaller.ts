// A signaller in a story: its decisions, carried out at a place where a user sits.

import { line } from '../../lib/die.js'
import {
  begin,
  step,
  type Effect,
  type Event,
  type State,
  type Step,
} from '../../lib/signaller/state.js'
import { Frames, request } from '../../lib/frames.js'
import { VERSION, type Next, type Reply, type Request } from '../../lib/wire.js'
import type { Queue } from './queue.js'
import type { Session, Socket } from './session.js'

/** Where a signaller's words go: its output, its standard error, and what it does to the terminal. */
export interface Place {
  /** The terminal that the user types at, and whether the output goes there, too. */
  tty: string
  terminal: boolean
  /** May its master write there itself? */
  lends: boolean
  show: (text: string) => void
  say: (text: string) => void
  mark: (what: string) => void
}

export class Signaller {
  /** Its exit status, once it has one. */
  status: number | undefined
  readonly #place: Place
  readonly #queue: Queue
  readonly #find: (name: string) => Session | undefined
  #state: State
  #socket: Socket | undefined
  #sent = 0
  #dead = false
  /** What it has not heard because it was stopped dead. */
  #frozen: (() => void)[] | undefined

  constructor(
    name: string,
    place: Place,
    queue: Queue,
    find: (name: string) => Session | undefined,
  ) {
    this.#place = place
    this.#queue = queue
    this.#find = find
    this.#state = begin(name)[0]
  }

  start(): void {
    this.#queue.add(() => this.#follow(begin(this.#state.at.to)))
  }

  /** The session that it is connected to, or ''. */
  get at(): string {
    return this.#socket && this.#state.phase === 'live' ? this.#state.at.to : ''
  }

  type(text: string): void {
    const bytes = Buffer.from(text)
    if (this.at === '' || this.#state.at.viewer) return
    this.#socket?.send(request({ type: 'input', offset: this.#sent, bytes }))
    this.#sent += bytes.length
  }

  /** Its user does something: the fg of a shell, the end of his input, a signal. */
  happen(event: Event): void {
    this.#queue.add(() => this.#happen(event))
  }

  /** It is killed, and nobody puts anything right. */
  die(): void {
    this.#part()
    this.#dead = true
  }

  freeze(): void {
    this.#frozen = []
  }

  thaw(): void {
    const missed = this.#frozen ?? []
    this.#frozen = undefined
    for (const hear of missed) this.#queue.add(hear)
  }

  #part(): void {
    this.#socket?.close()
    this.#socket = undefined
  }

  #happen(event: Event): void {
    if (this.#dead) return
    this.#follow(step(this.#state, event))
  }

  #follow([state, effects]: Step): void {
    this.#state = state
    for (const effect of effects) this.#do(effect)
  }

  #do(effect: Effect): void {
    const { say, mark } = this.#place
    switch (effect.type) {
      case 'call':
        return this.#call(effect.to)
      case 'send':
        return this.#socket?.send(request(effect.request))
      case 'lend':
        return this.#socket?.send(request({ type: 'lend', input: '', output: 'terminal' }))
      case 'reclaim':
        return this.#socket?.send(request({ type: 'reclaim' }))
      case 'raw':
        mark(effect.type)
        return this.#place.lends ? this.#happen({ type: 'shown' }) : undefined
      case 'restore':
        return mark(effect.type)
      case 'say':
        return say(line('pty', effect.level, effect.text))
      case 'settle':
        return this.#happen({ type: 'settled' })
      case 'part':
        return this.#part()
      case 'stop':
        return mark(`stop ${effect.signal}`)
      case 'exit':
        this.status = effect.status
        return mark(`exit ${effect.status}`)
      case 'die':
        return mark(`die ${effect.signal}`)
    }
  }

  #call(to: Next): void {
    const session = this.#find(to.to)
    if (!session) return this.#happen({ type: 'missing' })
    const frames = Frames.replies()
    const mine = (what: () => void): void => {
      if (this.#socket !== socket) return
      if (this.#frozen) this.#frozen.push(what)
      else what()
    }
    const socket = session.join({
      hear: bytes =>
        mine(() => {
          for (const message of frames.read(bytes)) this.#hear(message)
        }),
      closed: () => mine(() => this.#happen({ type: 'closed' })),
      show: text => this.#place.show(text),
    })
    this.#socket = socket
    const { tty, terminal } = this.#place
    const size = terminal ? { rows: 24, columns: 80 } : { rows: 0, columns: 0 }
    const { viewer, force } = to
    const connect: Request = {
      type: 'connect',
      terminal,
      tty,
      from: '',
      ...size,
      viewer,
      force,
      kept: 0,
      pid: 3,
      saved: '',
    }
    for (const message of [{ type: 'hello', version: VERSION } as const, connect])
      socket.send(request(message))
  }

  #hear(message: Reply): void {
    switch (message.type) {
      case 'connected':
        this.#sent = message.input
        return this.#happen({ type: 'connected', session: message.session })
      case 'returned':
        this.#sent = message.input
        return this.#happen({ type: 'returned' })
      case 'output':
        this.#place.show(message.bytes.toString())
        return this.#socket?.send(
          request({ type: 'seen', offset: message.offset + message.bytes.length }),
        )
      case 'notice':
        return this.#place.say(message.text)
      case 'refused':
      case 'next':
      case 'lent':
      case 'stopped':
      case 'bye':
      case 'ended':
        return this.#happen(message)
    }
  }
}
