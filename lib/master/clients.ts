// A master's clients: what each says, and how far each has come in the session's output. Whether one may
// connect, and what it is told, is not decided here.
import { Modes } from '../modes.js'
import { peer, type Peer, type Socket } from '../sys/peer.js'
import { hold, type Held } from '../sys/repair.js'
import { isRaw } from '../sys/terminal.js'
import { Frames, reply } from '../frames.js'
import { CHUNK, VERSION, type Reply, type Request } from '../wire.js'
import type { Asked } from './state.js'
import type { Tape } from './tape.js'

/** How long a client may say nothing at first, in milliseconds. */
const PATIENCE = 5000

/** Who is told what the clients do. */
export interface Listener {
  asked(id: number, request: Asked): void
  typed(id: number, offset: number, bytes: Buffer): void
  /** Somebody has had more of the output, or will have no more: there may be room on the tape. */
  moved(): void
  gone(id: number): void
}

interface Client {
  peer: Peer<Reply>
  greeted: boolean
  /** When it has not greeted by then it is dropped. */
  deadline: NodeJS.Timeout
  /** What it is told once it has all the output so far. */
  after: Reply[]
  /** What its terminal has been told to do; undefined for one that gets no output. */
  modes: Modes | undefined
  /** Its terminal, and the terminal's own modes as it has told them. */
  held: Held | undefined
  saved: string
}

export class Clients {
  readonly #tape: Tape
  readonly #listener: Listener
  readonly #clients = new Map<number, Client>()
  /** What the programs have set on the terminal of whoever is connected, or was. */
  readonly #modes = new Modes()
  #last = 0

  constructor(tape: Tape, listener: Listener) {
    this.#tape = tape
    this.#listener = listener
  }

  get size(): number {
    return this.#clients.size
  }

  welcome(socket: Socket): void {
    const id = ++this.#last
    const heard = (request: Request): void => this.#heard(id, request)
    const to = peer(socket, Frames.requests(), reply, heard, () => this.#gone(id))
    const nothing = { after: [], modes: undefined, held: undefined, saved: '' }
    const deadline = setTimeout(() => to.drop(), PATIENCE)
    this.#clients.set(id, { peer: to, greeted: false, deadline, ...nothing })
  }

  /** Says something now. */
  say(id: number, message: Reply): void {
    this.#clients.get(id)?.peer.send(message)
  }

  /** Says something after all the output so far. */
  tell(id: number, message: Reply): void {
    this.#clients.get(id)?.after.push(message)
    this.#pump(id)
  }

  /** Lets it have the session's output: what nobody has seen yet, or for a viewer what is to come. */
  admit(id: number, request: Asked & { type: 'connect' }, input: number): void {
    const client = this.#clients.get(id)
    if (!client) return
    const { viewer, saved, tty, rows } = request
    if (!viewer && rows > 0) this.resize(rows)
    const { missed, ...from } = viewer ? this.#tape.view(id) : this.#tape.connect(id)
    const modes = viewer ? this.#modes.clone() : this.#modes
    modes.feed(missed)
    client.saved = saved
    client.modes = modes
    client.held = saved ? hold(tty) : undefined
    client.peer.send({ type: 'connected', ...from, input, set: modes.set, undo: modes.undo })
    this.#pump(id)
    this.#listener.moved()
  }

  /** Is a full-screen program running, as far as those who are connected have been shown? */
  get fullScreen(): boolean {
    return this.#modes.alternate
  }

  /** So high is the terminal of whoever is connected: a scroll region as high as that is none. */
  resize(rows: number): void {
    this.#modes.resize(rows)
  }

  /** It may still say what it has seen, but gets no more. */
  dismiss(id: number): void {
    const client = this.#clients.get(id)
    if (client) client.modes = undefined
  }

  /** It goes; what it has not seen is for the next connection. */
  part(id: number): void {
    this.#forget(id)
    this.#clients.get(id)?.peer.end()
  }

  /** It has broken a rule. */
  drop(id: number): void {
    this.#clients.get(id)?.peer.drop()
  }

  /** There is more output. */
  add(bytes: Buffer): void {
    const missed = this.#tape.add(bytes)
    if (missed) this.#modes.feed(missed)
    for (const id of this.#clients.keys()) this.#pump(id)
  }

  #heard(id: number, request: Request): void {
    const client = this.#clients.get(id)
    if (!client) return
    if (request.type === 'hello') {
      client.greeted = true
      clearTimeout(client.deadline)
      client.peer.send({ type: 'hello', version: VERSION })
    } else if (!client.greeted) client.peer.drop()
    else if (request.type === 'seen') this.#seen(id, request.offset)
    else if (request.type === 'input') this.#listener.typed(id, request.offset, request.bytes)
    else if (request.type === 'settings' || request.type === 'start') client.peer.drop()
    else this.#listener.asked(id, request)
  }

  #seen(id: number, offset: number): void {
    if (!this.#tape.seen(id, offset)) return this.drop(id)
    this.#pump(id)
    this.#listener.moved()
  }

  /** A terminal whose signaller went without a word is put right, if nobody else has. */
  #gone(id: number): void {
    const client = this.#clients.get(id)
    if (!client) return
    clearTimeout(client.deadline)
    client.held?.repair(client.saved, client.modes?.undo ?? '', isRaw)
    this.#forget(id)
    this.#clients.delete(id)
    this.#listener.gone(id)
  }

  #forget(id: number): void {
    const client = this.#clients.get(id)
    client?.held?.release()
    if (client) client.held = client.modes = undefined
    this.#tape.leave(id)
    this.#listener.moved()
  }

  /** Sends it what it may have of the output, and then what it is to be told after that. */
  #pump(id: number): void {
    const client = this.#clients.get(id)
    if (!client?.modes) return
    const { peer, modes, after } = client
    for (let piece = this.#tape.next(id, CHUNK); piece; piece = this.#tape.next(id, CHUNK)) {
      const { offset, bytes, lost } = piece
      if (lost)
        peer.send({ type: 'notice', text: `pty: warning: ${lost} bytes of output were not kept` })
      // What is to be set again matters only when the terminal is left for a while: it is told then.
      const { undo } = modes
      if (modes.feed(bytes) && modes.undo !== undo) tellModes(client)
      peer.send({ type: 'output', offset, bytes })
    }
    if (!this.#tape.upToDate(id)) return
    for (const last of after.splice(0)) {
      if (last.type === 'stopped') tellModes(client)
      peer.send(last)
    }
  }
}

function tellModes({ peer, modes }: Client): void {
  if (modes) peer.send({ type: 'modes', set: modes.set, undo: modes.undo })
}
