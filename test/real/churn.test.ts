// Sessions, connections and clients that come and go, again and again: each time as the first, and nothing
// is left over.

import { readdirSync } from 'node:fs'
import t from 'tap'
import { request } from '../../lib/frames.js'
import { place, processes, run, terminal, until } from './driver.js'
import { descriptors, resident } from './facts.js'
import { becomes, kill, lines, session, sessions, sh } from './sessions.js'
import { stranger } from './stranger.js'

/** How often; a soak asks for more. */
const RUNS = Number(process.env['SESS_RUNS'] ?? 8)

t.test(`${RUNS} times made, killed and made again: each can be asked at once (C32)`, async t => {
  const world = place(t)
  let name = await session(world, 'sleep', '1000')
  let good = 0
  for (let n = 0; n < RUNS; n++) {
    const killed = await run(world, ['sesskill', '-y', '-s', name])
    name = await session(world, 'sleep', '1000')
    const asked = await run(world, ['sessname', '-s', name])
    if (killed.status === 0 && asked.stdout.toString() === `session ${name}\n`) good++
  }
  t.equal(good, RUNS)
  t.strictSame(
    (await sessions(world)).map(one => one.name),
    [name],
    'the killed are not listed',
  )
  await kill(world, name)
})

t.test(`${2 * RUNS} sessions that have ended leave nothing (C32)`, async t => {
  const world = place(t)
  const loop = (how: string): string[] =>
    sh(`n=0; while [ $n -lt ${RUNS} ]; do sess ${how} || echo oh; n=$((n+1)); done`)
  const [plain, named] = await Promise.all([
    run(world, loop('true'), { timeout: 300_000 }),
    run(world, loop('sh -c "sessname title; exit 0"'), { timeout: 300_000 }),
  ])
  t.strictSame([plain.stdout.toString(), plain.stderr], ['', ''])
  t.strictSame([named.stdout.toString(), named.stderr], ['', ''])
  await until(() => processes(world).every(one => one.state === 'Z'), 'no process is left', 3000)
  t.strictSame(readdirSync(world.sessions), [])
})

t.test(`${RUNS} sessions end while somebody types (C37)`, async t => {
  const world = place(t)
  let good = 0
  for (let n = 0; n < RUNS; n++) {
    const its = terminal(world, ['sess', ...sh('sleep 0.05; printf "@@@ done\\n"')])
    const typing = setInterval(() => void its.type('\r').catch(() => undefined), 10)
    if ((await its.end()) === 0 && its.text.includes('@@@ done')) good++
    clearInterval(typing)
    its.hangup()
  }
  t.equal(good, RUNS)
})

t.test('200 clients come and go, and the master is as before', async t => {
  const world = place(t)
  const name = await session(world, ...sh('while :; do echo line; sleep 0.01; done'))
  const { pid } = await becomes(world, name, { state: 'disconnected' })
  const how = { rows: 24, columns: 80, tty: '', from: '', pid: 0, kept: 0, saved: '' }
  const visit = async (n: number): Promise<void> => {
    const client = await stranger(world, name)
    client.say(request({ type: 'hello', version: 1 }))
    if (n % 4 > 0) {
      const viewer = n % 4 > 1
      client.say(request({ type: 'connect', terminal: false, viewer, force: true, ...how }))
      await until(
        () => client.heard.some(one => one.type === 'connected' || one.type === 'refused'),
        'admitted',
      )
    } else client.say(request({ type: 'info' }))
    if (n % 3) client.leave()
    else client.say(request({ type: 'leave', ended: false }))
    if (n % 5) client.leave()
    await until(() => !client.open, 'it has gone')
  }
  for (let n = 0; n < 60; n++) await visit(n)
  const before = { open: descriptors(pid).length, size: resident(pid) }
  for (let n = 0; n < 200; n++) await visit(n)
  await becomes(world, name, { state: 'disconnected' })
  await until(() => descriptors(pid).length <= before.open, 'no descriptor is left', 3000)
  t.ok(resident(pid) - before.size < 16, `grew by ${resident(pid) - before.size} MiB`)
  t.match(await sessions(world), [{ name, viewers: [], connection: null }])
  await kill(world, name)
})

t.test('disconnect has happened when it exits (P36)', async t => {
  const world = place(t)
  const name = await session(world, ...sh('while :; do echo line; sleep 0.05; done'))
  let wrong = 0
  for (let n = 0; n < RUNS; n++) {
    const its = terminal(world, ['sess', 'reconnect', name])
    await its.see('line\r\n')
    const after = await run(world, sh(`disconnect -s ${name} && sesslist`))
    if (!after.stdout.toString().includes(` disconnected\n`)) wrong++
    if (lines(after.stdout).some(line => / connected/.test(line) && line.includes(name))) wrong++
    t.equal(await its.end(), 0)
    its.hangup()
  }
  t.equal(wrong, 0)
  await kill(world, name)
})
