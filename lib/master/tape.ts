// The session's output: what is kept of it, who has had how much, and how much more may be read.
// Offsets count bytes from the session's birth. No input or output here.

/** What happens to output while nobody is connected (DESIGN 5). */
export type Policy = 'keep' | 'block' | 'drop'

/** The most that a reader is sent before it says that it has seen it, in bytes. */
export const WINDOW = 131072

/** What one read can bring beyond what there was room for. */
const SLACK = 65536

interface Reader {
  sent: number
  seen: number
}

/** A piece of output for a reader; `lost` is how many bytes before it are gone for good. */
export interface Piece {
  offset: number
  bytes: Buffer
  lost: number
}

/**
 * Where a reader's output begins, how many bytes before it are lost, and where what is new from now on
 * begins. `missed` is what comes before and was sent to no connection yet.
 */
export interface Start {
  offset: number
  lost: number
  live: number
  missed: Buffer
}

export class Tape {
  readonly #policy: Policy
  readonly #size: number
  readonly #capacity: number
  #ring = Buffer.alloc(4096)
  #base = 0
  #end = 0
  /** Everything before it has been delivered to a connection. */
  #seen = 0
  /** Everything before it was sent to a connection once, or returned as missed. */
  #passed = 0
  #main: number | undefined
  /** What `ahead` found. */
  place = 0
  lost = 0
  /** Is a connection sure to come? Then nothing is dropped meanwhile. */
  #awaited: boolean
  readonly #readers = new Map<number, Reader>()

  constructor(policy: Policy, size: number, awaited: boolean) {
    this.#policy = policy
    this.#size = size
    this.#capacity = Math.max(size, WINDOW) + SLACK
    this.#awaited = awaited
  }

  get end(): number {
    return this.#end
  }

