// sessrecord has a master record its session: each byte once, however it gets to whoever is connected.

import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { reply } from '../../lib/frames.js'
import { check, others, output, recorded } from './casts.js'
import { place, run, terminal, until, type World } from './driver.js'
import { becomes, kill, only, session, sessions, sh } from './sessions.js'
import { impostor } from './stranger.js'

const record = async (world: World, ...args: string[]) => run(world, ['sessrecord', ...args])

const kept = async (world: World, name: string): Promise<string> =>
  (await run(world, ['sesstail', '-s', name])).stdout.toString()

/** Writes what is given when it is told to, then waits. */
const WRITER = 'stty raw -echo; echo up; read x; cat given; echo over; read x; exit 4'

t.test('a busy session is recorded byte for byte: directly, relayed, and alone', async t => {
  const world = place(t)
  const size = 10 << 20
  const given = Buffer.alloc(size, 'text é \x1b[1m\xff and bytes that are none\n', 'latin1')
  writeFileSync(join(world.home, 'given'), given)
  for (const [n, env] of [{}, { SESS_DIRECT: 'no' }].entries()) {
    const file = `cast${n}`
    const its = terminal(world, ['sess', ...sh(WRITER)], { env })
    await its.see('up\n')
    const { name } = await only(world)
    const direct = n === 0
    await until(
      async () => (await sessions(world))[0]?.direct?.output === direct,
      'the bytes travel so',
    )
    t.match(await record(world, '-s', name, file), { status: 0, stderr: '' })
    await its.type('\n')
    await its.see('over\n', 20_000)
    await its.type('\n')
    t.equal(await its.end(), 4)
    const moments = recorded(world, file)
    t.ok(output(moments).equals(Buffer.concat([given, Buffer.from('over\n')])), file)
    t.strictSame(others(moments), ['exit 4'])
    check(world, file)
  }
  const name = await session(world, ...sh(WRITER))
  await until(
    async () => (await run(world, ['sesstail', '-s', name])).stdout.length > 0,
    'it is up',
  )
  await record(world, '-s', name, 'alone')
  await run(world, ['sesstype', '-s', name, '\n'])
  await until(async () => (await kept(world, name)).endsWith('over\n'), 'it has written all')
  const end = await record(world, '-e', '-s', name)
  const path = join(world.home, 'alone')
  t.equal(end.stdout.toString(), `session ${name} recorded to ${path}: ${size + 5} bytes\n`)
  t.ok(output(recorded(world, 'alone')).subarray(0, size).equals(given))
  await kill(world, name)
})

