import { equal, ok } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { begin, step, type Effect, type Event, type State } from '../../lib/signaller/state.js'
import { words } from './effects.js'

const connected: Event = { type: 'connected', session: true }
const settled: Event = { type: 'settled' }
const closed: Event = { type: 'closed' }
const missing: Event = { type: 'missing' }
const continued: Event = { type: 'continued' }
const eof: Event = { type: 'eof', some: true, gone: false }
const refused: Event = { type: 'refused', reason: 'session already connected somewhere else' }
const bye: Event = { type: 'bye', why: 'disconnect', by: '' }
const taken: Event = { type: 'bye', why: 'taken', by: '/dev/pts/5' }
const killed: Event = { type: 'bye', why: 'killed', by: '' }
const stopped = (signal = 20): Event => ({ type: 'stopped', signal })
const ended = (status: number): Event => ({ type: 'ended', status })
const broken = (reason = ''): Event => ({ type: 'broken', reason })
const shown: Event = { type: 'shown' }
const stop: Event = { type: 'stop', signal: 20 }
const returned: Event = { type: 'returned' }
const lent = (input: boolean, output: boolean): Event => ({ type: 'lent', input, output })
const signal = (signal: NodeJS.Signals): Event => ({ type: 'signal', signal })
const next = (to: string, force = false, viewer = false): Event => ({
  type: 'next',
  to,
  force,
  viewer,
})

/** What a signaller of session p7 did about the last of these events. */
function did(...events: Event[]): string[] {
  let [state, effects] = begin('p7')
  for (const event of events) [state, effects] = step(state, event)
  return effects.map(words)
}

type Row = [what: string, events: Event[], did: string[]]

function table(title: string, rows: Row[]): void {
  t.test(title, async t => {
    for (const [what, events, does] of rows) t.strictSame(did(...events), does, what)
  })
}

const LEFT = ['send leave', 'part', 'restore']
const TO_QF = ['send leave', 'part', 'say info reconnecting to qf', 'call qf']

table('it connects, and leaves quietly when the session is disconnected (P6)', [
  ['it calls the session', [], ['call p7']],
  ['it is in', [connected], ['raw']],
  ['but once', [connected, connected], []],
  ['it is told to go', [connected, bye], ['settle']],
  ['what came is shown', [connected, bye, settled], [...LEFT, 'exit 0']],
  ['the master need not wait for that', [connected, bye, closed], []],
  ['it leaves once', [connected, bye, bye], []],
])

table('it exits with the status of the program, when all of its output is shown (P39, P41)', [
  ['however long that takes', [connected, ended(3)], ['settle patient']],
  [
    'it has seen the end',
    [connected, ended(3), settled],
    ['send leave ended', 'part', 'restore', 'exit 3'],
  ],
  ['a disconnect does not hasten it', [connected, ended(3), bye], []],
  ['nor does the master', [connected, ended(3), closed], []],
  [
    'whoever was told to go first has not seen it',
    [connected, bye, ended(3), settled],
    [...LEFT, 'exit 0'],
  ],
])

table('it goes where it was told last, by an end or a disconnect (P8, P9, P11)', [
  ['not at once', [connected, next('qf')], []],
  ['the session is disconnected', [connected, next('qf'), bye, settled], TO_QF],
  [
    'the session ends',
    [connected, next('qf'), ended(3), settled],
    ['send leave ended', 'part', 'say info reconnecting to qf', 'call qf'],
  ],
  [
    'it is in',
    [connected, next('qf'), bye, settled, connected],
    ['raw', 'say info successfully connected to qf'],
  ],
  ['only the latest counts', [connected, next('rc'), next('qf'), bye, settled], TO_QF],
  ['none cancels', [connected, next('qf'), next(''), bye, settled], [...LEFT, 'exit 0']],
  ['it is told late', [connected, bye, next('qf'), settled], TO_QF],
  [
    'by force or to look, as it was told',
    [connected, next('qf', true, true), bye, settled],
    ['send leave', 'part', 'say info reconnecting to qf', 'call qf force viewer'],
  ],
  ['once', [connected, next('qf'), bye, settled, connected, bye, settled], [...LEFT, 'exit 0']],
  [
    'the status is that of the last session',
    [connected, next('qf'), ended(3), settled, connected, ended(4), settled],
    ['send leave ended', 'part', 'restore', 'exit 4'],
  ],
])

