// What masters tell unasked: sesslist wakes nobody, and says nothing that is no more true.

import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { format, parse, type Status } from '../../lib/status.js'
import { alive, place, run, shell, terminal, until, type World } from './driver.js'
import { sleeps } from './facts.js'
import {
  becomes,
  kill,
  lines,
  look,
  only,
  session,
  sessions,
  sh,
  type Session,
} from './sessions.js'

const at = (world: World, name: string): string => join(world.sessions, `.${name}`)

const told = (world: World, name: string): Status => {
  const status = parse(readFileSync(at(world, name), 'utf8'))
  if (!status) throw new Error('no status')
  return status
}

/** The session's master, once it has told of itself. */
async function ready(world: World, name: string): Promise<Session> {
  await until(() => existsSync(at(world, name)), `${name} has told`)
  return becomes(world, name, {})
}

/** How often all these masters have been woken. */
const woken = (masters: readonly Session[]): number =>
  masters.reduce((sum, { pid }) => sum + sleeps(pid), 0)

t.test('a hundred sessions are listed and none is woken', async t => {
  const world = place(t)
  const names: string[] = []
  for (let n = 0; n < 25; n++)
    names.push(...(await Promise.all(Array.from('1234', () => session(world, 'sleep', '1000')))))
  await Promise.all(names.map(name => ready(world, name)))
  const masters = await sessions(world)
  t.equal(masters.length, 100)
  t.strictSame(masters.map(({ name }) => name).sort(), names.sort())
  // Each looks after its socket once a minute: of a hundred a few may do that in the meantime.
  const few = 10
  const quiet = async (): Promise<boolean> => {
    const before = woken(masters)
    await new Promise(done => setTimeout(done, 1000))
    return woken(masters) - before < few
  }
  await until(quiet, 'what Node has to do after a start is done', 60_000)
  const before = woken(masters)
  const { status, stdout } = await run(world, ['sesslist'])
  t.equal(status, 0)
  t.equal(lines(stdout).length, 100)
  for (const line of lines(stdout)) t.match(line, /^session \w+ pid \d+ slave \d+ disconnected$/)
  t.strictSame(await sessions(world), masters)
  t.ok(woken(masters) - before < few, 'and they sleep on')
  while (names.length > 0) await kill(world, ...names.splice(0, 10))
})

t.test('what a session has become is told before anybody has his answer', async t => {
  const world = place(t)
  const its = await shell(world, { argv: ['sess', '/bin/sh'] })
  const name = await its.answer('echo $PTY')
  const slave = Number(await its.answer('echo $$'))
  const first = await ready(world, name)
  t.match(first, { state: 'connected', slave, connection: { tty: its.device }, title: '' })
  const listed = async (): Promise<string> =>
    (await run(world, ['sesslist'])).stdout.toString().replace(/^.* slave \d+ /, '')
  for (let n = 0; n < 5; n++) {
    await run(world, ['sessname', '-s', name, `title ${n}`])
    t.equal(await listed(), `connected: title ${n}\n`)
    await run(world, ['reconnect', '-s', name, 'ef'])
    t.equal(await listed(), `connected (will drop into ef): title ${n}\n`)
    await run(world, ['reconnect', '-s', name])
  }
  const viewer = terminal(world, ['sess', 'reconnect', '-r', name])
  await viewer.see('successfully connected')
  t.equal(await listed(), 'connected with 1 viewer: title 4\n')
  const left = await run(world, ['disconnect', '-s', name])
  t.equal(left.status, 0)
  t.equal(await listed(), 'disconnected with 1 viewer: title 4\n')
  t.equal(told(world, name).state, 'disconnected')
  await its.end()
  viewer.hangup()
  await viewer.end()
  await becomes(world, name, { state: 'disconnected' })
  await until(async () => (await listed()) === 'disconnected: title 4\n', 'the viewer has gone')
  t.equal((await run(world, ['sesskill', '-y', '-s', name])).status, 0)
  t.equal(await listed(), '', 'and at its end it is listed no more')
  t.strictSame(readdirSync(world.sessions), [])
})

