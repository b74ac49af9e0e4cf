// Somebody else's socket in the session directory, and what programs, titles and places are called: nothing
// of it harms who asks, or disturbs his terminal.

import { randomBytes } from 'node:crypto'
import t from 'tap'
import { reply } from '../../lib/frames.js'
import { alive, place, run, terminal } from './driver.js'
import { becomes, kill, session, sh, type Session } from './sessions.js'
import { impostor } from './stranger.js'

/** What a terminal would act on, or show as something else. */
const DISTURBING = /[^\P{Cc}\r\n]|\p{Bidi_Control}|\ufffd/u

t.test('an impostor’s socket harms nobody who asks it (SECURITY 8, 14)', async t => {
  const world = place(t)
  const name = await session(world, 'sleep', '1000')
  const { pid } = await becomes(world, name, { state: 'disconnected' })
  const evil = '\x1b]0;owned\x07\u009b31m\u202e\n\x7f'
  const there = { tty: evil, from: evil }
  const times = { since: 0, begun: 0, status: 0, stopped: 0 }
  const texts = { name: evil, title: evil, next: evil, command: evil, recording: evil }
  const all = Buffer.concat([
    reply({ type: 'hello', version: 1 }),
    reply({
      type: 'info',
      ...texts,
      ...times,
      pid,
      slave: pid,
      state: 'connected',
      connection: there,
      direct: { input: false, output: false },
      viewers: [there],
      session: true,
    }),
  ])
  await impostor(t, world, 'ef', () => all)
  await impostor(t, world, 'ee', () => reply({ type: 'no', reason: evil }))
  await impostor(t, world, 'ed', () => randomBytes(100_000))
  await impostor(t, world, 'ec', () => Buffer.from('o\xff\xff\xffx', 'latin1'))
  await impostor(t, world, 'eb', () => Buffer.alloc(0))
  await impostor(t, world, 'ea', () => reply({ type: 'ok', said: false }))
  const begun = performance.now()
  const listing = terminal(world, ['sesslist'])
  t.equal(await listing.end(), 0)
  t.ok(performance.now() - begun < 3000)
  t.notMatch(listing.text, DISTURBING, 'nothing that could disturb a terminal')
  t.match(listing.text, `session ${name} pid ${pid} `)
  t.match(listing.text, 'session eb does not answer')
  const listed = JSON.parse(
    (await run(world, ['sesslist', '--json'])).stdout.toString(),
  ) as Session[]
  t.ok(listed.some(one => one.name === name))

  const commands = [
    ['sesskill', '-y', '-s', 'ef'],
    ['sesskill', '-yf', '-s', 'ea'],
    ['sesskill', '-y', '-s', 'ee'],
    ['sessname', '-s', 'ed'],
    ['sessname', '-s', 'ef'],
    ['disconnect', '-s', 'ee'],
    ['reconnect', '-s', 'ec', 'p0'],
    ['sess', 'reconnect', 'ef'],
    ['sess', 'reconnect', 'ed'],
  ]
  const said = await Promise.all(commands.map(argv => run(world, argv)))
  for (const [n, its] of said.entries()) {
    const argv = commands[n] ?? []
    const what = `${argv.join(' ')}: ${its.stderr}`
    t.notMatch(its.stderr + its.stdout.toString(), DISTURBING, what)
    t.notMatch(its.stderr, /\n\s+at |Error/, what)
  }
  t.ok(alive(pid), 'nobody is killed on an impostor’s word')
  t.match(await run(world, ['sessname', '-s', name]), { status: 0 })
  await kill(world, name)
})

t.test('what a program is called, or where it is, disturbs no listing (SECURITY 14)', async t => {
  const world = place(t)
  const evil = '\x1b]0;owned\x07\u009b31m\u202e\nx'
  const name = await session(world, ...sh('exec sleep 1000'), evil, '\x1b[2J')
  for (const argv of [['sesslist'], ['sesslist', '--json'], ['sesswho'], ['sesswhere']]) {
    const its = terminal(world, argv)
    t.equal(await its.end(), 0)
    t.notMatch(its.text, DISTURBING, argv.join(' '))
  }
  const { stderr } = await run(world, ['sess', evil])
  t.notMatch(stderr, DISTURBING)
  await kill(world, name)
})
