import fc from 'fast-check'
import t from 'tap'
import * as lines from '../../lib/lines.js'
import type { Info, Place } from '../../lib/wire.js'

const PLAIN =
  /^session [a-z][0-9a-f] pid \d+ slave \d+ (dis)?connected( \(will drop into ..\))?(: .*)?$/
const NOWHERE: Place = { tty: '', from: '' }
const LATE = new Date(2024, 11, 20, 1, 29).getTime()
const EARLY = new Date(2024, 0, 2, 13, 5, 59).getTime()

function info(given: Partial<Info>): Info {
  return {
    name: 'p7',
    title: '',
    pid: 16614,
    slave: 16615,
    state: 'connected',
    status: 0,
    stopped: 0,
    next: '',
    since: LATE,
    begun: EARLY,
    connection: NOWHERE,
    direct: { input: false, output: false },
    viewers: [],
    command: 'sh',
    recording: '',
    session: true,
    ...given,
  }
}

t.test('sesslist shows a session as pty did', async t => {
  const title = 'writing net test program'
  const table: [given: Partial<Info>, line: string][] = [
    [{ title }, `session p7 pid 16614 slave 16615 connected: ${title}`],
    [{}, 'session p7 pid 16614 slave 16615 connected'],
    [{ state: 'disconnected' }, 'session p7 pid 16614 slave 16615 disconnected'],
    [
      { name: 'ra', pid: 8045, slave: 8046, state: 'disconnected', title: 'finishing up paper.3' },
      'session ra pid 8045 slave 8046 disconnected: finishing up paper.3',
    ],
    [{ next: 'qf' }, 'session p7 pid 16614 slave 16615 connected (will drop into qf)'],
    [
      { next: 'qf', title: ': odd: one' },
      'session p7 pid 16614 slave 16615 connected (will drop into qf): : odd: one',
    ],
    [{ title: '日本語' }, 'session p7 pid 16614 slave 16615 connected: 日本語'],
    [
      { title: 'a\x1b[31m\nb\x9b\u202e' },
      'session p7 pid 16614 slave 16615 connected: a^[[31m^Jb\\u{9b}\\u{202e}',
    ],
  ]
  for (const [given, line] of table) {
    t.equal(lines.listed(info(given)), line)
    t.match(line, PLAIN)
  }
})

t.test('sesslist also shows viewers, stopped programs and ended sessions', async t => {
  const table: [given: Partial<Info>, line: string][] = [
    [{ viewers: [NOWHERE] }, 'session p7 pid 16614 slave 16615 connected with 1 viewer'],
    [
      { viewers: [NOWHERE, NOWHERE], title: 'x' },
      'session p7 pid 16614 slave 16615 connected with 2 viewers: x',
    ],
    [{ stopped: 20 }, 'session p7 pid 16614 slave 16615 connected stopped'],
    [
      { state: 'disconnected', stopped: 19, viewers: [NOWHERE], title: 'x' },
      'session p7 pid 16614 slave 16615 disconnected stopped with 1 viewer: x',
    ],
    [
      { next: 'qp0', stopped: 20, viewers: [NOWHERE, NOWHERE, NOWHERE], title: 'x' },
      'session p7 pid 16614 slave 16615 connected (will drop into qp0) stopped with 3 viewers: x',
    ],
    [
      { state: 'ended', status: 3, title: 'x' },
      'session p7 pid 16614 ended with status 3 at Dec 20 01:29: x',
    ],
    [
      { state: 'ended', status: 137, since: EARLY, viewers: [NOWHERE] },
      'session p7 pid 16614 ended with status 137 at Jan  2 13:05',
    ],
    [{ state: 'ended', since: 0 }, 'session p7 pid 16614 ended with status 0'],
  ]
  for (const [given, line] of table) t.equal(lines.listed(info(given)), line)
})

t.test('what does not answer and what is no session has its line too', async t => {
  t.equal(lines.unanswered('p7'), 'session p7 does not answer')
  t.equal(lines.unanswered('p7', 16614), 'session p7 pid 16614 does not answer')
  t.equal(lines.stray('core'), 'non-session core')
  t.equal(lines.stray('a\nsession p7'), 'non-session a^Jsession p7')
})

t.test('sesswho keeps its columns', async t => {
  const table: [owned: lines.Owned, line: string][] = [
    [
      { name: 'r7', since: LATE, user: 'bernstei', pid: 2174 },
      'r7  Dec 20 01:29  bernstei          2174',
    ],
    [
      { name: 'p0', since: EARLY, user: 'shmoe', pid: 1 },
      'p0  Jan  2 13:05  shmoe                1',
    ],
    [
      { name: 'qp0', since: LATE, user: 'a.user.of.15.ch', pid: 4194304 },
      'qp0  Dec 20 01:29  a.user.of.15.ch 4194304',
    ],
    [
      { name: 'r7', since: LATE, user: 'a.user.of.16.cha', pid: 123456 },
      'r7  Dec 20 01:29  a.user.of.16.cha 123456',
    ],
    [
      { name: 'r7', since: LATE, user: 'a\x1b', pid: 123456 },
      'r7  Dec 20 01:29  a^[             123456',
    ],
  ]
  for (const [owned, line] of table) t.equal(lines.who(owned), line)
})

