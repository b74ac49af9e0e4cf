// When the moments of a recording are due as it is played: at its speed, with no wait longer than wanted,
// and all of it later by every pause. Times are milliseconds; waits are the recording's, in seconds.

export class Pace {
  readonly #speed: number
  readonly #idle: number
  #due: number
  #since: number | undefined

  constructor(speed: number, idle: number, now: number) {
    this.#speed = speed
    this.#idle = idle
    this.#due = now
  }

  /** The next moment comes so many seconds after the last one. */
  next(wait: number): void {
    this.#due += (Math.min(wait, this.#idle) * 1000) / this.#speed
  }

  /** How long it is still to come; as long as there is a pause, for ever. */
  rest(now: number): number {
    return this.#since === undefined ? Math.max(0, this.#due - now) : Infinity
  }

  get paused(): boolean {
    return this.#since !== undefined
  }

  /** Begins a pause, or ends it. */
  pause(wanted: boolean, now: number): void {
    if (this.#since !== undefined) this.later(now - this.#since)
    this.#since = wanted ? now : undefined
  }

  /** All that follows comes so much later: nothing could be shown meanwhile. */
  later(time: number): void {
    this.#due += time
  }
}
