// A session in a story: its master's decisions and its tape, carried out in memory.

import { deviceOf } from '../../lib/name.js'
import { info } from '../../lib/master/info.js'
import { begin, type Effect, type Event, type State } from '../../lib/master/state.js'
import { step } from '../../lib/master/step.js'
import { Tape, type Policy } from '../../lib/master/tape.js'
import { Frames, reply } from '../../lib/frames.js'
import { CHUNK, VERSION, type Info, type Reply } from '../../lib/wire.js'
import type { Queue } from './queue.js'

/** Somebody who is connected to a master by a socket. */
export interface Caller {
  hear(bytes: Buffer): void
  closed(): void
  /** What it lends, for its master to write on. */
  show?(text: string): void
}

/** The caller's end of the socket. */
export interface Socket {
  send(bytes: Buffer): void
  close(): void
}

interface Client {
  caller: Caller
  frames: ReturnType<typeof Frames.requests>
  after: Reply[]
  reads: boolean
  /** Does it lend its terminal, and do we write on it ourselves? */
  lends: boolean
  direct: boolean
}

const PLAIN = { title: '', session: true, awaited: false }

export class Session {
  readonly name: string
  /** What was typed, what happened to the program, and who reads what is typed instead of it. */
  heard = ''
  happened: string[] = []
  reader: { type(text: string): void } | undefined
  readonly #queue: Queue
  readonly #over: () => void
  readonly #tape: Tape
  readonly #clients = new Map<number, Client>()
  #state: State
  #last = 0
  #received = 0

  /** `over` is called when the session has gone. */
  constructor(name: string, queue: Queue, over: () => void, policy: Policy = 'keep') {
    this.name = name
    this.#queue = queue
    this.#over = over
    this.#tape = new Tape(policy, 1000, false)
    this.#state = begin({ name, device: deviceOf(name), ...PLAIN }, 0)
  }

  /** `connected (will drop into qf)`, as sesslist has it. */
  get status(): string {
    const { connection, ended } = this.#state
    const next = connection?.next ? ` (will drop into ${connection.next.to})` : ''
    return connection ? `connected${next}` : ended === undefined ? 'disconnected' : `ended ${ended}`
  }

  get viewers(): number {
    return this.#state.viewers.size
  }

  join(caller: Caller): Socket {
    const id = ++this.#last
    const nothing = { after: [], reads: false, lends: false, direct: false }
    this.#clients.set(id, { caller, frames: Frames.requests(), ...nothing })
    return {
      send: bytes => this.#queue.add(() => this.#hear(id, bytes)),
      close: () => this.#queue.add(() => this.#gone(id)),
    }
  }

