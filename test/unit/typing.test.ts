import { equal } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { CONNECTION, Typing } from '../../lib/master/typing.js'

/** What is told when so many bytes are accepted. */
function told(typing: Typing, count: number): [id: number, offset: number][] {
  const all: [number, number][] = []
  typing.accepted(count, (id, offset) => all.push([id, offset]))
  return all
}

t.test('what is accepted is somebody’s, in the order in which it came', async t => {
  const typing = new Typing()
  t.strictSame(told(typing, 3), [], 'nobody typed it')
  typing.typed(CONNECTION, 5)
  typing.typed(7, 3)
  typing.typed(7, 1)
  typing.typed(CONNECTION, 2)
  t.equal(typing.next(CONNECTION), 7)
  t.equal(typing.next(7), 4)
  t.strictSame(told(typing, 4), [[CONNECTION, 4]])
  t.strictSame(told(typing, 4), [
    [CONNECTION, 5],
    [7, 3],
  ])
  t.strictSame(told(typing, 3), [
    [7, 4],
    [CONNECTION, 7],
  ])
  typing.typed(7, 2)
  typing.typed(CONNECTION, 1)
  t.strictSame([typing.waiting(7), typing.waiting(CONNECTION)], [2, 1])
  typing.forget(7)
  t.strictSame(told(typing, 3), [[CONNECTION, 8]], 'who has gone is told nothing')
})

t.test('everybody’s offsets add up, however it is accepted', async () => {
  const typed = fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 50 }))
  fc.assert(
    fc.property(fc.array(typed), fc.array(fc.integer({ min: 1, max: 90 })), (all, pieces) => {
      const typing = new Typing()
      const sums = new Map<number, number>()
      let rest = 0
      for (const [id, count] of all) {
        typing.typed(id, count)
        sums.set(id, (sums.get(id) ?? 0) + count)
        rest += count
      }
      const last = new Map<number, number>()
      for (const count of [...pieces, Infinity]) {
        const part = Math.min(count, rest)
        rest -= part
        if (part > 0) for (const [id, offset] of told(typing, part)) last.set(id, offset)
      }
      for (const [id, sum] of sums) equal(last.get(id), sum)
    }),
  )
})
