import t from 'tap'
import { begin } from '../../lib/master/state.js'
import {
  DEVICE,
  SESSION,
  after,
  connect,
  disconnect,
  end,
  ended,
  exited,
  force,
  from,
  gone,
  inform,
  kill,
  late,
  leave,
  reconnect,
  resume,
  size,
  stopped,
  table,
  title,
  typist,
  view,
} from './asking.js'

const TAKEN = 'refused session already connected somewhere else'

table('one connects, and the next is told where he sits (P13)', [
  ['the first is let in', [connect(1)], ['admit 1', 'resize 24 80']],
  ['a pipe has no size', [connect(1, { terminal: false, rows: 0, columns: 0 })], ['admit 1']],
  ['the second is not', [connect(1), connect(2)], [`say 2 ${TAKEN}: /dev/pts/1`]],
  [
    'without a terminal he has an address',
    [connect(1, { tty: '', from: '10.0.0.1' }), connect(2)],
    [`say 2 ${TAKEN}: 10.0.0.1`],
  ],
  ['or neither', [connect(1, { tty: '' }), connect(2)], [`say 2 ${TAKEN}: a pipe`]],
  [
    'of a place with a long name he hears the beginning',
    [connect(1, { tty: 'x'.repeat(60000) }), connect(2)],
    [`say 2 ${TAKEN}: ${'x'.repeat(255)}`],
  ],
  ['nobody connects twice', [connect(1), connect(1)], ['say 1 refused already connected']],
  ['not even by force', [connect(1), force(1)], ['say 1 refused already connected']],
  ['when the first has gone', [connect(1), gone(1), connect(2)], ['admit 2', 'resize 24 80']],
  [
    'a session is not shown on its own terminal',
    [connect(1, { tty: DEVICE })],
    ['say 1 refused session r7 cannot be connected to its own terminal'],
  ],
  [
    'not even to look',
    [connect(1, { tty: DEVICE, viewer: true })],
    ['say 1 refused session r7 cannot be connected to its own terminal'],
  ],
])

table('who is taken over leaves before his successor is let in', [
  ['he is told by whom', [connect(1), force(2)], ['say 1 bye taken /dev/pts/2', 'part 1']],
  [
    'by an address',
    [connect(1), connect(2, { force: true, tty: '', from: '::1' })],
    ['say 1 bye taken ::1', 'part 1'],
  ],
  ['he leaves', [connect(1), force(2), leave(1)], ['drop 1', 'admit 2', 'resize 24 80']],
  ['he goes', [connect(1), force(2), gone(1)], ['admit 2', 'resize 24 80']],
  ['he does neither', [connect(1), force(2), late(1)], ['drop 1', 'admit 2', 'resize 24 80']],
  ['a third waits in vain', [connect(1), force(2), connect(3)], [`say 3 ${TAKEN}`]],
  ['the successor gives up', [connect(1), force(2), gone(2), gone(1)], []],
  ['and another comes', [connect(1), force(2), gone(2), connect(3)], []],
  [
    'who then gets it',
    [connect(1), force(2), gone(2), connect(3), gone(1)],
    ['admit 3', 'resize 24 80'],
  ],
  [
    'who is leaving is not his own successor',
    [connect(1), force(2), gone(2), connect(1)],
    ['say 1 refused already connected'],
  ],
  ['nor is anybody twice', [connect(1), force(2), connect(2)], ['say 2 refused already connected']],
  ['force is not needed where nobody is', [force(1)], ['admit 1', 'resize 24 80']],
])

table('a disconnect is answered when it has happened (P6, P36)', [
  ['nobody is there', [disconnect(5)], ['say 5 no session r7 not connected']],
  ['he is told to go', [connect(1), disconnect(5)], ['say 1 bye disconnect', 'part 1']],
  ['he has gone', [connect(1), disconnect(5), gone(1)], ['say 5 ok']],
  ['he has left', [connect(1), disconnect(5), leave(1)], ['drop 1', 'say 5 ok']],
  ['he does not go', [connect(1), disconnect(5), late(1)], ['drop 1', 'say 5 ok']],
  [
    'another finds nobody connected',
    [connect(1), disconnect(5), disconnect(6)],
    ['say 6 no session r7 not connected'],
  ],
  [
    'who comes meanwhile waits',
    [connect(1), disconnect(5), connect(2), gone(1)],
    ['say 5 ok', 'admit 2', 'resize 24 80'],
  ],
  ['it disconnects itself', [connect(1), disconnect(1), leave(1)], ['drop 1', 'say 1 ok']],
  ['who asked has gone', [connect(1), disconnect(5), gone(5)], []],
])

