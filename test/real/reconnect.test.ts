// Where a terminal goes next: decided now, done when the session ends or is disconnected. And who may not go
// there: one too many, and a session to its own terminal.

import t from 'tap'
import {
  place,
  run,
  shell,
  terminal,
  until,
  type Shell,
  type Terminal,
  type World,
} from './driver.js'
import { becomes, kill, look, session, sh } from './sessions.js'

/** A shell in a session of its own, and the session's name. */
async function inside(world: World): Promise<{ user: Shell; name: string }> {
  const user = await shell(world, { argv: ['sess', '/bin/sh', '-i'] })
  return { user, name: await user.answer('echo $PTY') }
}

const remembered = (to: string, from: string): string =>
  `reconnect: will connect to session ${to} when session ${from} is done`

const going = (to: string): string =>
  `pty: info: reconnecting to ${to}\r\npty: info: successfully connected to ${to}\r\n`

t.test('a reconnect is remembered, and takes effect when the session is done (P8, P9)', async t => {
  const world = place(t)
  for (const done of ['disconnect', 'exit', 'exec reconnect']) {
    const { user, name } = await inside(world)
    const before = user.modes()
    const next = await session(world, 'cat')
    if (done === 'exec reconnect') await user.command(`exec reconnect ${next}`)
    else {
      t.equal(await user.answer(`reconnect ${next}; echo $?`), `${remembered(next, name)}\n0`)
      t.equal(await user.answer('echo still here'), 'still here')
      t.equal((await look(world, name))?.next, next)
      const { stdout } = await run(world, ['sesslist'])
      t.match(stdout.toString(), `connected (will drop into ${next})\n`)
      await user.command(done)
    }
    await user.see(going(next))
    await user.type('typed\r')
    await user.see('typed\r\ntyped\r\n')
    t.equal(user.modes(), before, 'the terminal is as ready as before')
    const left = await look(world, name)
    t.equal(left?.state, done === 'disconnect' ? 'disconnected' : undefined, done)
    await user.type('\x04')
    t.equal(await user.end(), 0)
    await kill(world, name)
  }
})

t.test('the latest reconnect counts, and an empty one cancels (P11)', async t => {
  const world = place(t)
  const [one, other] = await Promise.all([session(world, 'cat'), session(world, 'cat')])
  const first = await inside(world)
  t.equal(
    await first.user.answer(`reconnect ${one}; reconnect ${other}`),
    `${remembered(one, first.name)}\n${remembered(other, first.name)}`,
  )
  await first.user.command('disconnect')
  await first.user.see(going(other))
  await run(world, ['disconnect', '-s', other])
  t.equal(await first.user.end(), 0)

  const second = await inside(world)
  t.equal(await second.user.answer(`reconnect ${one} 2>&-; reconnect; echo $?`), '0')
  t.equal((await look(world, second.name))?.next, null)
  await second.user.command('disconnect')
  t.equal(await second.user.end(), 0)
  t.match(second.user.text, /disconnect\r\n$/, 'not a word')
  await kill(world, one, other, first.name, second.name)
})

t.test('the session need not exist yet; if it never does, that is the end (P12)', async t => {
  const world = place(t)
  const user = await shell(world)
  const before = user.modes()
  const decided = async (): Promise<string> => {
    await user.command('sess sh')
    await user.prompt()
    const next = await session(world, 'cat')
    await kill(world, next)
    t.equal(await user.answer(`reconnect ${next} 2>&-; echo $?`), '0')
    return next
  }
  const never = await decided()
  await user.command('exit')
  await user.see(`pty: info: reconnecting to ${never}\r\n`)
  await user.see(`pty: fatal: signaller cannot reconnect to session ${never}; does it exist?\r\n$ `)
  t.equal(await user.answer('echo $?'), '111')
  t.equal(user.modes(), before)

  const next = await decided()
  // Names are those of terminals, the lowest free: one that was free is soon taken again.
  const made: string[] = []
  while (!made.includes(next) && made.length < 20) made.push(await session(world, 'cat'))
  await user.command('exit')
  if (made.includes(next)) {
    await user.see(going(next))
    await user.type('\x04')
  } else t.comment(`the name ${next} was taken`)
  await user.prompt()
  await kill(world, ...made)
  await user.type('exit\r')
  await user.end()
})