table('where it cannot go it says so, and the terminal is restored (P12, P13)', [
  ['the first is gone', [missing], ['part', 'restore', 'say fatal session p7 is gone', 'exit 111']],
  [
    'the next is not there',
    [connected, next('qf'), bye, settled, missing],
    [
      'part',
      'restore',
      'say fatal signaller cannot reconnect to session qf; does it exist?',
      'exit 111',
    ],
  ],
  [
    'somebody else is',
    [connected, next('qf'), bye, settled, refused],
    ['part', 'restore', 'say fatal session already connected somewhere else', 'exit 111'],
  ],
  [
    'its master dies meanwhile',
    [connected, next('qf'), bye, settled, closed, settled],
    [...LEFT, 'say fatal session qf is gone', 'exit 111'],
  ],
])

table('what ends badly is said, and what is next still comes', [
  ['the master dies', [connected, closed], ['settle']],
  [
    'that is fatal',
    [connected, closed, settled],
    [...LEFT, 'say fatal session p7 is gone', 'exit 111'],
  ],
  [
    'it is taken over',
    [connected, taken, settled],
    [...LEFT, 'say warning session p7 taken over by /dev/pts/5', 'exit 111'],
  ],
  [
    'it is killed',
    [connected, killed, settled],
    [...LEFT, 'say info session p7 was killed', 'exit 129'],
  ],
  [
    'but there is a next',
    [connected, next('qf'), killed, settled],
    [
      'send leave',
      'part',
      'say info session p7 was killed',
      'say info reconnecting to qf',
      'call qf',
    ],
  ],
])

table('it stops when the program stops, and both go on together (P38)', [
  ['what came is shown first', [connected, stopped()], ['settle patient']],
  ['then it stops', [connected, stopped(), settled], ['restore', 'stop 20']],
  ['by the same signal', [connected, stopped(22), settled], ['restore', 'stop 22']],
  ['it goes on', [connected, stopped(), settled, continued], ['raw', 'send continue']],
  ['not before it has stopped', [connected, stopped(), continued], []],
  ['it stops once', [connected, stopped(), stopped()], []],
  ['whoever goes on finds his session gone', [connected, stopped(), settled, bye], ['settle']],
  ['it is not continued then', [connected, stopped(), settled, bye, continued], []],
  ['it is let go while it stops', [connected, stopped(), bye, settled], [...LEFT, 'exit 0']],
  [
    'its status is not the signal',
    [connected, stopped(), settled, eof, settled],
    [...LEFT, 'exit 0'],
  ],
  ['it was stopped from outside', [connected, continued], ['raw', 'send continue']],
  ['before there was a session', [continued], []],
])

table('it lends its descriptors, and has them back before it touches the terminal', [
  ['as soon as all is shown', [connected, shown], ['lend']],
  ['once', [connected, shown, shown], []],
  ['not before it is connected', [shown], []],
  ['to stop by itself', [connected, shown, stop], ['reclaim']],
  ['then it stops', [connected, shown, stop, returned], ['settle patient']],
  ['also with the program', [connected, shown, lent(true, true), stopped(22)], ['reclaim']],
  ['the answer may cross that', [connected, shown, stop, lent(true, true)], []],
  ['and changes nothing', [connected, shown, stop, lent(true, true), returned], ['settle patient']],
  ['what was not taken it has', [connected, shown, lent(false, false), stop], ['settle patient']],
  ['one is enough', [connected, shown, lent(false, true), stop], ['reclaim']],
  ['it lends again', [connected, shown, stop, returned, settled, continued, shown], ['lend']],
  ['whoever is told to go has them', [connected, shown, bye], ['settle']],
  ['or sees the end', [connected, shown, ended(3)], ['settle patient']],
  ['or is left alone', [connected, shown, closed], ['settle']],
  ['it is told to die', [connected, shown, signal('SIGTERM')], ['reclaim']],
  ['and does', [connected, shown, signal('SIGTERM'), returned], [...LEFT, 'die SIGTERM']],
  [
    'also with a master that dies',
    [connected, shown, signal('SIGTERM'), closed],
    [...LEFT, 'die SIGTERM'],
  ],
  [
    'and does not stop meanwhile',
    [connected, shown, stop, signal('SIGTERM'), returned],
    [...LEFT, 'die SIGTERM'],
  ],
  [
    'in the next session again',
    [connected, shown, next('qf'), bye, settled, connected, shown],
    ['lend'],
  ],
  ['its output takes no more', [connected, shown, broken()], [...LEFT, 'exit 0']],
])