table('a reconnect is only remembered, by the signaller (P8, P11, P12)', [
  ['the signaller is told', [connect(1), reconnect(5, 'qf')], ['say 1 next qf', 'say 5 ok']],
  ['and how', [connect(1), reconnect(5, 'qf', '', true)], ['say 1 next qf viewer', 'say 5 ok']],
  ['or to forget', [connect(1), reconnect(5, '')], ['say 1 next', 'say 5 ok']],
  ['nobody is there', [reconnect(5, 'qf')], ['say 5 no session r7 not connected']],
  [
    'he is about to go',
    [connect(1), disconnect(5), reconnect(6, 'qf')],
    ['say 6 no session r7 not connected'],
  ],
  [
    'not to itself',
    [connect(1), reconnect(5, 'r7')],
    ['say 5 no session r7 is this one: it cannot drop into itself'],
  ],
  [
    'a line for a terminal is left to the command',
    [connect(1), reconnect(5, 'qf', 'will connect')],
    ['say 1 next qf', 'say 5 ok'],
  ],
  [
    'where the output is no terminal the signaller says it',
    [connect(1, { terminal: false }), reconnect(5, 'qf', 'will connect')],
    ['say 1 next qf', 'say 1 notice will connect', 'say 5 ok said'],
  ],
])

table('viewers look, however many, and change nothing', [
  ['one comes', [view(3)], ['admit 3']],
  ['beside the connection', [connect(1), view(3)], ['admit 3']],
  ['and another', [connect(1), view(3), view(4)], ['admit 4']],
  [
    'nobody is taken over by one',
    [connect(1), connect(3, { viewer: true, force: true })],
    ['admit 3'],
  ],
  ['one does not connect as well', [view(3), connect(3)], ['say 3 refused already connected']],
  ['its size does not count', [connect(1), view(3), size(3)], []],
  ['it continues nobody', [connect(1), view(3), stopped(), resume(3)], []],
  ['a stop is not its business', [connect(1), view(3), stopped()], ['tell 1 stopped 20']],
  ['it sees the end', [view(3), connect(1), ended()], ['tell 3 ended 3', 'tell 1 ended 3']],
  ['an end that it has seen is not over', [view(3), ended(), leave(3, true)], ['drop 3']],
  ['it leaves', [view(3), leave(3)], ['drop 3']],
  ['who asks for more than that has broken a rule', [connect(1), view(3), kill(3)], ['drop 3']],
  ['and nothing comes of it', [connect(1), view(3), disconnect(3), size(1)], ['resize 50 100']],
  [
    'a disconnect does not mean it',
    [view(3), disconnect(5)],
    ['say 5 no session r7 not connected'],
  ],
])

table('a size counts if it is one, and from the connection', [
  ['its own', [connect(1), size(1)], ['resize 50 100']],
  ["a stranger's", [connect(1), size(2)], []],
  ["a former one's", [connect(1), disconnect(5), size(1)], []],
  ['none', [connect(1), size(1, 0, 0)], []],
  ['less than none', [connect(1), size(1, 24, -80)], []],
])

table("a stop is the connection's, or waits for one (P33, P38)", [
  ['the signaller is told', [connect(1), stopped(19)], ['tell 1 stopped 19']],
  ['and continues it', [connect(1), stopped(), resume(1)], ['continue']],
  ['nobody is there', [stopped()], []],
  ['a reconnect continues it', [stopped(), connect(1)], ['admit 1', 'resize 24 80', 'continue']],
  ['but only once', [stopped(), connect(1), gone(1), connect(2)], ['admit 2', 'resize 24 80']],
  [
    'nor if it was continued',
    [connect(1), stopped(), resume(1), gone(1), connect(2)],
    ['admit 2', 'resize 24 80'],
  ],
  [
    'a successor continues it, too',
    [connect(1), stopped(), force(2), gone(1)],
    ['admit 2', 'resize 24 80', 'continue'],
  ],
  ['a stranger does not', [connect(1), stopped(), resume(2)], []],
])

table('others may type from outside', [
  ['one does', [typist(5)], ['say 5 ok']],
  ['beside the connection', [connect(1), typist(5)], ['say 5 ok']],
  ['who is connected types anyway', [connect(1), typist(1)], ['say 1 no already connected']],
  ['a viewer looks', [view(3), typist(3)], ['drop 3']],
  ['who types is not connected', [typist(5), connect(5)], ['say 5 refused already connected']],
  ['nor who goes already', [connect(1), disconnect(4), typist(1)], ['say 1 no already connected']],
  ['he hears of the end at once', [typist(5), exited()], ['say 5 bye ended']],
  ['there is nobody to type to then', [exited(), typist(5)], ['say 5 no session r7 has ended']],
  ['and when it is killed', [typist(5), kill(4)], ['say 5 bye killed', 'hangup 4']],
  ['nor when it is gone', [kill(4), typist(5)], ['say 5 no session r7 has ended']],
  ['he goes', [connect(1), typist(5), gone(5), exited()], ['say 1 exited']],
])

t.test('who is sure to come is stopped by a stop before that, and the next is not', async t => {
  const early = from(begin({ ...SESSION, awaited: true }, 0), stopped(), connect(1))
  t.strictSame(early.did, ['admit 1', 'resize 24 80', 'tell 1 stopped 20'])
  t.strictSame(from(early.state, stopped(), gone(1), connect(2)).did, [
    'admit 2',
    'resize 24 80',
    'continue',
  ])
})

