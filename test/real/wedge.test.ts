// Nobody can wedge a session: not a signaller that is stopped dead, not a terminal, a viewer or a program
// that does not read. The master answers at once, stays small, and does not spin.

import { setTimeout as wait } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { alive, place, run, terminal, until, type Terminal, type World } from './driver.js'
import { resident, worked } from './facts.js'
import { becomes, kill, session, sessions, sh, type Session } from './sessions.js'

/** A flood that a test can tell from everything else. */
const FLOOD = sh('yes 0123456789')

/** The only session that somebody is connected to. */
async function connected(world: World): Promise<Session> {
  const find = async () => (await sessions(world)).find(one => one.state === 'connected')
  return until(find, 'somebody is connected')
}

/** Runs a command, which must answer within two seconds. */
async function answer(t: Test, world: World, ...argv: string[]): Promise<string> {
  const begun = performance.now()
  const { status, stdout, stderr } = await run(world, argv)
  t.equal(status, 0, `${argv.join(' ')} ${stderr}`)
  t.ok(performance.now() - begun < 2000, `${argv[0]} answers within two seconds`)
  return stdout.toString()
}

/** Every command that asks the session and changes nothing. */
async function answers(t: Test, world: World, { name, pid }: Session): Promise<void> {
  t.match(await answer(t, world, 'sesslist'), `session ${name} pid ${pid} slave `)
  await answer(t, world, 'sessname', '-s', name, 'still here')
  t.equal(await answer(t, world, 'sessname', '-s', name), `session ${name}: still here\n`)
  await answer(t, world, 'reconnect', '-s', name, 'zz')
  await answer(t, world, 'reconnect', '-s', name)
  t.match(await answer(t, world, 'sesswho'), String(pid))
  t.match(await answer(t, world, 'sesswhere'), name)
}

const last = (its: Terminal): string => its.output.subarray(-200).toString()

const grows = (its: Terminal): Promise<boolean> => {
  const before = its.output.length
  return until(() => its.output.length > before + 100000, 'output goes on')
}

/** Waits until no more comes. */
async function still(its: Terminal): Promise<void> {
  let before = -1
  await until(async () => {
    const same = before === its.output.length
    before = its.output.length
    await wait(200)
    return same && before === its.output.length
  }, 'output stands still')
}

t.test('a signaller stopped dead under a flood hinders nobody, and is taken over', async t => {
  const world = place(t)
  const its = terminal(world, ['sess', ...FLOOD])
  await its.see('0123456789')
  const one = await connected(world)
  its.signal('SIGSTOP')
  await answers(t, world, one)

  const other = terminal(world, ['sess', 'reconnect', '-f', one.name])
  await other.see(`successfully connected to ${one.name}`, 2000)
  await grows(other)
  t.match(await connected(world), { name: one.name, connection: { tty: other.device } })
  its.signal('SIGCONT')
  t.equal(await its.end(), 111)
  t.match(last(its), `pty: warning: session ${one.name} taken over by ${other.device}`)
  t.match(its.stty('-a'), / icanon .* echo /s, 'its terminal is as it was')

  other.signal('SIGSTOP')
  await answer(t, world, 'disconnect', '-s', one.name)
  t.match(await sessions(world), [{ name: one.name, state: 'disconnected' }])
  other.signal('SIGCONT')
  t.equal(await other.end(), 0, 'a disconnect is no trouble')

  const third = terminal(world, ['sess', 'reconnect', one.name])
  await third.see('successfully connected')
  third.signal('SIGSTOP')
  await answer(t, world, 'sesskill', '-y', '-s', one.name)
  t.strictSame(await sessions(world), [])
  third.signal('SIGCONT')
  t.equal(await third.end(), 129)
})

t.test('its master stays within 32 MiB of its start, stopped or flowing', async t => {
  const world = place(t)
  const its = terminal(world, ['sess', ...FLOOD])
  await its.see('0123456789')
  const one = await connected(world)
  const start = resident(one.pid)
  const grown: number[] = []
  const measure = (): unknown => grown.push(Math.round(resident(one.pid) - start))
  await grows(its)
  measure()
  its.signal('SIGSTOP')
  await wait(1000)
  measure()
  its.signal('SIGCONT')
  await grows(its)
  measure()
  await answer(t, world, 'disconnect', '-s', one.name)
  await wait(1000)
  measure()
  t.ok(Math.max(...grown) < 32, `grew by ${grown.join(', ')} MiB`)
  await kill(world, one.name)
})