t.test('sesswhere says where from', async t => {
  const table: [given: Omit<lines.Whereabouts, 'since'>, line: string][] = [
    [{ name: 'r7', what: 'connect', place: 'host' }, 'r7  Dec 20 01:29  connect host'],
    [{ name: 'r7', what: 'connect', place: '::1' }, 'r7  Dec 20 01:29  connect ::1'],
    [{ name: 'r7', what: 'connect', place: 'a\x1b[2J' }, 'r7  Dec 20 01:29  connect a^[[2J'],
    [{ name: 'r7', what: 'disconnect', place: '' }, 'r7  Dec 20 01:29  disconnect'],
  ]
  for (const [given, line] of table) t.equal(lines.where({ ...given, since: LATE }), line)
})

t.test('times are local', async t => {
  const before = process.env['TZ']
  t.teardown(() => {
    if (before === undefined) delete process.env['TZ']
    else process.env['TZ'] = before
  })
  const since = Date.UTC(2024, 11, 31, 23, 30)
  const line = () => lines.where({ name: 'r7', since, what: 'disconnect', place: '' })
  process.env['TZ'] = 'UTC'
  t.equal(line(), 'r7  Dec 31 23:30  disconnect')
  process.env['TZ'] = 'Asia/Tokyo'
  t.equal(line(), 'r7  Jan  1 08:30  disconnect')
})

t.test('whatever a master tells, a session is one printable line', async () => {
  const text = fc.string({ unit: 'binary' })
  const state = text as unknown as fc.Arbitrary<Info['state']>
  const given = fc.record({
    name: text,
    title: text,
    next: text,
    state,
    since: fc.maxSafeInteger(),
  })
  fc.assert(
    fc.property(given, given =>
      /^session [^\p{Cc}\p{Bidi_Control}]*$/u.test(lines.listed(info(given))),
    ),
  )
})

t.test('how the bytes travel is told if that is asked', async t => {
  const path = (input: boolean, output: boolean, changes: Partial<Info> = {}): string =>
    lines.listed(info({ state: 'connected', direct: { input, output }, ...changes }), true)
  t.match(path(true, true), / connected direct$/)
  t.match(path(false, false), / connected relay$/)
  t.match(path(false, true), / connected direct output$/)
  t.match(path(true, false, { title: 'x' }), / connected direct input: x$/)
  t.notMatch(path(true, true, { state: 'disconnected' }), /direct$/)
})

t.test('where a session is recorded is told if that is asked', async t => {
  const recording = '/home/me/a\x1b.cast'
  const disconnected: Partial<Info> = { recording, state: 'disconnected', title: 'x' }
  const connected: Partial<Info> = { recording, direct: { input: true, output: true } }
  t.match(
    lines.listed(info(disconnected), true),
    / disconnected recorded to \/home\/me\/a\^\[.cast: x$/,
  )
  t.match(
    lines.listed(info(connected), true),
    / connected direct recorded to \/home\/me\/a\^\[.cast$/,
  )
  t.notMatch(lines.listed(info(connected)), /recorded/)
  const is = { path: recording, length: 12, missing: 0, trouble: '' }
  t.equal(lines.recorded('p7', is), 'session p7 recorded to /home/me/a^[.cast: 12 bytes')
  t.match(lines.recorded('p7', { ...is, missing: 5 }), / 12 bytes, 5 bytes are missing$/)
})

t.test('JSON is one array, an element a line, with keys that stay', async t => {
  const place = { tty: '/dev/pts/3', from: '192.0.2.1' }
  const connected = { title: 'a\x1b"\u202e', next: 'qf', connection: place, viewers: [place] }
  const ended: Partial<Info> = { state: 'ended', status: 3, since: 5, begun: 2, connection: place }
  const path = { recording: '/a.cast' }
  t.equal(
    lines.json([lines.listing(info(connected)), lines.listing(info({ ...ended, ...path }))]),
    '[\n' +
      '{"name":"p7","title":"a\\u001b\\"\\u202e","state":"connected","pid":16614,"slave":16615,' +
      `"status":null,"stopped":null,"next":"qf","since":${LATE},"begun":${EARLY},` +
      '"connection":{"tty":"/dev/pts/3","from":"192.0.2.1"},' +
      '"viewers":[{"tty":"/dev/pts/3","from":"192.0.2.1"}],"command":"sh",' +
      '"direct":{"input":false,"output":false},"recording":null,"session":true},\n' +
      '{"name":"p7","title":"","state":"ended","pid":16614,"slave":16615,' +
      '"status":3,"stopped":null,"next":null,"since":5,"begun":2,' +
      '"connection":null,"viewers":[],"command":"sh","direct":null,"recording":"/a.cast","session":true}\n]',
  )
  const silent = lines.unansweredListing('p7', 16614)
  t.strictSame(Object.keys(silent), Object.keys(lines.listing(info({}))), 'also without an answer')
  t.match(silent, { name: 'p7', state: 'unanswered', pid: 16614 })
  t.equal(lines.unansweredListing('p7').pid, null)
  t.equal(lines.json([]), '[]')
  t.equal(lines.json([{ a: 1 }]), '[\n{"a":1}\n]')
})
