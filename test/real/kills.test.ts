// What is killed outright, or told to die: the signaller, the master, the leader, the program, with
// somebody connected and without. Each has its stated result, and leaves nothing behind.

import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { alive, place, run, shell, terminal, until, type World } from './driver.js'
import { becomes, kill, session, sessions, sh } from './sessions.js'

/** Sets what a program may set on a terminal, and tells its pids. */
const PROGRAM = sh(
  'trap "echo hup >told; exit" HUP; printf "\\033[?1049h\\033[?1000h\\033[?25l"; echo $$ $PPID ready; while read x; do echo "got $x"; done; while :; do sleep 0.1; done',
)

/** What undoes it. */
const UNDONE = ['\x1b[?1049l', '\x1b[?1000l', '\x1b[?25h']

/** The modes of a terminal that nobody has changed. */
async function untouched(world: World): Promise<string> {
  const its = terminal(world, ['true'])
  await its.end()
  return its.modes()
}

/** A connected session on a terminal of its own, and who is who. */
async function connected(t: Test, world: World) {
  const its = terminal(world, ['sess', ...PROGRAM])
  const [program = 0, leader = 0] = (await its.see(/(\d+ \d+) ready\r\n/)).split(' ').map(Number)
  const find = async () => (await sessions(world)).find(one => one.slave === program)
  const { name, pid: master } = await until(find, 'the session is there')
  const modes = await untouched(world)
  await until(() => its.modes() !== modes, 'the terminal is raw')
  const restored = async (): Promise<void> => {
    const sane = (): boolean => its.modes() === modes
    const undone = (): boolean => UNDONE.every(one => its.text.includes(one))
    await until(() => sane() && undone(), 'its terminal is as it was', 3000)
    t.pass('the terminal is as it was')
  }
  return { its, program, leader, name, master, restored }
}

/** A session that nobody is connected to, and who is who. */
async function alone(world: World, ...argv: string[]) {
  const name = await session(world, ...(argv.length > 0 ? argv : PROGRAM))
  const { pid: master, slave } = await until(
    async () => (await sessions(world)).find(one => one.name === name && one.slave),
    'its program runs',
  )
  const program = slave ?? 0
  const stat = readFileSync(`/proc/${program}/stat`, 'latin1')
  return { name, master, program, leader: Number(stat.replace(/^.*\) /s, '').split(' ')[1]) }
}

async function gone(t: Test, world: World, name: string, pids: number[]): Promise<void> {
  await until(() => !pids.some(alive), 'all of it has gone', 3000)
  t.strictSame(await sessions(world), [])
  t.notOk(existsSync(join(world.sessions, name)), 'the name is free')
  const again = await run(world, ['sesskill', '-y', '-s', name])
  t.match(again, {
    status: 2,
    stderr: `sesskill: fatal: cannot find session ${name}; if it exists, do you own it?\n`,
  })
}

t.test('a killed signaller disconnects; its master puts the terminal right (P2, C21)', async t => {
  const world = place(t)
  const { its, name, program, restored } = await connected(t, world)
  its.signal('SIGKILL')
  t.equal(await its.end(), 137)
  await becomes(world, name, { state: 'disconnected', slave: program })
  await restored()

  const again = terminal(world, ['sess', 'reconnect', name])
  await again.see(`successfully connected to ${name}`)
  await again.type('hello\r')
  await again.see('got hello')
  t.ok(
    UNDONE.length > 0 && again.text.includes('\x1b[?1049h'),
    'what the program has set is set again',
  )
  again.hangup()
  await becomes(world, name, { state: 'disconnected', slave: program })
  t.notOk(existsSync(join(world.home, 'told')), 'the program has heard of none of it (P1)')
  await kill(world, name)
})

t.test('a signaller told to die dies of that, and puts the terminal right itself', async t => {
  const world = place(t)
  for (const [signal, status] of [
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGQUIT', 131],
    ['SIGTERM', 143],
  ] as const) {
    const { its, name, restored } = await connected(t, world)
    its.signal(signal)
    t.equal(await its.end(), status, signal)
    await restored()
    await becomes(world, name, { state: 'disconnected' })
    await kill(world, name)
  }
})

t.test('a signaller that is told to die at any moment leaves the terminal as it was', async t => {
  const world = place(t)
  const modes = await untouched(world)
  for (let n = 0; n < 16; n++) {
    const its = terminal(world, ['sess', ...sh('printf "\\033[?1049h"; yes')])
    const started = (): boolean => {
      const argv = readFileSync(`/proc/${its.pid}/cmdline`, 'latin1')
      return /[/\0]sess\0/.test(argv) && !argv.includes('stty sane')
    }
    await until(started, 'the terminal is as after a login')
    await wait(n * 15)
    its.signal(n % 2 ? 'SIGTERM' : 'SIGHUP')
    t.equal(await its.end(), n % 2 ? 143 : 129)
    t.equal(its.modes(), modes)
    const last = (sequence: string): number => its.output.lastIndexOf(sequence)
    t.ok(last('\x1b[?1049h') <= last('\x1b[?1049l'), 'no alternate screen is left')
    its.hangup()
  }
  await until(
    async () => (await sessions(world)).every(one => one.state === 'disconnected'),
    'nobody is connected',
  )
  await kill(world, ...(await sessions(world)).map(({ name }) => name))
})

