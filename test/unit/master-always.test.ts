import { deepEqual, equal, ok } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { begin, type Asked, type Effect, type Event, type State } from '../../lib/master/state.js'
import { step } from '../../lib/master/step.js'
import { DEVICE, SESSION } from './asking.js'

const flag = fc.boolean()
const place = fc.constantFrom('', DEVICE, '/dev/pts/1')
const is = <T extends string>(type: T) => fc.constant(type)

const connecting = fc.record({
  type: is('connect'),
  terminal: flag,
  rows: fc.constantFrom(0, 24),
  columns: fc.constantFrom(0, 80),
  tty: place,
  from: place,
  viewer: flag,
  force: flag,
  kept: fc.constant(0),
  pid: fc.constant(1),
  saved: fc.constant(''),
})

const reconnecting = fc.record({
  type: is('reconnect'),
  to: fc.constantFrom('', 'qf', 'r7'),
  force: flag,
  viewer: flag,
  notice: fc.constantFrom('', 'x'),
})

const asking = fc.oneof<fc.WeightedArbitrary<Asked>[]>(
  { weight: 6, arbitrary: connecting },
  { weight: 3, arbitrary: fc.record({ type: is('leave'), ended: flag }) },
  { weight: 3, arbitrary: fc.record({ type: is('disconnect') }) },
  { weight: 1, arbitrary: reconnecting },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ type: 'continue' }, { type: 'info' }, { type: 'typist' }),
  },
  { weight: 1, arbitrary: fc.record({ type: is('size'), rows: fc.nat(2), columns: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ type: is('title'), title: fc.constantFrom('', 'x') }) },
  { weight: 1, arbitrary: fc.record({ type: is('kill'), force: flag }) },
)

/** Clients are known here by small numbers; who has gone and comes again is a new client. */
const happening = fc.oneof<fc.WeightedArbitrary<Event>[]>(
  { weight: 16, arbitrary: fc.record({ type: is('asked'), id: fc.nat(4), request: asking }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constantFrom('gone', 'late'), id: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ type: is('stopped'), signal: fc.constant(20) }) },
  { weight: 1, arbitrary: fc.constant<Event>({ type: 'exited' }) },
  { weight: 1, arbitrary: fc.record({ type: is('ended'), status: fc.nat(255) }) },
  { weight: 1, arbitrary: fc.record({ type: is('end') }) },
)

const ASKING = new Set(['connect', 'typist', 'disconnect', 'reconnect', 'title', 'info', 'kill'])
const LOOKING = new Set(['connect', 'info'])
const ANSWERS = new Set(['ok', 'no', 'refused'])

/** Whom an effect answers. */
function answered(effect: Effect): number | undefined {
  if (effect.type === 'say') return ANSWERS.has(effect.reply.type) ? effect.id : undefined
  return ['admit', 'inform', 'hangup'].includes(effect.type) && 'id' in effect
    ? effect.id
    : undefined
}

/** What must hold of every state, whatever happens; `dead` are the clients that have gone. */
function check({ connection, leaving, viewers, over }: State, dead: Set<number>): void {
  const successor = leaving?.successor
  const present = [...viewers.keys(), connection?.id, leaving?.id, successor?.id]
  const clients = present.filter(id => id !== undefined)
  equal(new Set(clients).size, clients.length, 'nobody is there twice')
  ok(!clients.some(id => dead.has(id)), 'nobody is there who has gone')
  ok(!connection || !leaving, 'who is leaving has left before another comes')
  if (over) deepEqual([connection, successor], [undefined, undefined], 'nobody comes after the end')
}

function idle({ connection }: State, event: Event): boolean {
  if (event.type !== 'asked' || connection?.id === event.id) return false
  return event.request.type === 'size' || event.request.type === 'continue'
}

/** Is it a question that is answered? Viewers who ask for more than a look are dropped. */
function asks({ viewers }: State, id: number, type: string): boolean {
  return viewers.has(id) ? LOOKING.has(type) : ASKING.has(type)
}

function alive(id: number, dead: Set<number>): number {
  return dead.has(id) ? alive(id + 5, dead) : id
}

function play(events: Event[]): void {
  let state = begin({ ...SESSION, awaited: false }, 0)
  const asked = new Map<number, number>()
  const dead = new Set<number>()
  const left = new Set<number>()
  const count = (id: number | undefined, by: number): void => {
    if (id !== undefined) asked.set(id, (asked.get(id) ?? 0) + by)
  }
  const happen = (event: Event): void => {
    const before = structuredClone(state)
    const [next, effects] = step(state, event, 1)
    deepEqual(state, before, 'a state does not change')
    if (idle(state, event)) deepEqual([next, effects], [state, []])
    if (event.type === 'gone') dead.add(event.id)
    if (event.type === 'asked' && event.request.type === 'leave') left.add(event.id)
    if (event.type === 'asked' && asks(state, event.id, event.request.type)) count(event.id, 1)
    for (const effect of effects) count(answered(effect), -1)
    if (state.over) ok(!effects.some(({ type }) => type === 'admit' || type === 'resize'))
    check(next, dead)
    state = next
  }
  for (const event of events) {
    if (event.type === 'late' && event.id !== state.leaving?.id) continue
    happen('id' in event ? { ...event, id: alive(event.id, dead) } : event)
  }
  while (state.leaving) happen({ type: 'late', id: state.leaving.id })
  for (const [id, open] of asked) {
    const went = dead.has(id) || left.has(id)
    ok(went ? open >= 0 : open === 0, `${id} waits for ${open} answers`)
  }
}

t.test('whatever happens: one connection at most, and every question has one answer', async () => {
  fc.assert(fc.property(fc.array(happening, { maxLength: 40 }), play), { numRuns: 3000 })
})
