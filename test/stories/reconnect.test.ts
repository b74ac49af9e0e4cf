import t from 'tap'
import { relayed, world } from './world.js'

/** What a user sees when he is taken to a session. */
const to = (name: string): string[] => [
  `pty: info: reconnecting to ${name}`,
  '[raw]',
  `pty: info: successfully connected to ${name}`,
]

const will = (to: string, here: string): string =>
  `reconnect: will connect to session ${to} when session ${here} is done`

t.test('a disconnect is quiet, and the session goes on without a terminal (P5, P6)', async t => {
  const { screen, run, session, signaller } = world('r7')
  session('r7').write('$ ')
  signaller.type('vi\r')
  t.equal(session('r7').heard, 'vi\r')
  t.strictSame(run('r7', { type: 'disconnect' }), ['ok'])
  t.strictSame(screen, ['[raw]', '$ ', '[restore]', '[exit 0]'])
  t.equal(session('r7').status, 'disconnected')
  t.strictSame(run('r7', { type: 'disconnect' }), ['no session r7 not connected'])
})

t.test('a reconnect does nothing until its session ends (P8, P9)', async t => {
  const { screen, reconnect, session, signaller, exists } = world('p7', 'qb')
  session('qb').write('vi')
  reconnect('p7', 'qb')
  t.equal(session('p7').status, 'connected (will drop into qb)')
  signaller.type('exit\r')
  session('p7').write('bye')
  session('p7').exit(3)
  t.strictSame(screen, ['[raw]', will('qb', 'p7'), 'bye', ...to('qb'), 'vi'])
  t.equal(exists('p7'), false)
  signaller.type(':q\r')
  t.equal(session('qb').heard, ':q\r')
  session('qb').exit(4)
  t.strictSame(screen.slice(-2), ['[restore]', '[exit 4]'])
})

t.test('or is disconnected, and then both go on (P9, P28)', async t => {
  const { screen, flip, session, signaller } = world('p7', 'qb')
  session('p7').write('counting')
  flip('p7', 'qb')
  t.strictSame(screen, ['[raw]', 'counting', will('qb', 'p7'), ...to('qb')])
  t.equal(session('p7').status, 'disconnected')
  t.equal(session('qb').status, 'connected')
  t.equal(signaller.at, 'qb')
})

t.test('the latest reconnect wins; an empty one cancels (P11)', async t => {
  const one = world('r7', 'qf')
  one.reconnect('r7', 'qf')
  one.reconnect('r7', '')
  t.equal(one.session('r7').status, 'connected')
  one.run('r7', { type: 'disconnect' })
  t.strictSame(one.screen, ['[raw]', will('qf', 'r7'), '[restore]', '[exit 0]'])

  const other = world('r7', 'qf', 'rc')
  other.reconnect('r7', 'qf')
  other.reconnect('r7', 'rc')
  other.session('r7').exit(0)
  t.strictSame(other.screen, ['[raw]', will('qf', 'r7'), will('rc', 'r7'), ...to('rc')])
})

t.test(
  'two sessions are flipped between for ever, and neither loses a word (P10, P28)',
  async t => {
    const { screen, flip, session, signaller } = world('yy', 'xx')
    const expected = ['[raw]']
    let [here, there] = ['yy', 'xx']
    for (let n = 0; n < 50; n++) {
      session(there).write(`${n};`)
      flip(here, there)
      expected.push(will(there, here), ...to(there), `${n};`)
      signaller.type(`${n};`)
      ;[here, there] = [there, here]
    }
    t.strictSame(screen, expected)
    const typed = Array.from({ length: 50 }, (_, n) => `${n};`)
    t.equal(session('xx').heard, typed.filter((_, n) => n % 2 === 0).join(''))
    t.equal(session('yy').heard, typed.filter((_, n) => n % 2 === 1).join(''))
  },
)

t.test('a session that is not there yet may be by then (P12)', async t => {
  const { screen, reconnect, sess, session, signaller, run } = world('r7')
  reconnect('r7', 'qf')
  sess('r7', 'qf')
  run('qf', { type: 'disconnect' })
  session('r7').exit(0)
  t.strictSame(screen, ['[raw]', will('qf', 'r7'), ...to('qf')])
  t.equal(signaller.at, 'qf')
})

