// The directory of a user's sessions: whose it must be, what may lie in it, how long its name may be, and that
// nobody else gets in.

import { execFileSync } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { place, run, until, type World } from './driver.js'
import { becomes, kill, lines, session, sessions, sh } from './sessions.js'
import { impostor } from './stranger.js'

/** The sessions there; the status of each lies beside it. */
const sockets = (dir: string): string[] => readdirSync(dir).filter(name => !name.startsWith('.'))

const mode = (path: string): number => statSync(path).mode & 0o7777

/** Neither a session nor a listing uses this directory; the reason is said, and nothing is made or put right. */
async function refused(t: Test, world: World, dir: string, why: string): Promise<void> {
  const env = { SESS_DIR: dir }
  const begun = await run(world, ['sess', 'sh', '-c', 'echo >ran'], { env })
  t.match(begun, {
    status: 111,
    stderr: `sess: fatal: cannot use ${dir.replace(/\/$/, '')}: ${why}\n`,
  })
  const asked = await run(world, ['sesslist'], { env })
  t.match(asked, {
    status: 111,
    stderr: `sesslist: fatal: cannot use ${dir.replace(/\/$/, '')}: ${why}\n`,
  })
  t.notOk(existsSync(join(world.home, 'ran')))
}

t.test('a directory open to others is refused, and never put right (SECURITY 1)', async t => {
  const world = place(t)
  mkdirSync(world.sessions)
  for (const bits of [0o750, 0o701, 0o777, 0o1777]) {
    chmodSync(world.sessions, bits)
    await refused(t, world, world.sessions, 'it is open to others')
    t.equal(mode(world.sessions), bits)
    t.strictSame(readdirSync(world.sessions), [])
  }
  rmSync(world.sessions, { recursive: true })
})

t.test('a symbolic link is refused, wherever it leads (SECURITY 2)', async t => {
  const world = place(t)
  const [good, link] = [join(world.dir, 'good'), join(world.dir, 'link')]
  mkdirSync(good, { mode: 0o700 })
  symlinkSync(good, link)
  await refused(t, world, link, 'it is a symbolic link')
  await refused(t, world, `${link}/`, 'it is a symbolic link')
  t.strictSame(readdirSync(good), [])
  rmSync(good, { recursive: true })
  await refused(t, world, link, 'it is a symbolic link')
  t.notOk(existsSync(good), 'nor is it made')
})

t.test('what is no directory, or cannot be made, is said', async t => {
  const world = place(t)
  const file = join(world.dir, 'file')
  writeFileSync(file, 'mine')
  await refused(t, world, file, 'not a directory')
  const env = { SESS_DIR: join(world.dir, 'no/such') }
  const its = await run(world, ['sess', 'true'], { env })
  t.match(its, {
    status: 111,
    stderr: `sess: fatal: unable to create ${env.SESS_DIR}: no such file or directory\n`,
  })
  t.match(await run(world, ['sesslist'], { env }), { status: 0, stderr: '' })
})

t.test(
  'a directory swapped under the eyes of a starting session never gets its socket (SECURITY 3)',
  async t => {
    const world = place(t)
    const [good, evil, flip] = ['good', 'evil', 'flip'].map(name => join(world.dir, name))
    if (!good || !evil || !flip) return
    mkdirSync(join(good, 's'), { recursive: true, mode: 0o700 })
    mkdirSync(join(evil, 's'), { recursive: true })
    chmodSync(join(evil, 's'), 0o777)
    // One link takes the place of the other in one step.
    const point = (to: string): void => {
      symlinkSync(to, `${flip}.new`)
      renameSync(`${flip}.new`, flip)
    }
    const seen = new Set<string>()
    let turn = 0
    const swap = (): void => {
      point(++turn % 2 ? evil : good)
      for (const name of readdirSync(join(evil, 's'))) seen.add(name)
    }
    const timer = setInterval(swap, 1)
    const env = { SESS_DIR: join(flip, 's') }
    const outcomes = []
    for (let n = 0; n < 20; n++)
      outcomes.push(await run(world, ['sess', '-n', 'sleep', '1000'], { env }))
    clearInterval(timer)
    point(good)
    t.strictSame([...seen], [], 'the other directory stays empty')
    for (const { status, stderr } of outcomes)
      t.ok(status === 0 || (status === 111 && stderr.includes('open to others')), stderr)
    const names = outcomes.map(one => one.stdout.toString().trim()).filter(Boolean)
    t.ok(names.length > 0, `${names.length} began`)
    const { stdout } = await run(world, ['sesslist'], { env })
    t.equal(stdout.toString().trim().split('\n').length, names.length, 'and all can be found')
    for (const name of names)
      t.match(await run(world, ['sesskill', '-y', '-s', name], { env }), { status: 0 })
  },
)

