// When a session that nobody is connected to ends.
import type { State } from './state.js'

/** How long an ended session waits for somebody to see it, in milliseconds: a day. */
const REMEMBERED = 24 * 60 * 60 * 1000

/** The longest that setTimeout can wait, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1

export class Expiry {
  readonly #limit: number
  readonly #over: () => void
  /** Since when nobody is connected. */
  #idle: number | undefined
  #timer: NodeJS.Timeout | undefined

  /** `over` is called when nobody was connected for so many minutes: 0 is never, or a day for one that has ended. */
  constructor(minutes: number, over: () => void) {
    this.#limit = minutes * 60000
    this.#over = over
  }

  /** Looks at how the session is now. */
  look(state: State): void {
    const { connection, leaving, ended } = state
    clearTimeout(this.#timer)
    const limit = this.#limit || (ended === undefined ? 0 : REMEMBERED)
    if (connection || leaving || limit === 0) this.#idle = undefined
    else this.#idle ??= performance.now()
    if (this.#idle === undefined) return
    const rest = this.#idle + limit - performance.now()
    if (rest <= 0) return this.#over()
    this.#timer = setTimeout(() => this.look(state), Math.min(rest, LONGEST_TIMER))
  }
}
