// Many at once on one session: one wins, and the others are told so.

import { readdirSync } from 'node:fs'
import t from 'tap'
import { alive, place, run, terminal, until, type Outcome } from './driver.js'
import { becomes, kill, session, sessions, sh } from './sessions.js'

const many = <T>(count: number, one: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => one(n)))

const count = (outcomes: Outcome[], status: number): number =>
  outcomes.filter(one => one.status === status).length

/** Nothing that a person should not see. */
const clean = (outcomes: Outcome[]): boolean =>
  outcomes.every(({ stderr }) =>
    /^(\w+: (fatal|info|warning): [^\n]*\n)*(reconnect: will[^\n]*\n)?$/.test(stderr),
  )

t.test(
  '20 commands at once on one session: each is answered, and the last word counts',
  async t => {
    const world = place(t)
    const its = terminal(world, ['sess', ...sh('echo ready; read x')])
    await its.see('ready')
    const [{ name } = { name: '' }] = await sessions(world)
    const outcomes = await many(20, n => {
      const commands = [
        ['sessname', '-s', name, `title ${n}`],
        ['reconnect', '-s', name, 'ef'],
        ['reconnect', '-s', name],
        ['sesslist'],
      ]
      return run(world, commands[n % 4] ?? [])
    })
    t.equal(count(outcomes, 0), 20)
    t.ok(
      outcomes.every(({ stderr }) =>
        /^(reconnect: will connect to session ef .*\n)?$/.test(stderr),
      ),
    )
    const after = await becomes(world, name, { state: 'connected' })
    t.match(after.title, /^title (0|4|8|12|16)$/)

    const leaving = await many(10, () => run(world, ['disconnect', '-s', name]))
    t.ok(count(leaving, 0) >= 1)
    t.equal(count(leaving, 0) + count(leaving, 2), 10)
    t.ok(clean(leaving))
    await its.end()
    const killing = await many(10, () => run(world, ['sesskill', '-y', '-s', name]))
    t.ok(count(killing, 0) >= 1)
    t.equal(count(killing, 0) + count(killing, 2), 10)
    t.ok(clean(killing))
  },
)

t.test('of 20 that connect at once one wins, and the others are told (C31, P13)', async t => {
  const world = place(t)
  const name = await session(world, ...sh('echo >>started; echo ready; read x'))
  let won = 0
  const outcomes = many(20, async () => {
    const its = await run(world, ['sess', 'reconnect', name], { stdin: 'silent' })
    if (its.status === 129) won++
    return its
  })
  await becomes(world, name, { state: 'connected' })
  const refused = until(async () => (await sessions(world)).length === 1, 'the others are refused')
  await refused
  await kill(world, name)
  const all = await outcomes
  t.equal(won, 1)
  t.equal(count(all, 111), 19)
  const said = all.filter(({ stderr }) =>
    stderr.includes('session already connected somewhere else'),
  )
  t.equal(said.length, 19)
  t.equal(all.filter(({ stdout }) => stdout.toString().includes('ready')).length, 1)
})

t.test('of 8 that take over at once one has it in the end', async t => {
  const world = place(t)
  const name = await session(world, ...sh('while :; do echo line; sleep 0.1; done'))
  const outcomes = many(8, () => run(world, ['sess', 'reconnect', '-f', name], { stdin: 'silent' }))
  await until(async () => {
    const [one, ...others] = await sessions(world)
    return one?.state === 'connected' && others.length === 0
  }, 'one is left')
  await kill(world, name)
  const all = await outcomes
  t.equal(count(all, 129), 1)
  t.equal(count(all, 111), 7)
  t.ok(all.every(({ stderr }) => /taken over by|already connected|was killed/.test(stderr)))
})

t.test('sessions that begin at once have names of their own', async t => {
  const world = place(t)
  const names = await many(8, () => session(world, 'sleep', '1000'))
  t.equal(new Set(names).size, 8)
  t.strictSame((await sessions(world)).map(({ name }) => name).sort(), names.sort())
  await kill(world, ...names)
  await until(() => readdirSync(world.sessions).length === 0, 'nothing is left')
})

t.test('a master that does not answer is said to, and is waited for by nobody else', async t => {
  const world = place(t)
  const [stopped = '', other = ''] = await many(2, () => session(world, 'sleep', '1000'))
  const { pid } = await becomes(world, stopped, { state: 'disconnected' })
  process.kill(pid, 'SIGSTOP')
  const questions = [
    ['sessname', '-s', stopped],
    ['sesskill', '-y', '-s', stopped],
    ['sess', 'reconnect', stopped],
  ]
  const asked = many(3, n => run(world, questions[n] ?? []))

  const begun = performance.now()
  const { status, stdout } = await run(world, ['sesslist'])
  t.ok(performance.now() - begun < 2000, 'it is listed within about a second')
  t.equal(status, 0)
  t.match(stdout.toString(), new RegExp(`^session ${stopped}( pid \\d+)? does not answer$`, 'm'))
  t.match(stdout.toString(), new RegExp(`^session ${other} pid \\d+ slave \\d+ disconnected$`, 'm'))
  const unanswered = (await sessions(world)).find(one => one.name === stopped)
  t.match(unanswered, { state: 'unanswered' })
  const next = performance.now()
  t.equal((await run(world, ['sess', 'true'])).status, 0)
  t.ok(performance.now() - next < 1000, 'a new session does not wait')

  for (const { status, stderr } of await asked) {
    t.equal(status, 111)
    t.match(stderr, `fatal: session ${stopped} does not answer\n`)
  }
  process.kill(pid, 'SIGCONT')
  await until(() => !alive(pid), 'it still does what it was asked')
  await kill(world, other)
})
