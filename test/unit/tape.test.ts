import t from 'tap'
import { Tape, WINDOW, type Policy, type Start } from '../../lib/master/tape.js'

/** Output whose every byte tells its place. */
const said = (from: number, to: number): Buffer =>
  Buffer.from(Array.from({ length: to - from }, (_, n) => ((from + n) * 7919) >> 4))

/** A tape with so much on it; whoever it awaits, if anybody, is client 1. */
function tape(policy: Policy, size: number, length: number, awaited = false): Tape {
  const made = new Tape(policy, size, awaited)
  add(made, length)
  return made
}

/** Adds as much output, in pieces as they are read. */
function add(to: Tape, length: number): void {
  for (const end = to.end + length; to.end < end;) {
    to.add(said(to.end, Math.min(end, to.end + 4095)))
  }
}

/** Sends a reader what it may have: where it begins, its end, and what was lost before. */
function send(from: Tape, id: number, length = 65536): [from: number, to: number, lost: number][] {
  const pieces: [number, number, number][] = []
  for (let piece = from.next(id, length); piece; piece = from.next(id, length)) {
    const { offset, bytes, lost } = piece
    const to = offset + bytes.length
    if (!bytes.equals(said(offset, to)))
      throw new Error(`not what was said from ${offset} to ${to}`)
    pieces.push([offset, to, lost])
  }
  return pieces
}

/** Sends a reader all, and lets it have seen that. */
function show(from: Tape, id: number): void {
  while (!from.upToDate(id)) from.seen(id, send(from, id).at(-1)?.[1] ?? NaN)
}

const place = ({ offset, lost, live }: Start): number[] => [offset, lost, live]

t.test('a connection gets the output in pieces, and no more than its window unseen', async t => {
  const one = tape('keep', 1000, 0)
  t.strictSame(place(one.connect(1)), [0, 0, 0])
  t.equal(one.next(1, 100), undefined)
  add(one, 250)
  t.strictSame(send(one, 1, 100), [
    [0, 100, 0],
    [100, 200, 0],
    [200, 250, 0],
  ])
  t.equal(one.upToDate(1), true)
  add(one, WINDOW)
  t.equal(one.upToDate(1), false)
  t.strictSame(send(one, 1, WINDOW), [[250, WINDOW, 0]], 'all of it is unseen')
  t.equal(one.seen(1, 150), true)
  t.strictSame(send(one, 1), [[WINDOW, WINDOW + 150, 0]])
})

t.test('nobody can have seen what he was not sent, nor unsee what he has', async t => {
  const one = tape('keep', 1000, 500)
  one.connect(1)
  send(one, 1, 500)
  t.equal(one.seen(1, 501), false)
  t.equal(one.seen(1, 400), true)
  t.equal(one.seen(1, 400), true)
  t.equal(one.seen(1, 399), false)
  t.equal(one.seen(2, 9999), true, 'who is no reader may say what he likes')
})

t.test(
  'the program waits for who is connected or awaited, and else for nobody but block',
  async t => {
    const table: [policy: Policy, awaited: boolean, connected: boolean, room: number][] = [
      ['keep', false, false, Infinity],
      ['drop', false, false, Infinity],
      ['block', false, false, 400],
      ['keep', false, true, WINDOW - 600],
      ['block', false, true, WINDOW - 600],
      ['drop', false, true, WINDOW],
      ['keep', true, false, WINDOW - 600],
      ['block', true, false, WINDOW - 600],
      ['drop', true, false, WINDOW - 600],
      ['drop', true, true, WINDOW - 600],
    ]
    for (const [policy, awaited, connected, room] of table) {
      const one = tape(policy, 1000, 600, awaited)
      if (connected) one.connect(1)
      t.equal(one.room, room, `${policy}, awaited ${awaited}, connected ${connected}`)
    }
    const one = tape('block', 1000, 1000)
    t.equal(one.room, 0)
    one.connect(1)
    send(one, 1)
    t.equal(one.room, WINDOW - 1000, 'what is sent is not seen')
    one.seen(1, 700)
    t.equal(one.room, WINDOW - 300)
    one.leave(1)
    t.equal(one.room, 700)
  },
)

