// Whose the bytes are that wait for the program: the connection's, or those of somebody who types from outside.
// Each has offsets of his own; what the program accepts, it accepts in the order in which it came.

/** How much of what one client typed may wait for the program, in bytes: ours send less. */
export const LIMIT = 1048576

/** How much of all that was typed may wait before nobody else may type from outside, in bytes. */
export const ALL = 16 * LIMIT

/** Whoever is connected. */
export const CONNECTION = 0

/** How far somebody is: what he has typed, and how much of it was accepted. */
interface Place {
  typed: number
  accepted: number
}

export class Typing {
  /** What waits, in order; the last turn stays, and is used again. */
  readonly #turns = [{ id: CONNECTION, left: 0 }]
  readonly #places = new Map<number, Place>()

  /** So many bytes of somebody's wait now. */
  typed(id: number, count: number): void {
    const place = this.#places.get(id)
    if (place) place.typed += count
    else this.#places.set(id, { typed: count, accepted: 0 })
    const last = this.#turns.at(-1)
    if (last && (last.id === id || last.left === 0)) {
      last.id = id
      last.left += count
    } else this.#turns.push({ id, left: count })
  }

  /** The program has accepted so many: `tell` hears whose, and up to which offset, unless he has gone. */
  accepted(count: number, tell: (id: number, offset: number) => void): void {
    for (let first = this.#turns[0]; first && count > 0; first = this.#turns[0]) {
      const { id } = first
      const part = Math.min(count, first.left)
      if (part === 0) return
      first.left -= part
      count -= part
      if (first.left === 0 && this.#turns.length > 1) this.#turns.shift()
      const place = this.#places.get(id)
      if (!place) continue
      place.accepted += part
      tell(id, place.accepted)
    }
  }

  /** The offset of what somebody types next. */
  next(id: number): number {
    return this.#places.get(id)?.typed ?? 0
  }

  /** How much of what he typed was not accepted yet. */
  waiting(id: number): number {
    const place = this.#places.get(id)
    return place ? place.typed - place.accepted : 0
  }

  /** He has gone; what he typed still waits. */
  forget(id: number): void {
    this.#places.delete(id)
  }
}