table('an end is told to all who are there, and seen by one of them', [
  ['connected', [connect(1), ended(3)], ['tell 1 ended 3']],
  ['seen', [connect(1), ended(3), leave(1, true)], ['drop 1', 'finish']],
  ['not seen', [connect(1), ended(3), leave(1)], ['drop 1']],
  ['nobody is there', [ended(3)], []],
  ['it waits for one', [ended(3), connect(1)], ['admit 1', 'resize 24 80', 'tell 1 ended 3']],
  ['a viewer may look', [ended(3), view(3)], ['admit 3', 'tell 3 ended 3']],
  [
    'who is leaving has missed it',
    [connect(1), disconnect(5), ended(3), leave(1)],
    ['drop 1', 'say 5 ok'],
  ],
  [
    'unless he saw it before he was told to go',
    [connect(1), ended(3), disconnect(5), leave(1, true)],
    ['drop 1', 'say 5 ok', 'finish'],
  ],
  [
    'then his successor sees it, too',
    [connect(1), ended(3), force(2), leave(1, true)],
    ['drop 1', 'admit 2', 'resize 24 80', 'tell 2 ended 3'],
  ],
  ['nobody sees what has not happened', [connect(1), leave(1, true)], ['drop 1']],
  ['a stranger has seen nothing', [connect(1), ended(3), leave(2, true)], ['drop 2']],
])

table('a kill is the end for everybody', [
  ['nobody is there', [kill(5)], ['hangup 5']],
  ['with force', [kill(5, true)], ['hangup force 5']],
  [
    'they are told',
    [connect(1), view(3), kill(5)],
    ['say 3 bye killed', 'say 1 bye killed', 'hangup 5'],
  ],
  ['who asks twice is told', [kill(5), kill(6)], ['say 6 no session r7 is gone']],
  ['an ended one goes, too', [ended(), kill(5)], ['hangup 5']],
  ['or the master is told to end', [connect(1), end], ['say 1 bye killed', 'hangup']],
  ['once', [connect(1), end, end], []],
  [
    'a successor does not wait any more',
    [connect(1), force(2), kill(5)],
    ['say 2 refused session r7 is gone', 'hangup 5'],
  ],
  ['who disconnects is answered', [connect(1), disconnect(5), kill(6), gone(1)], ['say 5 ok']],
  ['nobody is let in', [kill(5), connect(1)], ['say 1 refused session r7 is gone']],
  ['nor to look', [kill(5), view(1)], ['say 1 refused session r7 is gone']],
  ['nor later', [connect(1), force(2), kill(5), gone(1)], []],
  ['an end after it is no news', [connect(1), kill(5), ended()], []],
])

table('a title is kept, and what there is to know is told', [
  ['a title', [title(5, 'writing')], ['say 5 ok']],
  ['none', [title(5, '')], ['say 5 ok']],
  ['the longest', [title(5, 'é'.repeat(127))], ['say 5 ok']],
  ['a longer one', [title(5, 'é'.repeat(128))], ['say 5 no a title has at most 255 bytes']],
  ['what there is', [inform(5)], ['inform 5']],
  ['what there was', [kill(5), inform(6)], ['inform 6']],
])

t.test('a state tells who is where, since when', async t => {
  t.match(after().state, {
    title: 'work',
    connection: undefined,
    stopped: 0,
    since: 0,
    over: false,
  })
  t.equal(after(title(5, 'play')).state.title, 'play')
  t.equal(after(title(5, 'x'.repeat(256))).state.title, 'work')
  t.match(after(inform(5), connect(1)).state, {
    connection: { id: 1, tty: '/dev/pts/1', next: undefined },
    since: 2,
  })
  t.equal(after(connect(1), inform(5), gone(1)).state.since, 3, 'it went')
  t.equal(after(connect(1), disconnect(5), gone(1)).state.since, 2, 'it was told to go')
  t.strictSame(after(connect(1), reconnect(5, 'qf')).state.connection?.next?.to, 'qf')
  t.strictSame(
    after(connect(1), reconnect(5, 'qf'), reconnect(5, 'p0')).state.connection?.next?.to,
    'p0',
  )
  t.equal(after(connect(1), reconnect(5, 'qf'), reconnect(5, '')).state.connection?.next, undefined)
  t.equal(
    after(connect(1), reconnect(5, 'qf'), gone(1), connect(2)).state.connection?.next,
    undefined,
  )
  t.strictSame([...after(view(3), view(4), gone(3)).state.viewers.keys()], [4])
  t.match(after(stopped(19)).state, { stopped: 19 })
  t.match(after(stopped(19), connect(1)).state, { stopped: 0 })
  t.match(after(stopped(), ended(7)).state, { ended: 7, stopped: 0 })
})
