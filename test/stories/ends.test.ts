import t from 'tap'
import { relayed, world } from './world.js'

t.test('sess stops with its program, and goes on with it (P38)', async t => {
  const { screen, session, signaller } = world('r7')
  session('r7').write('text')
  session('r7').stop(20)
  t.strictSame(screen, ['[raw]', 'text', '[restore]', '[stop 20]'])
  signaller.happen({ type: 'continued' })
  t.strictSame(screen.slice(4), ['[raw]'])
  t.strictSame(session('r7').happened, ['size 24 80', 'continued'])
})

t.test('a session within a session stops, and the outer shell reads again (P38)', async t => {
  const { session, sess, signaller } = world('r7')
  const inner = sess('r7', 'q0')
  signaller.type('in;')
  session('q0').stop(20)
  signaller.type('fg;')
  inner.happen({ type: 'continued' })
  signaller.type('in again;')
  t.equal(session('r7').heard, 'fg;')
  t.equal(session('q0').heard, 'in;in again;')
})

t.test(
  'a stop that nobody sees waits for a reconnect, which continues the program (P33)',
  async t => {
    const { session, run, visit } = world('r7')
    run('r7', { type: 'disconnect' })
    session('r7').stop(19)
    const { screen } = visit('r7')
    t.equal(screen.at(-1), 'pty: info: successfully connected to r7')
    t.strictSame(session('r7').happened, ['size 24 80', 'size 24 80', 'continued'])
  },
)

t.test('who was stopped with his program can be left or taken over', async t => {
  const { screen, session, visit, signaller } = world('r7')
  session('r7').stop(20)
  const other = visit('r7', { force: true })
  signaller.happen({ type: 'continued' })
  session('r7').write('going on')
  t.equal(screen.at(-1), '[exit 111]')
  t.equal(other.screen.at(-1), 'going on')
  t.strictSame(session('r7').happened.slice(1), ['size 24 80', 'continued'])
})

t.test('a program ends: all it said is shown, and then its status (P39, P41)', async t => {
  const { screen, session, exists } = world('r7')
  session('r7').write('x'.repeat(200_000))
  session('r7').exit(3)
  t.equal(screen.slice(1, -2).join('').length, 200_000)
  t.strictSame(screen.slice(-2), ['[restore]', '[exit 3]'])
  t.equal(exists('r7'), false)
})

t.test('one that ends while nobody is there waits for somebody to see it', async t => {
  const { session, run, visit, exists } = world('r7')
  run('r7', { type: 'disconnect' })
  session('r7').write('last words')
  session('r7').exit(3)
  t.equal(session('r7').status, 'ended 3')
  const viewer = visit('r7', { viewer: true })
  t.strictSame(viewer.screen.slice(-2), ['[restore]', '[exit 3]'], 'not for one who only looks')
  t.equal(exists('r7'), true)
  const { screen } = visit('r7')
  t.strictSame(screen.slice(-3), ['last words', '[restore]', '[exit 3]'])
  t.equal(exists('r7'), false)
})

t.test(
  'what a master has shown itself is not shown again, though its signaller was stopped dead',
  async t => {
    const { screen, session, visit, signaller } = world('r7')
    session('r7').write('shown;')
    signaller.freeze()
    session('r7').write('shown, too;')
    t.strictSame(screen, ['[raw]', 'shown;', 'shown, too;'])
    signaller.die()
    session('r7').write('unheard;')
    t.equal(visit('r7').screen.slice(-1).join(''), 'unheard;')
  },
)

t.test('the connection drops, and nothing is lost for the next (P1, P5, P10)', async t => {
  const { session, visit, signaller } = relayed('r7')
  session('r7').write('shown;')
  signaller.freeze()
  session('r7').write('on its way;')
  signaller.die()
  session('r7').write('unheard;')
  t.equal(session('r7').status, 'disconnected')
  t.strictSame(session('r7').happened, ['size 24 80'], 'the program has not noticed')
  const { screen } = visit('r7')
  t.equal(screen.slice(-1).join(''), 'on its way;unheard;')
})

t.test('a signaller that is told to die gives the terminal back first', async t => {
  const { screen, session, signaller } = world('r7')
  signaller.happen({ type: 'signal', signal: 'SIGTERM' })
  t.strictSame(screen, ['[raw]', '[restore]', '[die SIGTERM]'])
  t.equal(session('r7').status, 'disconnected')
})

t.test('the input ends, and that is a disconnect (P34)', async t => {
  const { screen, session, signaller } = world('r7')
  signaller.happen({ type: 'eof', some: true, gone: false })
  t.strictSame(screen, ['[raw]', '[restore]', '[exit 0]'])
  t.equal(session('r7').status, 'disconnected')
})

t.test('a master dies, and its user is told (P2)', async t => {
  const { screen, session } = world('r7')
  session('r7').die()
  t.strictSame(screen, ['[raw]', '[restore]', 'pty: fatal: session r7 is gone', '[exit 111]'])
})

t.test('but goes where he was to go', async t => {
  const { screen, session, reconnect, signaller } = world('r7', 'qf')
  reconnect('r7', 'qf')
  session('r7').die()
  t.equal(screen[2], 'pty: fatal: session r7 is gone')
  t.equal(signaller.at, 'qf')
})

t.test('a session is killed: the program is hung up on, and everybody is told (P37)', async t => {
  const { screen, session, run, visit, exists } = world('r7')
  const viewer = visit('r7', { viewer: true })
  const killed = session('r7')
  t.strictSame(run('r7', { type: 'kill', force: false }), ['ok'])
  t.strictSame(killed.happened.slice(-1), ['hung up'])
  t.equal(exists('r7'), false)
  for (const its of [screen, viewer.screen]) {
    t.strictSame(its.slice(-3), ['[restore]', 'pty: info: session r7 was killed', '[exit 129]'])
  }
})

t.test('a disconnect and the end at the same time: one of them comes first', async t => {
  for (const last of ['end', 'disconnect']) {
    const { screen, session, run, signaller, visit, exists } = world('r7')
    signaller.freeze()
    if (last === 'disconnect') session('r7').exit(3)
    const answer = run('r7', { type: 'disconnect' })
    if (last === 'end') session('r7').exit(3)
    signaller.thaw()
    t.strictSame(answer, ['ok'])
    t.strictSame(screen.slice(-1), last === 'end' ? ['[exit 0]'] : ['[exit 3]'])
    t.equal(exists('r7'), last === 'end', 'an end that nobody saw waits')
    if (last === 'end') t.equal(visit('r7').screen.at(-1), '[exit 3]')
  }
})