t.test('modes are 0700 and 0600 whatever the umask (SECURITY 5)', async t => {
  const world = place(t)
  const made = await run(world, sh('umask 0; sess -n sleep 1000; umask 0777; sess -n sleep 1000'))
  t.equal(made.stderr, '')
  t.equal(mode(world.sessions), 0o700)
  const names = made.stdout.toString().trim().split('\n')
  await Promise.all(names.map(name => becomes(world, name, { state: 'disconnected' })))
  t.strictSame(sockets(world.sessions).sort(), [...names].sort())
  for (const file of readdirSync(world.sessions))
    t.equal(mode(join(world.sessions, file)), 0o600, file)
  await kill(world, ...names)
})

t.test('no directory is too deep for a socket (SECURITY 4)', async t => {
  const world = place(t)
  const deep = join(world.dir, ...Array<string>(5).fill('d'.repeat(50)))
  mkdirSync(deep, { recursive: true })
  const env = { SESS_DIR: join(deep, 's') }
  const made = await run(world, ['sess', '-n', 'sh', '-c', 'read x; exit 5'], { env })
  t.match(made, { status: 0, stderr: '' })
  const name = made.stdout.toString().trim()
  t.strictSame(sockets(env.SESS_DIR), [name])
  t.match((await run(world, ['sesslist'], { env })).stdout.toString(), `session ${name} pid `)
  const its = await run(world, ['sess', 'reconnect', name], { env, input: 'x\n', stdin: 'silent' })
  t.equal(its.status, 5)
  const others = execFileSync('find', [world.dir, '-type', 's'], { encoding: 'utf8' })
  t.equal(others, '', 'and there is no other')
})

t.test('where sessions are: SESS_DIR, a runtime directory, or /tmp', async t => {
  const world = place(t)
  const runtime = join(world.dir, 'run')
  mkdirSync(runtime, { mode: 0o700 })
  for (const env of [
    { SESS_DIR: undefined, XDG_RUNTIME_DIR: runtime },
    { SESS_DIR: '', XDG_RUNTIME_DIR: runtime },
  ]) {
    const made = await run(world, ['sess', '-n', 'sleep', '1000'], { env })
    const name = made.stdout.toString().trim()
    if (!existsSync('/run/systemd/seats')) t.strictSame(sockets(join(runtime, 'sess')), [name])
    t.match(await run(world, ['sesskill', '-y', '-s', name], { env }), { status: 0, stderr: '' })
  }
  for (const argv of [['sess', 'true'], ['sesslist']]) {
    const its = await run(world, argv, { env: { SESS_DIR: 's' } })
    t.equal(its.status, 111)
    t.match(
      its.stderr,
      /^sess\w*: fatal: SESS_DIR is no absolute path: s\n$/,
      'a relative one depends on where one is',
    )
  }
})