t.test('sess reconnect leads there from anywhere, and back (P27)', async t => {
  const world = place(t)
  const next = await session(world, 'cat')
  const { user, name } = await inside(world)
  await user.command(`sess reconnect ${next}`)
  const middle = await user.see(
    /reconnect: will connect to session [a-z0-9]+ when session (\S+) is done\r\n/,
  )
  await user.see(going(next))
  await user.type('typed\r')
  await user.see('typed\r\ntyped\r\n')
  t.equal((await look(world, name))?.state, 'connected')
  t.equal(await look(world, middle), undefined, 'the one between is done')
  await run(world, ['disconnect', '-s', next])
  await user.prompt()
  t.equal(await user.answer('echo $? $PTY'), `0 ${name}`)
  await kill(world, next)
  await user.type('exit 5\r')
  t.equal(await user.end(), 5)
})

t.test(
  'a session that is connected elsewhere is refused, and where is said (P13, C22)',
  async t => {
    const world = place(t)
    const { user, name } = await inside(world)
    const other = await shell(world)
    const before = other.modes()
    await other.command(`sess reconnect ${name}; echo status $?`)
    await other.see(`pty: fatal: session already connected somewhere else: ${user.device}\r\n`)
    await other.see('status 111\r\n$ ')
    t.equal(other.modes(), before)
    t.equal(await user.answer('echo undisturbed'), 'undisturbed')

    const pid = await user.answer('echo $$')
    await other.command(`sess reconnect -f ${name}`)
    await other.see(going(name))
    t.equal(await user.end(), 111)
    await user.see(`pty: warning: session ${name} taken over by ${other.device}\r\n`)
    await other.type('\r')
    await other.prompt()
    t.equal(await other.answer('echo $$'), pid)
    t.equal((await look(world, name))?.connection?.tty, other.device)
    await other.command('exit 6')
    await other.prompt()
    t.equal(await other.answer('echo $?'), '6')
    t.equal(other.modes(), before)
    await other.type('exit\r')
    await other.end()
  },
)

t.test('who is taken over goes where he was to go next', async t => {
  const world = place(t)
  const next = await session(world, 'cat')
  const { user, name } = await inside(world)
  await user.answer(`reconnect ${next}`)
  const thief = terminal(world, ['sess', 'reconnect', '-f', name])
  await thief.see(going(name))
  await user.see(`pty: warning: session ${name} taken over by ${thief.device}\r\n${going(next)}`)
  t.equal((await look(world, name))?.next, null, 'and the thief goes nowhere')
  await kill(world, name, next)
  t.equal(await thief.end(), 129)
  t.equal(await user.end(), 129)
})

t.test(
  'a session is never connected to its own terminal, directly or through others (C19)',
  async t => {
    const world = place(t)
    const { user, name } = await inside(world)
    const refused = `session ${name} cannot be connected to its own terminal`
    t.equal(
      await user.answer(`reconnect ${name}; echo $?`),
      `reconnect: fatal: session ${name} is this one: it cannot drop into itself\n2`,
    )
    for (const command of [
      `sess reconnect ${name}`,
      `sess reconnect -f ${name}`,
      `sess reconnect -r ${name}`,
      `sess reconnect ${name} | cat`,
      `sess reconnect ${name} </dev/null`,
    ]) {
      const said = await user.answer(`${command}; echo status $?`)
      t.match(said, `pty: fatal: ${refused}\nstatus ${command.endsWith('cat') ? 0 : 111}`, command)
    }
    await user.command('sess sh -i')
    await user.prompt()
    const inner = await user.answer('echo $PTY')
    t.not(inner, name)
    t.match(await user.answer(`sess reconnect ${name}; echo $?`), `pty: fatal: ${refused}\n111`)
    await user.answer(`reconnect ${name}`)
    await user.command('exit')
    await user.see(`pty: fatal: ${refused}\r\n`)
    await user.prompt()
    t.equal(await user.answer('echo $? $PTY'), `111 ${name}`)
    await user.type('exit\r')
    t.equal(await user.end(), 0)
  },
)