  /** How many bytes may be read now; the program waits while there is no room. */
  get room(): number {
    const unseen = this.#end - this.#seen
    if (this.#main !== undefined || this.#awaited) return WINDOW - unseen
    return this.#policy === 'block' ? this.#size - unseen : Infinity
  }

  /** Adds the first `length` bytes as output. What falls out of the tape without having been sent to a connection is returned. */
  add(bytes: Buffer, length = bytes.length): Buffer | undefined {
    const base = this.#end + length - this.#capacity
    const missed = base > this.#passed ? this.#pass(base) : undefined
    this.#base = Math.max(base, this.#base)
    this.#grow(length)
    this.#put(bytes, length)
    if (this.#dropping) this.#seen = this.#end
    return missed
  }

  /** Lets a connection have the output from where the last one left off, as far as it is kept. */
  connect(id: number): Start {
    const kept = this.#policy === 'keep' && !this.#awaited ? this.#end - this.#size : this.#base
    const offset = Math.max(this.#seen, this.#base, kept)
    const lost = offset - this.#seen
    // Who was awaited has missed nothing, however soon the program wrote.
    const live = this.#awaited ? offset : this.#end
    this.#seen = offset
    this.#main = id
    this.#awaited = false
    this.#readers.set(id, { sent: offset, seen: offset })
    return { offset, lost, live, missed: this.#pass(offset) }
  }

  /** Lets a viewer have the output from now on, and so many bytes before as are kept. */
  view(id: number, kept = 0): Start {
    const live = this.#end
    const offset = Math.max(live - kept, this.#base)
    this.#readers.set(id, { sent: offset, seen: offset })
    return { offset, lost: 0, live, missed: this.#slice(this.#passed, live) }
  }

  /** The reader has had everything before `offset`. False if it cannot have. */
  seen(id: number, offset: number): boolean {
    const reader = this.#readers.get(id)
    if (!reader) return true
    if (offset < reader.seen || offset > reader.sent) return false
    reader.seen = offset
    if (id === this.#main) this.#seen = offset
    return true
  }

  /** The reader gets no more; what it has not seen is for the next connection. */
  leave(id: number): void {
    this.#readers.delete(id)
    if (id !== this.#main) return
    this.#main = undefined
    if (this.#dropping) this.#seen = this.#end
  }

  /** Nobody is coming after all. */
  forsake(): void {
    this.#awaited = false
    if (this.#dropping) this.#seen = this.#end
  }

  /**
   * The next piece for a reader, at most `length` bytes; undefined if it has all or enough for now. One for
   * whom the next bytes were not kept gets no others before it has seen what it was sent.
   */
  next(id: number, length: number): Piece | undefined {
    const reader = this.#readers.get(id)
    if (!reader) return undefined
    const offset = Math.max(reader.sent, this.#base)
    const lost = offset - reader.sent
    if (lost && reader.seen < reader.sent) return undefined
    if (lost) reader.seen = offset
    const to = Math.min(this.#end, offset + length, reader.seen + WINDOW)
    if (to <= offset) return undefined
    reader.sent = to
    if (id === this.#main) this.#passed = Math.max(this.#passed, to)
    return { offset, bytes: this.#slice(offset, to), lost }
  }

  /**
   * How many bytes lie ready in `ring`, from `place` on, for a reader who takes them from there: as many as
   * lie together. What it was to have before and was not kept is skipped: `lost`.
   */
  ahead(id: number): number {
    const reader = this.#readers.get(id)
    if (!reader) return 0
    const offset = Math.max(reader.sent, this.#base)
    this.lost = offset - reader.sent
    reader.sent = reader.seen = offset
    this.place = offset % this.#ring.length
    return Math.min(this.#end - offset, this.#ring.length - this.place)
  }

  get ring(): Buffer {
    return this.#ring
  }

  /** The reader has taken so many bytes from where it was. */
  took(id: number, count: number): void {
    const reader = this.#readers.get(id)
    if (!reader) return
    reader.sent = reader.seen = reader.sent + count
    if (id !== this.#main) return
    this.#seen = reader.seen
    this.#passed = Math.max(this.#passed, this.#seen)
  }

  /** Has the reader said of everything it was sent that it has seen it? */
  settled(id: number): boolean {
    const reader = this.#readers.get(id)
    return reader !== undefined && reader.sent === reader.seen
  }

  /** Has the reader been sent everything? */
  upToDate(id: number): boolean {
    return this.#readers.get(id)?.sent === this.#end
  }

  get #dropping(): boolean {
    return this.#policy === 'drop' && this.#main === undefined && !this.#awaited
  }

  /** The ring grows as it is used, so that a quiet session stays small. */
  #grow(more: number): void {
    const needed = Math.min(this.#end - this.#base + more, this.#capacity)
    if (needed <= this.#ring.length) return
    const size = Math.min(this.#capacity, Math.max(needed, this.#ring.length * 4))
    const kept = this.#slice(this.#base, this.#end)
    this.#ring = Buffer.alloc(size)
    this.#end = this.#base
    this.#put(kept, kept.length)
  }

  /** A byte's place in the ring is its offset modulo the ring's length. */
  #put(bytes: Buffer, length: number): void {
    const ring = this.#ring
    const place = this.#end % ring.length
    const first = bytes.copy(ring, place, 0, length)
    if (first < length) bytes.copy(ring, 0, first, length)
    this.#end += length
  }

  /** Returns what comes before `to` and was not passed yet. */
  #pass(to: number): Buffer {
    const bytes = this.#slice(this.#passed, to)
    this.#passed = Math.max(this.#passed, to)
    return bytes
  }

  #slice(from: number, to: number): Buffer {
    const ring = this.#ring
    const start = Math.max(from, this.#base)
    const length = Math.max(0, to - start)
    const place = start % ring.length
    const slice = Buffer.alloc(length)
    const first = ring.copy(slice, 0, place, Math.min(ring.length, place + length))
    ring.copy(slice, first, 0, length - first)
    return slice
  }
}