t.test('a program that stops, goes on and ends is told of', async t => {
  const world = place(t)
  const its = await shell(world)
  await its.command("sess sh -c 'kill -TSTP $$; read x; exit 3'")
  await its.prompt()
  const { name } = await only(world)
  t.ok(((await look(world, name))?.stopped ?? 0) > 0)
  t.ok(told(world, name).stopped > 0)
  await its.command('fg')
  await until(async () => (await look(world, name))?.stopped === null, 'it goes on')
  t.equal(told(world, name).stopped, 0)
  t.equal((await run(world, ['disconnect', '-s', name])).status, 0)
  await its.prompt()
  await its.type('exit\r')
  await its.end()
  const slave = told(world, name).slave
  process.kill(slave, 'SIGTERM')
  t.match(await becomes(world, name, { state: 'ended' }), { status: 143, slave: null })
  t.match(told(world, name), { state: 'ended', status: 143, slave: 0 })
  await kill(world, name)
})

t.test('what is doubtful is asked', async t => {
  const world = place(t)
  const [one = '', two = ''] = await Promise.all([1, 2].map(() => session(world, 'sleep', '1000')))
  const [first, second] = [await ready(world, one), await ready(world, two)]
  const good = told(world, one)
  const file = at(world, one)
  const lie: Status = { ...good, title: 'a lie', state: 'connected', status: 7 }
  const text = (change: Partial<Status>): string => format({ ...lie, ...change })
  const evil = '\x1b]0;owned\x07\u009b31m\u202e'
  const forged: [what: string, text: string | Buffer][] = [
    ['of another process', text({ pid: 1 })],
    ['of this test', text({ pid: process.pid })],
    ['of nobody', text({ pid: 0 })],
    ['of another time', text({ started: good.started + 1 })],
    ['at another socket', text({ socket: 0 })],
    ['at another file', text({ file: good.file + 1 })],
    ['of another session', text({ name: two })],
    ['with another name', text({ name: evil })],
    ['empty', ''],
    ['half', text({}).slice(0, 100)],
    ['of bytes', Buffer.from([0, 1, 2, 255, 254])],
    ['too long', `${text({}).trimEnd()}${' '.repeat(70_000)}`],
    ['of the wrong types', text({ pid: '1' as unknown as number })],
  ]
  for (const [what, text] of forged) {
    writeFileSync(file, text)
    t.strictSame(await look(world, one), first, what)
  }
  rmSync(file)
  t.strictSame(await look(world, one), first, 'missing')
  const odd: [what: string, make: () => unknown][] = [
    ['a link', () => symlinkSync(at(world, two), file)],
    ['an endless file', () => symlinkSync('/dev/zero', file)],
    ['the other’s', () => linkSync(at(world, two), file)],
    ['a FIFO', () => execFileSync('mkfifo', [file])],
    ['a directory', () => execFileSync('mkdir', [file])],
  ]
  for (const [what, make] of odd) {
    make()
    t.strictSame(await look(world, one), first, what)
    rmSync(file, { recursive: true })
  }
  writeFileSync(file, text({ title: evil, command: evil }))
  const shown = (await run(world, ['sesslist'])).stdout.toString()
  t.match(shown, ': ^[]0;owned^G\\u{9b}31m\\u{202e}\n', 'what is believed is made visible')
  t.equal((await run(world, ['sessname', '-s', one, 'true'])).status, 0)
  t.match(await look(world, one), { state: 'disconnected', title: 'true' })
  t.equal(told(world, one).title, 'true', 'its master has the last word')
  t.ok(alive(second.pid))
  await kill(world, one, two)
})

t.test('a forged status kills nobody and is swept with its socket (SECURITY 8)', async t => {
  const world = place(t)
  const [one = '', two = ''] = await Promise.all([1, 2].map(() => session(world, 'sleep', '1000')))
  const [first, second] = [await ready(world, one), await ready(world, two)]
  process.kill(first.pid, 'SIGKILL')
  await until(() => !alive(first.pid), 'it is dead')
  t.ok(existsSync(at(world, one)))
  writeFileSync(at(world, one), format({ ...told(world, one), pid: second.pid }))
  t.match(await run(world, ['sesskill', '-yf', '-s', one]), { status: 2 })
  t.ok(alive(second.pid))
  t.strictSame(readdirSync(world.sessions).sort(), [`.${two}`, two].sort())
  t.match(await sessions(world), [{ name: two }])
  await kill(world, two)
})

