// Idle costs nothing: nobody wakes up while nothing happens.

import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { place, terminal, until } from './driver.js'
import { resident, sleeps, worked } from './facts.js'
import { becomes, kill, session, sessions, sh } from './sessions.js'

t.test('idle masters and signallers do not wake up', async t => {
  const world = place(t)
  const alone = await session(world, 'sleep', '1000')
  const its = terminal(world, ['sess', ...sh('echo ready; read x')])
  await its.see('ready')
  const seen = terminal(world, ['sess', 'reconnect', '-r', alone])
  await seen.see('successfully connected')
  const ended = await session(world, ...sh('echo x'))
  await becomes(world, ended, { state: 'ended' })
  const masters = (await sessions(world)).map(({ name, pid }) => ({
    what: `master of ${name}`,
    pid,
  }))
  const all = [...masters, { what: 'signaller', pid: its.pid }, { what: 'viewer', pid: seen.pid }]
  t.equal(all.length, 5)
  // Node tidies up 8 seconds after the last work, once.
  await wait(12_000)
  const before = all.map(({ pid }) => [sleeps(pid), worked(pid)] as const)
  await wait(8000)
  for (const [n, { what, pid }] of all.entries()) {
    const [slept = 0, worked0 = 0] = before[n] ?? []
    t.ok(sleeps(pid) - slept <= 2, `the ${what} has woken up ${sleeps(pid) - slept} times`)
    t.ok(worked(pid) - worked0 <= 10)
    t.ok(resident(pid) < 100)
  }
  await kill(world, alone, ended, ...masters.map(({ what }) => what.replace('master of ', '')))
  await until(async () => (await sessions(world)).length === 0, 'all are gone')
  await Promise.all([its.end(), seen.end()])
})