  /** The program writes. */
  write(text: string): void {
    this.#queue.add(() => {
      this.#tape.add(Buffer.from(text))
      for (const id of this.#clients.keys()) this.#pump(id)
    })
  }

  /** The program ends, or stops, or its master hears that it is late for a client to go. */
  exit(status: number): void {
    this.#queue.add(() => this.#happen({ type: 'ended', status }))
  }

  stop(signal: number): void {
    this.#queue.add(() => this.#happen({ type: 'stopped', signal }))
  }

  late(): void {
    const { leaving } = this.#state
    if (leaving) this.#queue.add(() => this.#happen({ type: 'late', id: leaving.id }))
  }

  /** Its master is killed. */
  die(): void {
    this.#over()
    const clients = [...this.#clients.values()]
    this.#clients.clear()
    for (const { caller } of clients) this.#queue.add(() => caller.closed())
  }

  #hear(id: number, bytes: Buffer): void {
    const client = this.#clients.get(id)
    for (const message of client?.frames.read(bytes) ?? []) {
      if (message.type === 'hello') this.#say(id, { type: 'hello', version: VERSION })
      else if (message.type === 'input') this.#typed(id, message.bytes)
      else if (message.type === 'seen') this.#seen(id, message.offset)
      else if (message.type === 'lend') this.#borrow(client, id)
      else if (message.type === 'reclaim') {
        this.#return(client)
        this.#say(id, { type: 'returned', input: this.#received })
      } else if (message.type !== 'settings' && message.type !== 'start')
        this.#happen({ type: 'asked', id, request: message })
    }
  }

  #borrow(client: Client | undefined, id: number): void {
    if (client) client.lends = true
    this.#pump(id)
  }

  #return(client: Client | undefined): void {
    if (client) client.lends = client.direct = false
  }

  #typed(id: number, bytes: Buffer): void {
    if (this.#state.connection?.id !== id) return
    this.#received += bytes.length
    if (this.reader) this.reader.type(bytes.toString())
    else this.heard += bytes.toString()
    this.#say(id, { type: 'seen', offset: this.#received })
  }

  #seen(id: number, offset: number): void {
    if (!this.#tape.seen(id, offset)) throw new Error(`${id} cannot have seen ${offset}`)
    this.#pump(id)
  }

  #gone(id: number): void {
    this.#tape.leave(id)
    if (this.#clients.delete(id)) this.#happen({ type: 'gone', id })
  }

  #happen(event: Event): void {
    const [state, effects] = step(this.#state, event, 0)
    this.#state = state
    for (const effect of effects) this.#do(effect)
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case 'say':
        return this.#say(effect.id, effect.reply)
      case 'tell':
        this.#clients.get(effect.id)?.after.push(effect.reply)
        return this.#pump(effect.id)
      case 'inform':
        return this.#say(effect.id, { type: 'info', ...this.#info() })
      case 'admit':
        return this.#admit(effect.id, effect.request.viewer)
      case 'part':
        return this.#mute(effect.id)
      case 'drop':
        this.#mute(effect.id)
        return this.#tape.leave(effect.id)
      case 'resize':
        return void this.happened.push(`size ${effect.rows} ${effect.columns}`)
      case 'continue':
        return void this.happened.push('continued')
      case 'eof':
        return void this.happened.push('no more')
      case 'hangup':
        this.happened.push(effect.force ? 'killed' : 'hung up')
        this.#over()
        if (effect.id !== undefined) this.#say(effect.id, { type: 'ok', said: false })
        return
      case 'finish':
        return this.#over()
    }
  }

  #say(id: number, message: Reply): void {
    const client = this.#clients.get(id)
    const caller = client?.caller
    if (['bye', 'stopped', 'ended'].includes(message.type)) this.#return(client)
    const bytes = reply(message)
    this.#queue.add(() => caller?.hear(bytes))
  }

  #admit(id: number, viewer: boolean): void {
    const client = this.#clients.get(id)
    if (!client) throw new Error(`${id} is admitted, and is not there`)
    const { offset, lost, live } = viewer ? this.#tape.view(id) : this.#tape.connect(id)
    client.reads = true
    const start = { offset, lost, live, input: this.#received, set: '', undo: '' }
    this.#say(id, { type: 'connected', session: true, ...start })
    this.#pump(id)
  }

  #mute(id: number): void {
    const client = this.#clients.get(id)
    if (client) client.reads = false
  }

  #pump(id: number): void {
    const client = this.#clients.get(id)
    if (!client?.reads) return
    if (client.lends && !client.direct && this.#tape.settled(id)) {
      client.direct = true
      this.#say(id, { type: 'lent', input: false, output: true })
    }
    for (let length = 0; client.direct && (length = this.#tape.ahead(id));) {
      const { ring, place } = this.#tape
      client.caller.show?.(ring.toString('utf8', place, place + length))
      this.#tape.took(id, length)
    }
    for (let piece = this.#tape.next(id, CHUNK); piece; piece = this.#tape.next(id, CHUNK)) {
      this.#say(id, { type: 'output', offset: piece.offset, bytes: piece.bytes })
    }
    if (this.#tape.upToDate(id)) for (const last of client.after.splice(0)) this.#say(id, last)
  }

  #info(): Info {
    const direct = { input: false, output: false }
    return info(this.#state, { pid: 1, slave: 2, begun: 0, direct, command: '' })
  }
}
