// Recordings as they are made: events get their times and become lines, of which none is ever half written.
// What there was no room for is missing, and marked so.
import { head, lines } from './cast.js'
import type { Event, Header } from './event.js'
import { Characters } from './utf8.js'

/** Takes all of the text and returns undefined; or none of it, and returns why. */
export type Put = (text: string) => string | undefined

export class Recording {
  readonly #put: Put
  readonly #failed: (why: string) => void
  readonly #begun = performance.now()
  readonly #characters = { output: new Characters(), input: new Characters() }
  /** When the last event was, in microseconds. */
  #last = 0
  /** What must come before everything else. */
  #first: string
  /** How many bytes must be marked as missing before anything else is recorded. */
  #gap = 0
  #trouble = false
  #bytes = 0
  #missing = 0

  /**
   * `failed` is told why it cannot be written, the first time. It goes on where one breaks off if `before` is
   * given: what must come before any more lines.
   */
  constructor(put: Put, header: Header, failed: (why: string) => void, before?: string) {
    const { columns, rows } = header
    const size = { type: 'size', columns, rows } as const
    this.#put = put
    this.#failed = failed
    this.#first = before === undefined ? head(header) : before + lines({ wait: 0, event: size })
    // So that it is a recording even if nothing happens.
    this.#write('', this.#last)
  }

  /** Could something not be written? */
  get failed(): boolean {
    return this.#trouble
  }

  /** How many bytes of what happened are in it, and how many should be and are not. */
  get bytes(): number {
    return this.#bytes
  }

  get missing(): number {
    return this.#missing
  }

  /** Records what happens now. Bytes may wait until they are whole characters. */
  add(event: Event): void {
    if (event.type !== 'output' && event.type !== 'input') return this.#take(event, 0)
    const bytes = this.#characters[event.type].whole(event.bytes)
    if (bytes.length > 0) this.#take({ ...event, bytes }, bytes.length)
  }

  /** No bytes come any more. */
  end(): void {
    for (const type of ['output', 'input'] as const) {
      const bytes = this.#characters[type].end()
      if (bytes.length > 0) this.#take({ type, bytes }, bytes.length)
    }
  }

  #take(event: Event, bytes: number): void {
    const now = Math.round((performance.now() - this.#begun) * 1000)
    const label = `${this.#gap} bytes are missing here`
    const gap = this.#gap > 0 ? lines({ wait: 0, event: { type: 'mark', label } }) : ''
    if (this.#write(gap + lines({ wait: (now - this.#last) / 1e6, event }), now)) {
      this.#gap = 0
      this.#bytes += bytes
    } else {
      this.#gap += bytes
      this.#missing += bytes
    }
  }

  #write(text: string, now: number): boolean {
    const why = this.#first + text === '' ? undefined : this.#put(this.#first + text)
    if (why === undefined) {
      this.#first = ''
      this.#last = now
      return true
    }
    const first = !this.#trouble
    this.#trouble = true
    if (first) this.#failed(why)
    return false
  }
}