t.test('what nobody saw is kept, blocked or dropped for the next', async t => {
  const table: [policy: Policy, size: number, added: number, from: number, lost: number][] = [
    ['keep', 1000, 600, 0, 0],
    ['keep', 1000, 1000, 0, 0],
    ['keep', 1000, 1001, 1, 1],
    ['keep', 1000, 900000, 899000, 899000],
    ['keep', 300000, 900000, 600000, 600000],
    ['keep', 0, 50, 50, 50],
    ['block', 1000, 1000, 0, 0],
    ['drop', 1000, 600, 600, 0],
    ['drop', 1000, 900000, 900000, 0],
  ]
  for (const [policy, size, added, from, lost] of table) {
    const start = tape(policy, size, added).connect(1)
    t.strictSame(place(start), [from, lost, added], `${policy} ${size} of ${added}`)
  }
})

t.test('the next connection goes on where the last one had seen', async t => {
  const table: [policy: Policy, size: number, from: number, lost: number][] = [
    ['keep', 1000, 300, 0],
    ['keep', 500, 400, 100],
    ['block', 100, 300, 0],
    ['drop', 1000, 900, 0],
  ]
  for (const [policy, size, from, lost] of table) {
    const one = tape(policy, size, 0)
    one.connect(1)
    add(one, 900)
    send(one, 1, 600)
    one.seen(1, 300)
    one.leave(1)
    t.equal(one.next(1, 600), undefined, 'who left gets no more')
    t.strictSame(place(one.connect(2)), [from, lost, 900], `${policy} ${size}`)
    t.strictSame(send(one, 2), from < 900 ? [[from, 900, 0]] : [])
  }
})

t.test('who is awaited loses nothing, whatever the policy, and has missed nothing', async t => {
  for (const policy of ['keep', 'block', 'drop'] as const) {
    const one = tape(policy, 10, 5000, true)
    t.strictSame(place(one.connect(1)), [0, 0, 0], policy)
    t.strictSame(send(one, 1), [[0, 5000, 0]])
  }
  const one = tape('drop', 10, 5000, true)
  one.forsake()
  t.strictSame(place(one.connect(1)), [5000, 0, 5000], 'who is not is dropped for')
})

t.test('a viewer sees what is new, beside the connection and in its own time', async t => {
  const one = tape('keep', 1000, 600)
  t.strictSame(place(one.view(3)), [600, 0, 600])
  one.connect(1)
  show(one, 1)
  add(one, 100)
  t.strictSame(send(one, 3), [[600, 700, 0]])
  one.leave(3)
  t.equal(one.next(3, 100), undefined)
  t.strictSame(send(one, 1), [[600, 700, 0]], 'what it sees, nobody else has seen')
})

t.test('a viewer that is too slow has gaps, and is told how long they are', async t => {
  const one = tape('keep', 1000, 0)
  one.connect(1)
  one.view(3)
  for (let n = 0; n < 10; n++) {
    add(one, 65536)
    show(one, 1)
    send(one, 3)
  }
  const [all, kept] = [10 * 65536, WINDOW + 65536]
  t.equal(one.seen(3, 4096), true, 'it may be slow')
  t.strictSame(send(one, 3), [], 'and gets nothing before it has seen all')
  t.equal(one.seen(3, WINDOW), true)
  const lost = all - kept - WINDOW
  t.strictSame(send(one, 3, WINDOW), [[all - kept, all - kept + WINDOW, lost]])
  t.equal(one.seen(3, all - kept + WINDOW), true)
  t.strictSame(send(one, 3), [[all - kept + WINDOW, all, 0]])
})

t.test('what was sent to no connection is returned once, when it will not be', async t => {
  const one = tape('keep', 1000, 600)
  t.ok(one.view(3).missed.equals(said(0, 600)), 'what a viewer does not see')
  t.equal(one.connect(1).missed.length, 0, 'what is sent is no matter')
  show(one, 1)
  one.leave(1)
  add(one, 1400)
  t.ok(one.view(4).missed.equals(said(600, 2000)), 'nor another')
  t.ok(one.connect(2).missed.equals(said(600, 1000)), 'what is lost for a connection')
  show(one, 2)
  one.leave(2)
  const kept = WINDOW + 65536
  for (; one.end < kept + 2000;) t.equal(one.add(said(one.end, one.end + 1024)), undefined)
  t.ok(one.add(said(one.end, one.end + 1024))?.equals(said(2000, one.end - kept)), 'what falls out')
})