t.test('a loop that is closed from the other side is refused, too', async t => {
  const world = place(t)
  const one = await inside(world)
  const other = await inside(world)
  await run(world, ['disconnect', '-s', other.name])
  await one.user.command(`sess reconnect ${other.name}`)
  await one.user.see(going(other.name))
  await one.user.type('\r')
  await one.user.prompt()
  await one.user.command(`sess reconnect -f ${one.name}; echo status $?`)
  await one.user.see(`pty: fatal: session ${one.name} cannot be connected to its own terminal\r\n`)
  await one.user.see('status 111\r\n')
  await kill(world, one.name, other.name)
  await one.user.end()
})

t.test('a name in the environment of a session that is gone blocks nothing (C19)', async t => {
  const world = place(t)
  const PTY = await session(world, 'cat')
  await kill(world, PTY)
  const gone = `cannot find session ${PTY}; if it exists, do you own it?\n`
  t.match(await run(world, ['reconnect', 'p0'], { env: { PTY } }), {
    status: 2,
    stderr: `reconnect: fatal: ${gone}`,
  })
  t.match(await run(world, ['sess', ...sh('echo $PTY')], { env: { PTY } }), { status: 0 })
  const next = await session(world, 'cat')
  const user = terminal(world, ['sess', 'reconnect', next], { env: { PTY } })
  await user.see(going(next))
  await kill(world, next)
  t.equal(await user.end(), 129)
})

t.test('a viewer sees, and nothing he does reaches the session', async t => {
  const world = place(t)
  const { user, name } = await inside(world)
  const viewers: Terminal[] = []
  for (const rows of [10, 20]) {
    const viewer = terminal(world, ['sess', 'reconnect', '-r', name], { rows, columns: 33 })
    await viewer.see(going(name))
    viewers.push(viewer)
  }
  t.match(await becomes(world, name, { state: 'connected' }), {
    viewers: viewers.map(({ device }) => ({ tty: device, from: '' })),
  })
  t.match((await run(world, ['sesslist'])).stdout.toString(), 'connected with 2 viewers\n')
  const [first, second] = viewers
  await first?.type('echo from a viewer\r')
  first?.resize(5, 5)
  t.equal(await user.answer('stty size'), '24 80')
  await user.answer('echo one')
  for (const viewer of viewers) await viewer.see('echo one\r\none\r\n')
  await first?.type('\x03')
  t.equal(await first?.end(), 130, 'he leaves')
  await until(async () => (await look(world, name))?.viewers.length === 1, 'one is left')
  await user.command('disconnect')
  t.equal(await user.end(), 0)
  const again = terminal(world, ['sess', 'reconnect', name])
  await again.see(going(name))
  await again.type('exit 8\r')
  t.equal(await again.end(), 8)
  await second?.see('exit 8\r\n')
  t.equal(await second?.end(), 8, 'he sees the end')
  t.notMatch(user.text, 'from a viewer')
})

t.test('the end of a session around another only disconnects that (C19)', async t => {
  const world = place(t)
  const { user, name } = await inside(world)
  await user.command('sess sh -i')
  await user.prompt()
  const inner = await user.answer('echo $PTY')
  await user.type(`sesskill -ys ${name}\r`)
  t.equal(await user.end(), 129)
  t.match(await becomes(world, inner, { state: 'disconnected' }), { stopped: null })
  await kill(world, inner)
})
