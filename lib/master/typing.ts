// Whose the bytes are that wait for the program: the connection's, or those of somebody who types from outside.
// Each has offsets of his own; what the program accepts, it accepts in the order in which it came.

/** Whoever is connected. */
export const CONNECTION = 0

interface Turn {
  id: number
  left: number
}

export class Typing {
  readonly #turns: Turn[] = [{ id: CONNECTION, left: 0 }]
  readonly #typed = new Map<number, number>()
  readonly #accepted = new Map<number, number>()

  /** So many bytes of somebody's wait now. */
  typed(id: number, count: number): void {
    this.#typed.set(id, this.next(id) + count)
    const last = this.#turns.at(-1)
    if (last && (last.id === id || last.left === 0)) {
      last.id = id
      last.left += count
    } else this.#turns.push({ id, left: count })
  }

  /** The program has accepted so many: `tell` hears whose, and up to which offset. */
  accepted(count: number, tell: (id: number, offset: number) => void): void {
    for (let first = this.#turns[0]; first && count > 0; first = this.#turns[0]) {
      const { id } = first
      const part = Math.min(count, first.left)
      first.left -= part
      count -= part
      const offset = (this.#accepted.get(id) ?? 0) + part
      this.#accepted.set(id, offset)
      if (first.left === 0 && this.#turns.length > 1) this.#turns.shift()
      tell(id, offset)
      if (part === 0) return
    }
  }

  /** The offset of what somebody types next. */
  next(id: number): number {
    return this.#typed.get(id) ?? 0
  }

  /** He has gone; what he typed still waits. */
  forget(id: number): void {
    this.#typed.delete(id)
    this.#accepted.delete(id)
  }
}
