// Looks for a string in bytes that come one after the other, and need not ask for one behind its end.

export class Search {
  readonly #sought: Buffer
  /** For so many bytes that fit: how many fit still, if the next one does not. */
  readonly #back: number[] = [0]
  #fitting = 0

  constructor(sought: Buffer) {
    this.#sought = sought
    let fitting = 0
    for (let at = 1; at < sought.length; at++) {
      fitting = this.#fit(fitting, sought[at] ?? 0)
      this.#back[at] = fitting
    }
  }

  /** How many bytes may be read now: with fewer it cannot be found. 0 when it is. */
  get most(): number {
    return this.#sought.length - this.#fitting
  }

  /** Looks at the next bytes, at most so many. */
  feed(bytes: Buffer): void {
    for (const byte of bytes) this.#fitting = this.#fit(this.#fitting, byte)
  }

  /** Looks at the next bytes, however many. Has it been found among them? */
  find(bytes: Buffer): boolean {
    for (const byte of bytes) {
      this.#fitting = this.#fit(this.#fitting, byte)
      if (this.most === 0) return true
    }
    return false
  }

  /** So many bytes fitted; how many do with this one? */
  #fit(fitting: number, byte: number): number {
    while (fitting > 0 && this.#sought[fitting] !== byte) fitting = this.#back[fitting - 1] ?? 0
    return this.#sought[fitting] === byte ? fitting + 1 : 0
  }
}
