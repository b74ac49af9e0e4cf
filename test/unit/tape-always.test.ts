import { randomBytes } from 'node:crypto'
import { equal, ok } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { Tape, WINDOW, type Policy } from '../../lib/master/tape.js'

/** All that is ever said here: a tape is right if it says the same. */
const ALL = randomBytes(6_000_000)

/** What a reader was sent and has seen. */
interface Reader {
  sent: number
  seen: number
}

/** A tape beside all that was ever said, and what must hold between them at each step. */
class Pair {
  readonly #policy: Policy
  readonly #size: number
  readonly #tape: Tape
  #awaited: boolean
  #end = 0
  /** Where the next connection goes on, and how far the output was sent to one or is known to be missed. */
  #seen = 0
  #passed = 0
  #main: number | undefined
  #last = 0
  readonly #readers = new Map<number, Reader>()

  constructor(policy: Policy, size: number, awaited: boolean) {
    this.#policy = policy
    this.#size = size
    this.#awaited = awaited
    this.#tape = new Tape(policy, size, awaited)
  }

  get #expected(): boolean {
    return this.#main !== undefined || this.#awaited
  }

  get #room(): number {
    const unseen = this.#end - this.#seen
    if (this.#expected) return WINDOW - unseen
    return this.#policy === 'block' ? this.#size - unseen : Infinity
  }

  #drop(): void {
    if (this.#policy === 'drop' && !this.#expected) this.#seen = this.#end
  }

  #missed(bytes: Buffer): void {
    ok(bytes.equals(ALL.subarray(this.#passed, this.#passed + bytes.length)), 'what is missed')
  }

  /** The program writes, if it is read. */
  add(length: number): void {
    equal(this.#tape.room, this.#room, 'room')
    if (this.#room <= 0 || this.#end + length > ALL.length) return
    const missed = this.#tape.add(ALL.subarray(this.#end, this.#end + length))
    this.#end += length
    if (missed) {
      this.#missed(missed)
      this.#passed += missed.length
      ok(!this.#expected, 'nothing is missed by who is there or awaited')
    }
    this.#drop()
  }

  connect(): void {
    if (this.#main !== undefined) return
    const keeps = this.#policy === 'keep' && !this.#awaited
    const from = keeps ? Math.max(this.#seen, this.#end - this.#size) : this.#seen
    const id = ++this.#last
    const { offset, lost, live, missed } = this.#tape.connect(id)
    equal(offset, from, 'as much as is kept')
    equal(lost, from - this.#seen, 'and no more is lost')
    equal(live, this.#awaited ? from : this.#end)
    this.#missed(missed)
    equal(missed.length, Math.max(0, from - this.#passed))
    this.#passed += missed.length
    this.#main = id
    this.#seen = from
    this.#awaited = false
    this.#readers.set(id, { sent: from, seen: from })
  }

  view(): void {
    const id = ++this.#last
    const { offset, lost, live, missed } = this.#tape.view(id)
    equal(offset, this.#end)
    equal(lost, 0)
    equal(live, this.#end)
    this.#missed(missed)
    equal(missed.length, this.#end - this.#passed)
    this.#readers.set(id, { sent: offset, seen: offset })
  }

  #reader(nth: number): [number, Reader] | undefined {
    return [...this.#readers][nth % this.#readers.size]
  }

  leave(nth: number): void {
    const [id] = this.#reader(nth) ?? []
    if (id === undefined) return
    this.#tape.leave(id)
    this.#readers.delete(id)
    equal(this.#tape.next(id, 1000), undefined, 'who left gets no more')
    if (id !== this.#main) return
    this.#main = undefined
    this.#drop()
  }

  forsake(): void {
    this.#tape.forsake()
    this.#awaited = false
    this.#drop()
  }

  next(nth: number, length: number): void {
    const [id, reader] = this.#reader(nth) ?? []
    if (id === undefined || !reader) return
    const piece = this.#tape.next(id, length)
    if (!piece) return this.#nothing(id, reader)
    const { offset, bytes, lost } = piece
    const to = offset + bytes.length
    ok(bytes.length > 0 && bytes.length <= length, 'a piece')
    ok(bytes.equals(ALL.subarray(offset, to)), 'of what was said')
    equal(offset - lost, reader.sent, 'where the last one ended')
    if (id === this.#main) equal(lost, 0, 'all of it for the connection')
    if (lost > 0) {
      ok(this.#end - reader.sent > WINDOW, 'and for a viewer that is not far behind')
      equal(reader.seen, reader.sent, 'which is not sent more than it sees')
      reader.seen = offset
    }
    reader.sent = to
    ok(to - reader.seen <= WINDOW, 'no more than a window is unseen')
    if (id === this.#main) {
      ok(offset <= this.#passed)
      this.#passed = Math.max(this.#passed, to)
    }
  }

  /** Who has seen all that he was sent gets more if there is more. */
  #nothing(id: number, { sent, seen }: Reader): void {
    equal(this.#tape.upToDate(id), sent === this.#end)
    ok(seen < sent || sent === this.#end, 'there is more')
  }

  see(nth: number, part: number): void {
    const [id, reader] = this.#reader(nth) ?? []
    if (id === undefined || !reader) return
    const offset = reader.seen + Math.round((reader.sent - reader.seen) * part)
    ok(!this.#tape.seen(id, reader.sent + 1))
    ok(this.#tape.seen(id, offset))
    if (offset > 0) ok(!this.#tape.seen(id, offset - 1))
    reader.seen = offset
    if (id === this.#main) this.#seen = offset
  }
}

const nth = fc.nat(3)
const length = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 65536 }))

const doing = fc.oneof<fc.WeightedArbitrary<(pair: Pair) => void>[]>(
  { weight: 8, arbitrary: length.map(n => pair => pair.add(n)) },
  { weight: 2, arbitrary: fc.constant(pair => pair.connect()) },
  { weight: 1, arbitrary: fc.constant(pair => pair.view()) },
  { weight: 1, arbitrary: nth.map(n => pair => pair.leave(n)) },
  { weight: 1, arbitrary: fc.constant(pair => pair.forsake()) },
  {
    weight: 6,
    arbitrary: fc.tuple(nth, length).map(
      ([n, most]) =>
        pair =>
          pair.next(n, most),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(nth, fc.constantFrom(0, 0.3, 1, 1)).map(
      ([n, part]) =>
        pair =>
          pair.see(n, part),
    ),
  },
)

t.test(
  'whatever happens, everybody gets what was said, or is told how much he does not',
  async () => {
    const pair = fc.tuple(
      fc.constantFrom<Policy>('keep', 'block', 'drop'),
      fc.constantFrom(0, 1, 1000, 100_000, 262_144, 500_000),
      fc.boolean(),
    )
    fc.assert(
      fc.property(pair, fc.array(doing, { maxLength: 150, size: 'max' }), (how, what) => {
        const one = new Pair(...how)
        for (const act of what) act(one)
      }),
      { numRuns: 500 },
    )
  },
)