t.test('what else lies there is left alone, and is no session', async t => {
  const world = place(t)
  const name = await session(world, 'sleep', '1000')
  const at = (file: string): string => join(world.sessions, file)
  const odd = ['a file', 'ea', 'eb', 'ec', 'ed', '.x']
  writeFileSync(at('a file'), 'x')
  writeFileSync(at('ea'), 'x')
  mkdirSync(at('eb'))
  symlinkSync(at(name), at('ec'))
  execFileSync('mkfifo', [at('ed')])
  writeFileSync(at('.x'), 'x')
  t.match(await sessions(world), [{ name }])
  for (const one of ['ea', 'eb', 'ec', 'ed']) {
    const its = await run(world, ['sesskill', '-y', '-s', one])
    t.match(its, { status: 2, stderr: /cannot find session/ }, one)
  }
  for (const one of odd) accessSync(at(one))
  for (const one of odd) rmSync(at(one), { recursive: true })
  await kill(world, name)
})

t.test('statuses are no strays, and what only looks like one is', async t => {
  const world = place(t)
  const name = await session(world, 'sleep', '1000')
  const file = (name: string): string => join(world.sessions, name)
  await until(() => existsSync(file(`.${name}`)), 'it has told of itself')
  writeFileSync(file('.ef.new'), '')
  writeFileSync(file('.ef'), '')
  const odd = ['.efx', '.ef.old', 'ef.new', '.p7.12', '.x']
  for (const one of odd) writeFileSync(file(one), '')
  symlinkSync('x', file('.ea'))
  const { stdout } = await run(world, ['sesslist'])
  t.strictSame(
    lines(stdout).slice(1),
    [...odd, '.ea'].sort().map(one => `non-session ${one}`),
  )
  for (const one of ['.ef.new', '.ef', ...odd, '.ea']) rmSync(file(one))
  await kill(world, name)
})

t.test('a name that is taken is not taken from anybody', async t => {
  const world = place(t)
  mkdirSync(world.sessions, { mode: 0o700 })
  // As many as there may be terminals beside.
  const names = Array.from('pqrstuvwxyzabcde', letter =>
    Array.from('0123456789abcdef', digit => letter + digit),
  ).flat()
  for (const name of names) writeFileSync(join(world.sessions, name), 'x')
  const its = await run(world, ['sess', 'true'], { timeout: 5000 })
  t.equal(its.status, 111)
  t.match(its.stderr, /^sess: fatal: the name \w+ is taken by a file that is no socket\n$/)
  t.strictSame(readdirSync(world.sessions).sort(), [...names].sort())
  for (const name of names) rmSync(join(world.sessions, name))
  for (const name of names) await impostor(t, world, name, () => Buffer.alloc(0))
  const alive = await run(world, ['sess', 'true'], { timeout: 5000 })
  t.equal(alive.status, 111)
  t.match(alive.stderr, /^sess: fatal: the name \w+ is taken by [^\n]*\n$/)
  for (const name of names) rmSync(join(world.sessions, name))
})

t.test('a socket that was removed comes back, and so does the directory (SECURITY 27)', async t => {
  const world = place(t)
  const name = await session(world, 'sleep', '1000')
  const { pid } = await becomes(world, name, { state: 'disconnected' })
  const socket = join(world.sessions, name)
  const { ino } = statSync(socket)
  process.kill(pid, 'SIGUSR1')
  t.match((await sessions(world))[0], { name })
  t.equal(statSync(socket).ino, ino, 'one that is there stays')
  for (const remove of [
    () => rmSync(socket),
    () => rmSync(world.sessions, { recursive: true }),
    () => {
      rmSync(socket)
      writeFileSync(`${socket}.x`, '')
      renameSync(`${socket}.x`, socket)
      rmSync(socket)
    },
  ]) {
    remove()
    process.kill(pid, 'SIGUSR1')
    await until(() => existsSync(socket), 'it is back')
    t.match(await run(world, ['sessname', '-s', name, 'back']), { status: 0, stderr: '' })
    t.equal(mode(world.sessions), 0o700)
    t.equal(mode(socket), 0o600)
  }
  const client = connect(socket)
  await new Promise(done => client.once('connect', done))
  client.destroy()
  await kill(world, name)
  t.strictSame(readdirSync(world.sessions), [])
})
