import fc from 'fast-check'
import t from 'tap'
import { greeting, NOTHING, press, type Offer, type Outcome } from '../../lib/menu.js'
import { when } from '../../lib/when.js'

const since = Date.UTC(2025, 11, 20, 12)

const ra: Offer = {
  name: 'ra',
  device: '/dev/pts/42',
  title: 'finishing up paper.3',
  since,
  ps: 'USER   PID COMMAND\nshmoe 17790 vi paper.3\nshmoe 17331 -csh\n',
}

/** Types the keys, up to the one that decides. */
function dialogue(
  names: string[],
  keys: string | Uint8Array,
): { said: string; outcome: Outcome | undefined; left: number } {
  let typed = NOTHING
  let said = ''
  const bytes = Buffer.from(keys)
  for (const [at, key] of bytes.entries()) {
    const pressed = press(names, typed, key)
    typed = pressed.typed
    said += pressed.say
    if (pressed.outcome) return { said, outcome: pressed.outcome, left: bytes.length - at - 1 }
  }
  return { said, outcome: undefined, left: 0 }
}

t.test('one disconnected session is offered in the words of the paper', async t => {
  t.strictSame(greeting([ra]).split('\r\n'), [
    'You have a disconnected session on /dev/pts/42, with these processes:',
    'USER   PID COMMAND',
    'shmoe 17790 vi paper.3',
    'shmoe 17331 -csh',
    'Session ra is named: finishing up paper.3.',
    `Session ra has been disconnected since ${when(since)}.`,
    'Would you like to reconnect to that session?',
    'If so, type its two-character extension, ra.',
    'To instead start a new session as usual, just press return: ',
  ])
})

t.test('of several, the last one is the example', async t => {
  const ended: Offer = { ...ra, name: 'rb', device: '/dev/pts/43', title: '', ps: '', ended: 3 }
  t.strictSame(greeting([ra, ended]).split('\r\n').slice(6), [
    'You have a disconnected session on /dev/pts/43 (ended with status 3).',
    `Session rb has been disconnected since ${when(since)}.`,
    'Would you like to reconnect to one of those sessions?',
    'If so, type its two-character extension, like rb for the last one.',
    'To instead start a new session as usual, just press return: ',
  ])
})

t.test('names that are not of two characters are asked for as what they are', async t => {
  const named = (...names: string[]): string =>
    greeting(names.map(name => ({ ...ra, name, title: '', ps: '' })))
  t.match(named('qp0'), 'You have a disconnected session on /dev/pts/42.\r\n')
  t.match(named('qp0'), 'type its three-character extension, qp0.')
  t.match(named('ra', 'qp0'), 'type its extension, like qp0 for the last one.')
})

t.test('what programs and users call themselves cannot disturb the terminal', async t => {
  const evil = '\x1b]0;x\x07\u009b31m\u202e'
  const said = greeting([{ ...ra, title: evil, ps: `USER\nshmoe ${evil}\n` }])
  t.notMatch(said.replaceAll('\r\n', ''), /[\0-\x1f\x7f-\x9f\u202e]/)
})

t.test('each key does what it says', async t => {
  const table: [title: string, keys: string, said: string, outcome: Outcome | undefined][] = [
    ['a name', 'ra\r', 'ra\r\n', { choose: 'ra' }],
    ['a name and a line feed', 'ra\n', 'ra\r\n', { choose: 'ra' }],
    ['return alone', '\r', '\r\n', 'new'],
    ['^C', '\x03', '\r\n', 'plain'],
    ['^D', '\x04', '\r\n', 'plain'],
    ['^C after a name', 'ra\x03', 'ra\r\n', 'plain'],
    ['a third character', 'rab\r', 'ra\x07\r\n', { choose: 'ra' }],
    ['backspace', 'rb\ba\r', 'rb\b \ba\r\n', { choose: 'ra' }],
    ['DEL', 'rb\x7fa\r', 'rb\b \ba\r\n', { choose: 'ra' }],
    ['backspace on nothing', '\b\x7f\r', '\r\n', 'new'],
    ['line kill', 'xy\x15ra\r', 'xy\b \b\b \bra\r\n', { choose: 'ra' }],
    ['word erase', 'xy\x17ra\r', 'xy\b \b\b \bra\r\n', { choose: 'ra' }],
    ['word erase of a second word', 'x \x17\r', 'x \b \b\b \b\r\n', 'new'],
    ['other control characters', '\x01\0\x1a\x1c', '\x07\x07\x07\x07', undefined],
    ['bytes beyond ASCII', 'é', '\x07\x07', undefined],
    ['an arrow', '\x1b[A\x1bOA\x1b[3~r', '\x07\x07\x07r', undefined],
    ['escape', '\x1bra\r', '\x07ra\r\n', { choose: 'ra' }],
    ['return within a sequence', '\x1b[\r', '\x07\r\n', 'new'],
  ]
  for (const [title, keys, said, outcome] of table) {
    const its = dialogue(['ra'], keys)
    t.equal(its.said, said, title)
    t.strictSame(its.outcome, outcome, title)
  }
})

t.test('after a wrong name it asks again', async t => {
  const { said, outcome } = dialogue(['ra', 'rb'], 'zz\rr\rrb\r')
  const question = [
    'Would you like to reconnect to one of those sessions?',
    'If so, type its two-character extension, like rb for the last one.',
    'To instead start a new session as usual, just press return: ',
  ]
  t.strictSame(said.split('\r\n'), [
    'zz',
    'You have no disconnected session zz.',
    ...question.slice(0, 2),
    `${question[2] ?? ''}r`,
    'You have no disconnected session r.',
    ...question.slice(0, 2),
    `${question[2] ?? ''}rb`,
    '',
  ])
  t.strictSame(outcome, { choose: 'rb' })
})

t.test('there is room for the longest name', async t => {
  t.strictSame(dialogue(['ra', 'qp0'], 'qp01\r'), {
    said: 'qp0\x07\r\n',
    outcome: { choose: 'qp0' },
    left: 0,
  })
})

t.test('whatever is typed, nothing but echo, bell and our own words comes back', async () => {
  const names = ['ra', 'qp0']
  const keys = fc.uint8Array({ maxLength: 60 })
  const likely = fc.array(fc.constantFrom(...Buffer.from('ra0qp\b\x7f\x15\x17\r\x1b[')), {
    maxLength: 60,
  })
  fc.assert(
    fc.property(fc.oneof(keys, likely.map(Uint8Array.from.bind(Uint8Array))), keys => {
      const { said, outcome } = dialogue(names, keys)
      if (typeof outcome === 'object' && !names.includes(outcome.choose)) return false
      return /^(?:[ -~]|\r\n|\x07|\x08 \x08)*$/.test(said)
    }),
  )
})