t.test('when the master is killed the session is gone, and the signaller says so', async t => {
  const world = place(t)
  const { its, name, master, program, leader, restored } = await connected(t, world)
  process.kill(master, 'SIGKILL')
  t.equal(await its.end(), 111)
  t.match(its.text, `pty: fatal: session ${name} is gone\r\n`)
  await restored()
  await until(() => existsSync(join(world.home, 'told')), 'the program has got HUP', 3000)
  await gone(t, world, name, [program, leader])

  const other = await alone(world, 'sleep', '1000')
  process.kill(other.master, 'SIGKILL')
  await gone(t, world, other.name, [other.master, other.program, other.leader])
})

t.test('a socket that a dead master left behind is nobody’s, and swept', async t => {
  const world = place(t)
  const dash = await shell(world, { argv: ['sess', '/bin/sh', '-i'] })
  const missing = 'cannot find session NAME; if it exists, do you own it?'
  for (const [command, said] of [
    ['sessname -s NAME', `sessname: fatal: ${missing}`],
    ['disconnect -s NAME', `disconnect: fatal: ${missing}`],
    ['reconnect -s NAME p0', `reconnect: fatal: ${missing}`],
    ['sesskill -y -s NAME', `sesskill: fatal: ${missing}`],
    ['sesslist | grep NAME', ''],
  ] as const) {
    const { name, master, program } = await alone(world, 'sleep', '1000')
    process.kill(master, 'SIGKILL')
    await until(() => !alive(master) && !alive(program), 'they are dead')
    const spoken = await dash.answer(command.replaceAll('NAME', name))
    t.equal(spoken, said.replaceAll('NAME', name))
    t.notOk(existsSync(join(world.sessions, name)), 'swept')
  }
  const { name, master } = await alone(world, 'sleep', '1000')
  process.kill(master, 'SIGKILL')
  await dash.command(`reconnect ${name}; exit`)
  await dash.see(`pty: info: reconnecting to ${name}\r\n`)
  await dash.see(`pty: fatal: signaller cannot reconnect to session ${name}; does it exist?`)
  t.equal(await dash.end(), 111)
  t.notOk(existsSync(join(world.sessions, name)), 'swept')
})

t.test('a new session takes a dead one’s name', async t => {
  const world = place(t)
  const dead = `
    const net = require('node:net')
    process.umask(0o077)
    for (const c of 'pqrs') for (let i = 0; i < 16; i++)
      net.createServer().listen(process.env.SESS_DIR + '/' + c + i.toString(16))
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 200)`
  const first = await alone(world)
  await kill(world, first.name)
  await until(() => !alive(first.master), 'gone')
  t.equal((await run(world, [process.execPath, '-e', dead])).status, 137)
  const { name } = await alone(world)
  t.equal((await run(world, ['sessname', '-s', name])).status, 0)
  t.match(await sessions(world), [{ name, state: 'disconnected' }])
  await kill(world, name)
})

t.test('a killed program is the end of the session: 137', async t => {
  const world = place(t)
  const { its, program, leader, name, master, restored } = await connected(t, world)
  process.kill(program, 'SIGKILL')
  t.equal(await its.end(), 137)
  await restored()
  await gone(t, world, name, [program, leader, master])

  const other = await alone(world)
  process.kill(other.program, 'SIGKILL')
  await becomes(world, other.name, { state: 'ended', status: 137, slave: null })
  t.match(await run(world, ['sesskill', '-y', '-s', other.name]), { status: 0, stderr: '' })
  await gone(t, world, other.name, [other.master, other.leader])
})

t.test('a killed leader is the end of the session, and of what is on its terminal', async t => {
  const world = place(t)
  const { its, program, leader, name, master, restored } = await connected(t, world)
  process.kill(leader, 'SIGKILL')
  t.equal(await its.end(), 137)
  await restored()
  await until(() => existsSync(join(world.home, 'told')), 'the program has got HUP', 3000)
  await gone(t, world, name, [program, leader, master])

  const other = await alone(world, 'sleep', '1000')
  process.kill(other.leader, 'SIGKILL')
  await becomes(world, other.name, { state: 'ended', status: 137 })
  await until(() => !alive(other.program), 'the program has gone')
  await kill(world, other.name)
  await gone(t, world, other.name, [other.master])
})

t.test('a master told to end does so in order (Z32)', async t => {
  const world = place(t)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { its, program, leader, name, master, restored } = await connected(t, world)
    process.kill(master, 'SIGHUP')
    process.kill(master, signal)
    t.equal(await its.end(), 129)
    t.match(its.text, `pty: info: session ${name} was killed`)
    await restored()
    await until(() => existsSync(join(world.home, 'told')), 'the program has got HUP', 3000)
    await gone(t, world, name, [program, leader, master])
    rmSync(join(world.home, 'told'))
  }
})