table("what ends it at the user's side is a disconnect (P5, P34)", [
  ['the input ends', [connected, eof], ['settle']],
  ['it leaves', [connected, eof, settled], [...LEFT, 'exit 0']],
  ['or goes on', [connected, next('qf'), eof, settled], TO_QF],
  ['the reader of its output has gone', [connected, broken()], [...LEFT, 'exit 0']],
  ['there is no going on without one', [connected, next('qf'), broken()], [...LEFT, 'exit 0']],
  [
    'the disk is full',
    [connected, broken('no space left on device')],
    [...LEFT, 'say fatal cannot write the output: no space left on device', 'exit 111'],
  ],
  ['it is killed itself', [connected, signal('SIGTERM')], [...LEFT, 'die SIGTERM']],
  ['at any moment', [signal('SIGHUP')], [...LEFT, 'die SIGHUP']],
  ['also while it leaves', [connected, next('qf'), bye, signal('SIGINT')], [...LEFT, 'die SIGINT']],
  ['once', [signal('SIGHUP'), signal('SIGTERM')], []],
])

t.test('what is next is forgotten with the session it was said in', async t => {
  const [start] = begin('p7')
  const state = [connected, next('qf'), bye, settled].reduce(
    (one, event) => step(one, event)[0],
    start,
  )
  t.match(state, { phase: 'calling', at: { to: 'qf' }, hopped: true, next: undefined, status: 0 })
})

const happening = fc.oneof(
  fc.constantFrom(connected, settled, closed, missing, continued, eof, refused, bye, taken, killed),
  fc.constantFrom(
    next('qf'),
    next(''),
    next('rc', true),
    shown,
    stop,
    returned,
    lent(true, true),
    lent(false, false),
    stopped(),
    stopped(19),
    ended(0),
    ended(3),
  ),
  { weight: 1, arbitrary: fc.constantFrom(broken(), broken('x'), signal('SIGTERM')) },
)

const FINAL = ['exit', 'die']

/** Plays it to its end, with nothing left to wait for. */
function play(events: Event[]): void {
  let [state, effects] = begin('p7')
  const done: Effect[] = [...effects]
  const happen = (event: Event): void => {
    const over = done.some(({ type }) => FINAL.includes(type))
    const before: State = structuredClone(state)
    ;[state, effects] = step(state, event)
    if (over) equal(effects.length, 0, 'nothing happens after the end')
    equal(over || effects.some(({ type }) => FINAL.includes(type)), state.phase === 'over')
    if (before.phase === 'calling') ok(!effects.some(({ type }) => type === 'stop'))
    done.push(...effects)
  }
  for (const event of events) happen(event)
  for (const event of [closed, settled, missing, returned, closed]) happen(event)
  equal(done.filter(({ type }) => FINAL.includes(type)).length, 1, 'it ends once')
  let ready = false
  for (const { type } of done) {
    if (type === 'raw') ready = true
    if (type === 'restore') ready = false
    if (type === 'stop' || FINAL.includes(type))
      ok(!ready, `the terminal is given back before ${type}`)
  }
}

t.test('whatever happens: it ends once, and gives the terminal back before', async () => {
  fc.assert(fc.property(fc.array(happening, { maxLength: 40 }), play), { numRuns: 3000 })
})
