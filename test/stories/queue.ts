// What has still to happen in a story, in order: nobody hears a message before its sender is done.

export class Queue {
  readonly #waiting: (() => void)[] = []
  #busy = false

  /** Does it after all that waits; returns when everything that follows from it is done, too. */
  add(what: () => void): void {
    this.#waiting.push(what)
    if (this.#busy) return
    this.#busy = true
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) next()
    this.#busy = false
  }
}