t.test('a terminal that does not read stops the program, not the master', async t => {
  const world = place(t)
  const its = terminal(world, ['sess', ...FLOOD])
  await its.see('0123456789')
  const one = await connected(world)
  const start = resident(one.pid)
  its.stopReading()
  await answers(t, world, one)
  const before = worked(one.pid)
  await wait(1000)
  t.ok(worked(one.pid) - before <= 50, 'the master rests')
  t.ok(resident(one.pid) - start < 32, 'and stays small')
  its.startReading()
  await grows(its)
  its.stopReading()
  await answer(t, world, 'disconnect', '-s', one.name)
  t.match(await sessions(world), [{ state: 'disconnected' }])
  its.startReading()
  t.equal(await its.end(), 0)
  t.match(its.stty('-a'), / icanon .* echo /s)
  await kill(world, one.name)
})

t.test('a pipe that nobody reads is let go of', async t => {
  const world = place(t)
  const outer = run(world, sh('sess yes 0123456789 | { read x; echo $x; sleep 3; }'))
  const one = await connected(world)
  await answers(t, world, one)
  await answer(t, world, 'disconnect', '-s', one.name)
  t.match(await sessions(world), [{ state: 'disconnected' }])
  t.equal((await outer).stdout.toString(), '0123456789\r\n')
  await kill(world, one.name)
})

t.test('a viewer that does not read, or is stopped, slows nobody', async t => {
  const world = place(t)
  const its = terminal(world, ['sess', ...FLOOD])
  await its.see('0123456789')
  const one = await connected(world)
  const start = resident(one.pid)
  const viewers = [1, 2].map(() => terminal(world, ['sess', 'reconnect', '-r', one.name]))
  for (const viewer of viewers) await viewer.see('0123456789')
  const [deaf, dead] = viewers
  deaf?.stopReading()
  dead?.signal('SIGSTOP')
  for (let n = 0; n < 5; n++) await grows(its)
  await answers(t, world, one)
  t.ok(resident(one.pid) - start < 32)
  deaf?.startReading()
  dead?.signal('SIGCONT')
  for (const viewer of viewers) await grows(viewer)
  const warned = deaf?.output.includes(' bytes of output were not kept')
  t.ok(warned, 'who missed something is told; one who is only stopped is shown all')
  await kill(world, one.name)
  t.equal(await its.end(), 129)
  for (const viewer of viewers) t.equal(await viewer.end(), 129)
})

t.test('^S stops the output and ^Q lets it go on; the master rests meanwhile (C36)', async t => {
  const world = place(t)
  const script = `trap 'echo; echo "=== normal exit ==="; exit 3' INT; while :; do echo 0123456789; done`
  const its = terminal(world, ['sess', ...sh(script)])
  await its.see('0123456789')
  const one = await connected(world)
  await its.type('\x13')
  await still(its)
  await answers(t, world, one)
  const before = worked(one.pid)
  await wait(2000)
  t.ok(worked(one.pid) - before < 100, 'less than 5 %')
  const stopped = its.output.length
  await its.type('\x11')
  await grows(its)
  t.ok(its.output.length > stopped)
  await its.type('\x03')
  await its.see('=== normal exit ===')
  t.equal(await its.end(), 3)
})

t.test('a program that does not read stops the typing, not the master', async t => {
  const world = place(t)
  const its = terminal(world, ['sess', ...sh('stty raw -echo; echo ready; exec sleep 100')])
  await its.see('ready')
  const one = await connected(world)
  const start = resident(one.pid)
  await t.rejects(its.type(Buffer.alloc(4 << 20, 'x'), 1000), /bytes typed in vain/)
  await answers(t, world, one)
  const before = worked(one.pid)
  await wait(1000)
  t.ok(worked(one.pid) - before <= 50, 'the master rests')
  t.ok(resident(one.pid) - start < 32, 'and stays small')
  await answer(t, world, 'sesskill', '-y', '-s', one.name)
  t.equal(await its.end(), 129)
  await until(() => !alive(one.pid), 'the master has gone')
})

t.test('a session that nobody is connected to floods nobody', async t => {
  const world = place(t)
  const name = await session(world, ...FLOOD)
  const one = await becomes(world, name, { state: 'disconnected' })
  const start = resident(one.pid)
  t.match(await answer(t, world, 'sesslist'), 'disconnected')
  await answer(t, world, 'sessname', '-s', name, 'x')
  await wait(1000)
  t.ok(resident(one.pid) - start < 32)
  await answer(t, world, 'sesskill', '-y', '-s', name)
})
