// What a user types, read by the master itself from the descriptor that his signaller lent.
import type { Inlet } from '../sys/flow.js'
import type { Taken } from '../sys/line.js'
import { processOf } from '../sys/processes.js'

/** Who is told what is typed. */
export interface Listener {
  /** The first `length` bytes of a buffer that does not stay as it is. Returns how much waits for the program now. */
  typed(buffer: Buffer, length: number): number
  /** It has ended, and the program has accepted all of it: did it give anything? */
  ended(some: boolean): void
}

/** How often it is looked whether the signaller was stopped, in milliseconds: then what is typed is not for us. */
const OFTEN = 100

export class Input {
  readonly #signaller: number
  readonly #listener: Listener
  readonly #inlet: Inlet
  #some = false
  #full = false
  #ended = false
  #over = false
  #halted = false
  #looked = 0

  /** `open` begins to read, as soon as it is told to. */
  constructor(
    signaller: number,
    open: (taken: Taken, ended: () => void) => Inlet,
    listener: Listener,
  ) {
    this.#signaller = signaller
    this.#listener = listener
    this.#inlet = open(
      (buffer, length) => this.#taken(buffer, length),
      () => this.#end(),
    )
    this.#regulate()
  }

  /** The program has accepted all that was typed. */
  accepted(): void {
    this.#full = false
    this.#regulate()
  }

  /** The signaller runs. */
  awake(): void {
    if (!this.#halted) return
    this.#halted = false
    this.#regulate()
  }

  shut(): void {
    this.#over = true
    this.#inlet.shut()
  }

  #taken(buffer: Buffer, length: number): void {
    this.#some = true
    this.#full = this.#listener.typed(buffer, length) > 0
    const now = performance.now()
    if (now - this.#looked > OFTEN) {
      this.#looked = now
      this.#halted = processOf(this.#signaller)?.state === 'T'
    }
    if (this.#full || this.#halted) this.#inlet.pause()
  }

  #end(): void {
    this.#ended = true
    this.#regulate()
  }

  #regulate(): void {
    if (this.#full || this.#over) return
    if (!this.#ended) return this.#halted ? undefined : this.#inlet.resume()
    this.#over = true
    this.#listener.ended(this.#some)
  }
}
