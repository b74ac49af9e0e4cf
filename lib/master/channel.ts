// How a client gets the session's output: in messages through its signaller, or directly on the descriptor
// that the signaller lent, which costs least (DESIGN 5). When it may have what is the tape's business.
import { code, reason } from '../die.js'
import type { Modes } from '../modes.js'
import { Outlet, type Line } from '../sys/flow.js'
import { CHUNK, type Reply } from '../wire.js'
import type { Tape } from './tape.js'

export interface Channel {
  /** Does the master write itself? */
  readonly direct: boolean
  /** Gives the client what it may have of the output. */
  pump(): void
  /** Gives it no more; what it has not had is for the next connection. */
  shut(): void
}

/** Whose output it is: where he is on the tape, what his terminal has been told to do, how he is spoken to. */
export interface Reader {
  id: number
  tape: Tape
  modes: Modes
  send: (message: Reply) => void
}

/** Tells a signaller what it would have to undo, and to set again. */
export function tellModes({ modes, send }: Reader): void {
  send({ type: 'modes', set: modes.set, undo: modes.undo })
}

function tellLoss({ send }: Reader, lost: number): void {
  send({ type: 'notice', text: `pty: warning: ${lost} bytes of output were not kept` })
}

/** Output in messages. */
export class Relay implements Channel {
  readonly direct = false
  readonly #reader: Reader

  constructor(reader: Reader) {
    this.#reader = reader
  }

  pump(): void {
    const { id, tape, modes, send } = this.#reader
    for (let piece = tape.next(id, CHUNK); piece; piece = tape.next(id, CHUNK)) {
      const { offset, bytes, lost } = piece
      if (lost) tellLoss(this.#reader, lost)
      // What is to be set again matters only when the terminal is left for a while: it is told then.
      const { undo } = modes
      if (modes.feed(bytes) && modes.undo !== undo) tellModes(this.#reader)
      send({ type: 'output', offset, bytes })
    }
  }

  shut(): void {
    // the messages that are under way are the signaller's
  }
}

/** So much is written at once, in bytes. */
const MOST = 65536

/** How soon a signaller is told again what it would have to undo if its master died, in milliseconds. */
const SOON = 100

/** Output directly. */
export class Direct implements Channel {
  readonly direct = true
  readonly #reader: Reader
  readonly #outlet: Outlet
  readonly #moved: () => void
  #pumping = false
  #over = false
  #told: string
  #timer: NodeJS.Timeout | undefined

  /** `moved` when the other side has taken what it did not take at once; `broken`, with the reason, when it takes no more. */
  constructor(reader: Reader, to: number | Line, moved: () => void, broken: (why: string) => void) {
    this.#reader = reader
    this.#moved = moved
    this.#told = reader.modes.undo
    const failed = (error: unknown): void => {
      this.#over = true
      broken(code(error) === 'EPIPE' ? '' : reason(error))
    }
    this.#outlet = new Outlet(to, (count, bytes, from) => this.#took(count, bytes, from), failed)
  }

  pump(): void {
    const { id, tape } = this.#reader
    this.#pumping = true
    while (this.#outlet.waiting === 0 && !this.#over) {
      const ready = Math.min(tape.ahead(id), MOST)
      if (tape.lost) tellLoss(this.#reader, tape.lost)
      if (ready === 0) break
      this.#outlet.write(tape.ring, tape.place, tape.place + ready)
    }
    this.#pumping = false
  }

  shut(): void {
    clearTimeout(this.#timer)
    this.#over = this.#pumping = true
    this.#outlet.shut()
  }

  #took(count: number, bytes: Buffer, from: number): void {
    const { id, tape, modes } = this.#reader
    tape.took(id, count)
    if (modes.note(bytes, from, from + count)) this.#changed()
    if (!this.#pumping) this.#moved()
  }

  /** Told at once, and then not again too soon: what is coloured changes with every line. */
  #changed(): void {
    if (this.#timer || this.#told === this.#reader.modes.undo) return
    const { undo } = this.#reader.modes
    this.#told = undo
    tellModes(this.#reader)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#changed()
    }, SOON)
  }
}
