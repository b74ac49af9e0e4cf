// A master's clients: what each says, and how far each has come in the session's output. Whether one may
// connect, and what it is told, is not decided here.
import { Frames, reply } from '../frames.js'
import { Modes } from '../modes.js'
import { peer, type Socket } from '../sys/peer.js'
import { hold } from '../sys/repair.js'
import { isRaw } from '../sys/terminal.js'
import { VERSION, type Direct, type Reply, type Request } from '../wire.js'
import { Relay, tellModes, type Reader } from './channel.js'
import { NOTHING, giveBack, shut, type Client } from './client.js'
import { take } from './lent.js'
import type { Asked } from './state.js'
import type { Tape } from './tape.js'

/** The offset of what it types next, and whether this is a session. */
type Admission = Pick<Reply & { type: 'connected' }, 'input' | 'session'>

/** How long a client may say nothing at first, in milliseconds. */
const PATIENCE = 5000

/** How long what is lent may wait to be taken, in milliseconds. */
const STUCK = 500

/** Who is told what the clients do. */
export interface Listener {
  asked(id: number, request: Asked): void
  /** So many bytes of a buffer; the offset is missing where the master reads itself. Returns how much waits for the program now. */
  typed(id: number, bytes: Buffer, length: number, offset?: number): number
  /** The offset of what whoever is connected types next. */
  next(): number
  /** Somebody has had more of the output, or will have no more: there may be room on the tape. */
  moved(): void
  /** A descriptor is used directly from now on, or no more: nobody has been told yet. */
  switched(): void
  gone(id: number): void
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
    const deadline = setTimeout(() => to.drop(), PATIENCE)
    this.#clients.set(id, { peer: to, greeted: false, deadline, after: [], ...NOTHING })
  }

  /** Says something now. Who is told to go has his descriptors back first. */
  say(id: number, message: Reply): void {
    const client = this.#clients.get(id)
    if (client && message.type === 'bye') giveBack(client)
    client?.peer.send(message)
  }

  /** Says something after all the output so far. */
  tell(id: number, message: Reply): void {
    this.#clients.get(id)?.after.push(message)
    this.#pump(id)
  }

  /** Lets it have the session's output: what nobody has seen yet, or for a viewer what is to come. */
  admit(id: number, request: Asked & { type: 'connect' }, how: Admission): void {
    const client = this.#clients.get(id)
    if (!client) return
    const { viewer, saved, tty, rows, pid, kept } = request
    if (!viewer && rows > 0) this.resize(rows)
    const { missed, ...from } = viewer ? this.#tape.view(id, kept) : this.#tape.connect(id)
    const modes = viewer ? this.#modes.clone() : this.#modes
    modes.feed(missed)
    const send = (message: Reply): void => client.peer.send(message)
    client.reader = { id, tape: this.#tape, modes, send }
    client.channel = new Relay(client.reader)
    client.pid = pid
    client.saved = saved
    client.held = saved ? hold(tty) : undefined
    send({ type: 'connected', ...from, ...how, set: modes.set, undo: modes.undo })
    this.#pump(id)
    this.#listener.moved()
  }

  /** Which of a client's descriptors we use ourselves. */
  direct(id: number): Direct {
    const { channel, input } = this.#clients.get(id) ?? NOTHING
    return { input: input !== undefined, output: channel?.direct ?? false }
  }

  /** The program has accepted what it typed, up to this offset. A signaller is told of what went through it. */
  accepted(id: number, offset: number): void {
    const client = this.#clients.get(id)
    if (!client || (client.input && client.relayed === 0)) return
    const seen = client.input ? Math.min(offset, client.relayed) : offset
    if (seen === client.relayed) client.relayed = 0
    client.peer.send({ type: 'seen', offset: seen })
  }

  /** Nothing that anybody typed waits for the program any more. */
  drained(id: number): void {
    this.#clients.get(id)?.input?.accepted()
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
    if (!client) return
    giveBack(client)
    client.reader = client.channel = undefined
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

  /** There is more output: the first `length` bytes of a buffer. */
  add(bytes: Buffer, length: number): void {
    const missed = this.#tape.add(bytes, length)
    if (missed) this.#modes.feed(missed)
    for (const id of this.#clients.keys()) this.#pump(id)
  }

  #heard(id: number, request: Request): void {
    const client = this.#clients.get(id)
    if (!client) return
    client.input?.awake()
    if (request.type === 'hello') {
      client.greeted = true
      clearTimeout(client.deadline)
      client.peer.send({ type: 'hello', version: VERSION })
    } else if (!client.greeted) client.peer.drop()
    else if (request.type === 'seen') this.#seen(id, request.offset)
    else if (request.type === 'input') {
      const { bytes, offset } = request
      client.relayed = offset + bytes.length
      this.#listener.typed(id, bytes, bytes.length, offset)
    } else if (request.type === 'lend') {
      this.#lent(client, id, request)
    } else if (request.type === 'reclaim') this.#return(client, id)
    else if (request.type === 'settings' || request.type === 'start') client.peer.drop()
    else this.#listener.asked(id, request)
  }

  /**
   * It lends what it has: taken as soon as it has shown all it was sent. Who is through keeps it, and who
   * does not show it for a while, for meanwhile nobody reads what he types.
   */
  #lent(client: Client, id: number, lends: Request & { type: 'lend' }): void {
    if (client.over) return
    const { input, output } = this.direct(id)
    if (input || output) return client.peer.send({ type: 'lent', input, output })
    client.lends = lends
    setTimeout(() => {
      if (this.#clients.get(id)?.lends === lends) this.#return(client, id)
    }, STUCK)
    this.#pump(id)
  }

  #return(client: Client, id: number): void {
    giveBack(client)
    this.#listener.switched()
    client.peer.send({ type: 'returned', input: this.#listener.next() })
    this.#pump(id)
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
    shut(client)
    client.held?.repair(client.saved, client.reader?.modes.undo ?? '', isRaw)
    this.#forget(id)
    this.#clients.delete(id)
    this.#listener.gone(id)
  }

  #forget(id: number): void {
    const client = this.#clients.get(id)
    if (client) {
      shut(client)
      client.held?.release()
      client.held = client.reader = client.channel = undefined
    }
    this.#tape.leave(id)
    this.#listener.moved()
  }

  /** Gives it what it may have of the output, and then what it is to be told after that. */
  #pump(id: number): void {
    const client = this.#clients.get(id)
    if (!client?.reader) return
    if (client.lends) this.#take(client, client.reader)
    if (!client.lends) client.channel?.pump()
    if (client.after.length === 0 || !this.#tape.upToDate(id)) return
    for (const last of client.after.splice(0)) {
      giveBack(client)
      this.#listener.switched()
      if (last.type === 'stopped') tellModes(client.reader)
      if (last.type === 'ended') client.over = true
      client.peer.send(last)
    }
  }

  /** Takes what it lends, if all it was sent has been shown: until then it gets no more. */
  #take(client: Client, reader: Reader): void {
    const { lends, pid } = client
    const { id } = reader
    if (!lends || !this.#tape.settled(id)) return
    const ends = take(lends, pid, reader, {
      typed: (buffer, length) => this.#listener.typed(id, buffer, length),
      ended: some => client.peer.send({ type: 'eof', some }),
      moved: () => {
        this.#pump(id)
        this.#listener.moved()
      },
      broken: reason => client.peer.send({ type: 'broken', reason }),
    })
    client.lends = undefined
    client.input = ends.input
    client.channel = ends.output ?? client.channel
    this.#listener.switched()
    client.peer.send({ type: 'lent', ...this.direct(id) })
  }
}