t.test('it begins and ends when it is told, and is listed; nobody is disturbed', async t => {
  const world = place(t)
  const its = terminal(world, ['sess', ...sh('while read x; do echo "got $x"; done')], {
    rows: 30,
    columns: 100,
  })
  const say = async (what: string): Promise<void> => {
    await its.type(`${what}\r`)
    await its.see(`got ${what}\r\n`)
  }
  const { name } = await only(world)
  await say('before')
  t.match(await record(world, '-e', '-s', name), {
    status: 2,
    stderr: `sessrecord: fatal: session ${name} is not recorded\n`,
  })
  const path = join(world.home, 'a\x1bb')
  t.match(await record(world, '-s', name, 'a\x1bb'), { status: 0, stderr: '' })
  t.equal(statSync(path).mode & 0o777, 0o600)
  t.match(await sessions(world), [{ name, state: 'connected', recording: path }])
  const listed = (await run(world, ['sesslist', '-v'])).stdout.toString()
  t.match(listed, / recorded to [^\x1b]*a\^\[b\n$/)
  const second = await record(world, '-s', name, 'other')
  t.equal(second.status, 2)
  t.match(second.stderr, /is recorded already, to .*a\^\[b\n$/)
  await say('one')
  its.resize(40, 120)
  await until(() => others(recorded(world, 'a\x1bb')).includes('120x40'), 'the size is recorded')
  await say('two')
  const end = await record(world, '-e', '-s', name)
  t.match(end.stdout.toString(), /: \d+ bytes\n$/)
  await say('after')
  t.match(await sessions(world), [{ recording: null }])
  t.equal(output(recorded(world, 'a\x1bb')).toString(), 'one\r\ngot one\r\ntwo\r\ngot two\r\n')
  t.match(readFileSync(path, 'utf8'), /^{"version":3,"term":{"cols":100,"rows":30,"type":"xterm"}/)

  t.match(await record(world, '-s', name, 'a\x1bb'), { status: 2 }, 'a new file')
  t.match(await record(world, '-as', name, 'a\x1bb'), { status: 0, stderr: '' })
  await say('three')
  await kill(world, name)
  await its.end()
  const all = output(recorded(world, 'a\x1bb')).toString()
  t.match(all, /got two\r\nthree\r\ngot three\r\n$/)
  t.strictSame(others(recorded(world, 'a\x1bb')), ['120x40', '120x40'])
  check(world, 'a\x1bb')
  t.notMatch(its.text, /record/)
})

t.test('a full disk is said once to who is connected, and hurts nobody', async t => {
  const world = place(t)
  const name = await session(world, ...sh('while read x; do echo "got $x"; done'))
  const begun = await record(world, '-s', name, '/dev/full')
  const warning = 'cannot record to /dev/full: no space left on device; will go on trying'
  t.match(begun, { status: 0, stderr: `sessrecord: warning: ${warning}\n` })
  const its = terminal(world, ['sess', 'reconnect', name])
  await its.see('successfully connected')
  for (const what of ['one', 'two']) {
    await its.type(`${what}\r`)
    await its.see(`got ${what}\r\n`)
  }
  t.notMatch(its.text, /cannot record/, 'it was said')
  const end = await record(world, '-e', '-s', name)
  t.equal(end.status, 111)
  t.match(end.stdout.toString(), /: 0 bytes, 28 bytes are missing\n$/)
  t.match(await record(world, '-s', name, '/dev/null'), { status: 0, stderr: '' })
  await kill(world, name)
  await its.end()
})

t.test('what is said too late for who asked is for who is connected', async t => {
  const world = place(t)
  // A limit of the master's own: it has room for the beginning, and no more.
  const limited = 'ulimit -f 1; sess -n sh -c "while read x; do seq 2000; done"'
  const name = (await run(world, ['bash', '-c', limited])).stdout.toString().trim()
  t.match(await record(world, '-s', name, 'cast'), { status: 0, stderr: '' })
  await run(world, ['sesstype', '-s', name, 'x\n'])
  await until(async () => (await kept(world, name)).endsWith('2000\r\n'), 'it has written all')
  const its = terminal(world, ['sess', 'reconnect', name])
  await its.see(/pty: warning: cannot record to [^ ]*cast: file too large; will go on trying\r\n/)
  await its.type('\r')
  await its.see('\n2000\r\n')
  t.equal(its.text.split('cannot record').length, 2, 'once')
  await becomes(world, name, { state: 'connected' })
  const end = await record(world, '-e', '-s', name)
  t.match(end, { status: 111, stderr: '' })
  check(world)
  await kill(world, name)
  await its.end()
})

t.test('what is no file is refused, and what is there is left as it is', async t => {
  const world = place(t)
  const name = await session(world, 'cat')
  const at = (file: string): string => join(world.home, file)
  writeFileSync(at('notes'), 'precious')
  symlinkSync(at('notes'), at('link'))
  symlinkSync(at('none'), at('dangling'))
  await run(world, ['mkfifo', 'fifo'])
  const table: [args: string[], why: RegExp][] = [
    [['notes'], /: there is a file of that name\n$/],
    [['link'], /: there is a file of that name\n$/],
    [['dangling'], /: there is a file of that name\n$/],
    [['fifo'], /: there is a file of that name\n$/],
    [['no/such'], /: no such file or directory\n$/],
    [['-a', 'notes'], /: it is no recording\n$/],
    [['-a', 'link'], /: it is a symbolic link\n$/],
    [['-a', 'fifo'], /: it is no file that can be recorded to\n$/],
    [['-a', '/dev/tty'], /: (no such device or address|it is no file that can be recorded to)\n$/],
    [['x'.repeat(5000)], /: that is no path to record to\n$/],
  ]
  for (const [args, why] of table) {
    const its = await record(world, '-s', name, ...args)
    t.equal(its.status, 2, args.join(' '))
    t.match(its.stderr, why)
  }
  t.equal(readFileSync(at('notes'), 'utf8'), 'precious')
  t.match(await sessions(world), [{ recording: null }])
  for (const args of [[], ['-s', name], ['-e', 'x'], ['-ea'], ['a', 'b'], ['']])
    t.match(await record(world, ...args), { status: 1, stderr: /^sessrecord: usage: / })
  await kill(world, name)
  t.equal((await record(world, '-s', name, 'x')).status, 2)
})

t.test('a master from before there were recordings says so', async t => {
  const world = place(t)
  await run(world, ['sess', 'true'])
  const old = Buffer.concat([
    reply({ type: 'hello', version: 1 }),
    Buffer.from('i\0\0\x0d{"name":"ef"}', 'latin1'),
  ])
  await impostor(t, world, 'ef', () => old)
  t.match(await record(world, '-s', 'ef', 'x'), {
    status: 2,
    stderr: 'sessrecord: fatal: the master of session ef is too old for that\n',
  })
})