t.test('a master that was killed is not listed, and nothing of it is left', async t => {
  const world = place(t)
  const names = await Promise.all([1, 2, 3].map(() => session(world, 'sleep', '1000')))
  const masters = await Promise.all(names.map(name => ready(world, name)))
  for (const { pid } of masters) process.kill(pid, 'SIGKILL')
  await until(() => masters.every(({ pid }) => !alive(pid)), 'they are dead')
  const { stdout } = await run(world, ['sesslist'])
  t.equal(stdout.toString(), '')
  t.strictSame(readdirSync(world.sessions), [])
})

t.test('a stopped master is said not to answer, whatever it has told', async t => {
  const world = place(t)
  const [one = '', two = ''] = await Promise.all([1, 2].map(() => session(world, 'sleep', '1000')))
  const [{ pid }] = [await ready(world, one), await ready(world, two)]
  process.kill(pid, 'SIGSTOP')
  const { stdout } = await run(world, ['sesslist'])
  t.equal(lines(stdout).length, 2)
  t.match(stdout.toString(), new RegExp(`^session ${one} does not answer$`, 'm'))
  t.match(stdout.toString(), new RegExp(`^session ${two} pid \\d+ slave \\d+ disconnected$`, 'm'))
  process.kill(pid, 'SIGCONT')
  t.match(await becomes(world, one, { state: 'disconnected' }), { pid })
  await kill(world, one, two)
})

t.test('a status that was removed comes back, with the directory or without', async t => {
  const world = place(t)
  const name = await session(world, 'sleep', '1000')
  const { pid } = await ready(world, name)
  const file = at(world, name)
  const mode = (): number => statSync(file).mode & 0o7777
  t.equal(mode(), 0o600)
  const { ino } = statSync(file)
  process.kill(pid, 'SIGUSR1')
  t.equal((await run(world, ['sessname', '-s', name])).status, 0)
  t.equal(statSync(file).ino, ino, 'one that is there is not written again')
  const ways: [what: string, remove: () => void][] = [
    ['the status', () => rmSync(file)],
    ['another in its place', () => renameSync(file, `${file}.x`)],
    ['the socket', () => rmSync(join(world.sessions, name))],
    ['both', () => [file, join(world.sessions, name)].forEach(one => rmSync(one))],
    ['all', () => rmSync(world.sessions, { recursive: true })],
  ]
  for (const [what, remove] of ways) {
    const before = told(world, name)
    remove()
    if (what.startsWith('another')) {
      writeFileSync(file, 'x')
      chmodSync(file, 0o644)
      rmSync(`${file}.x`)
    }
    process.kill(pid, 'SIGUSR1')
    const back = async (): Promise<boolean> => {
      const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
      const status = parse(text)
      if (!status) return false
      return what.startsWith('another') || what === 'the status' || status.file !== before.file
    }
    await until(back, `${what}: it is back`)
    t.equal(mode(), 0o600, what)
    t.match(await sessions(world), [{ name, pid }])
    t.equal(told(world, name).file, statSync(join(world.sessions, name)).ino)
  }
  await kill(world, name)
  t.strictSame(readdirSync(world.sessions), [])
})

t.test('a listing is whole while sessions come, change and go', async t => {
  const world = place(t)
  const stays = await session(world, ...sh('read x'))
  await ready(world, stays)
  const done = { churn: false }
  const churn = Promise.all(
    Array.from('123', async () => {
      for (let n = 0; n < 4; n++) {
        const name = await session(world, 'sleep', '1000')
        await run(world, ['sessname', '-s', name, `title ${n}`])
        await run(world, ['sesskill', '-y', '-s', name])
      }
    }),
  ).finally(() => (done.churn = true))
  const odd: string[] = []
  while (!done.churn) {
    const all = await Promise.all(Array.from('12', () => run(world, ['sesslist'])))
    for (const { status, stdout, stderr } of all) {
      const said = lines(stdout)
      const fine = said.every(line =>
        /^session \w+ pid \d+ slave \d+ disconnected(: title \d)?$/.test(line),
      )
      const there = said.some(line => line.startsWith(`session ${stays} `))
      if (status !== 0 || stderr !== '' || !fine || !there) odd.push(stdout.toString() + stderr)
    }
  }
  await churn
  t.strictSame(odd, [])
  await kill(world, stays)
})