t.test('one that is not there is missed, and the terminal restored (P12)', async t => {
  const { screen, reconnect, session, signaller } = world('r7')
  reconnect('r7', 'qf')
  session('r7').exit(0)
  t.strictSame(screen, [
    '[raw]',
    will('qf', 'r7'),
    'pty: info: reconnecting to qf',
    '[restore]',
    'pty: fatal: signaller cannot reconnect to session qf; does it exist?',
    '[exit 111]',
  ])
  t.equal(signaller.status, 111)
})

t.test('one that is connected elsewhere is not disturbed (P13)', async t => {
  const { screen, session, visit } = world('qb')
  const other = visit('qb')
  t.strictSame(other.screen.slice(-3), [
    '[restore]',
    'pty: fatal: session already connected somewhere else: /dev/pts/1',
    '[exit 111]',
  ])
  session('qb').write('still here')
  t.strictSame(screen, ['[raw]', 'still here'])
})

t.test('unless it is taken by force, and then he who had it is told', async t => {
  const { screen, session, visit, signaller } = world('qb')
  const other = visit('qb', { force: true })
  session('qb').write('here now')
  t.strictSame(screen, [
    '[raw]',
    '[restore]',
    'pty: warning: session qb taken over by /dev/pts/2',
    '[exit 111]',
  ])
  t.strictSame(other.screen, ['[raw]', ...to('qb'), 'here now'])
  signaller.type('x')
  other.signaller.type('y')
  t.equal(session('qb').heard, 'y')
})

t.test('whoever is taken over goes where he was told to go', async t => {
  const { screen, reconnect, visit, signaller } = world('qb', 'r7')
  reconnect('qb', 'r7')
  visit('qb', { force: true })
  t.strictSame(screen.slice(2), ['pty: warning: session qb taken over by /dev/pts/2', ...to('r7')])
  t.equal(signaller.at, 'r7')
})

t.test('one who does not answer is taken over all the same, and loses nothing', async t => {
  const { screen, session, visit, signaller, run } = relayed('qb')
  session('qb').write('seen;')
  signaller.freeze()
  session('qb').write('unseen;')
  t.match(run('qb', { type: 'info' }), ['info'])
  const other = visit('qb', { force: true })
  t.strictSame(other.screen, ['[raw]', 'pty: info: reconnecting to qb'], 'he waits')
  session('qb').late()
  session('qb').write('new;')
  t.strictSame(other.screen, ['[raw]', ...to('qb'), 'unseen;', 'new;'])
  signaller.thaw()
  t.strictSame(screen.slice(-3), [
    '[restore]',
    'pty: warning: session qb taken over by /dev/pts/2',
    '[exit 111]',
  ])
  t.equal(session('qb').status, 'connected')
})

t.test(
  'a disconnect is done when its answer comes, also from who does not answer (P36)',
  async t => {
    const { session, signaller, run } = world('qb')
    signaller.freeze()
    const answer = run('qb', { type: 'disconnect' })
    t.strictSame(answer, [])
    session('qb').late()
    t.strictSame(answer, ['ok'])
    t.equal(session('qb').status, 'disconnected')
  },
)

t.test('viewers see it all, and only look', async t => {
  const { screen, session, visit, signaller } = world('qb')
  session('qb').write('before')
  const one = visit('qb', { viewer: true })
  const two = visit('qb', { viewer: true })
  one.signaller.type('x')
  signaller.type('y')
  session('qb').write('after')
  t.strictSame([screen.at(-1), one.screen.at(-1), two.screen.at(-1)], ['after', 'after', 'after'])
  t.strictSame(one.screen, ['[raw]', ...to('qb'), 'after'])
  t.equal(session('qb').heard, 'y')
  t.equal(session('qb').viewers, 2)
  t.strictSame(session('qb').happened, ['size 24 80'])
  session('qb').exit(3)
  for (const its of [screen, one.screen, two.screen])
    t.strictSame(its.slice(-2), ['[restore]', '[exit 3]'])
})

t.test('a session is not shown on its own terminal', async t => {
  const { screen, sess, reconnect, session } = world('r7')
  sess('r7', 'q0')
  reconnect('q0', 'r7')
  session('q0').exit(0)
  t.strictSame(screen.slice(-1), ['pty: fatal: session r7 cannot be connected to its own terminal'])
})
