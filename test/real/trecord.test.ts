// trecord passes a stream on as it is, and what it writes is a recording that others read.

import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { CHECK, output, recorded, recorderOn } from './casts.js'
import { attempt, until } from './leftovers.js'
import { place, run, terminal } from './driver.js'
import { sh } from './sessions.js'

t.test('the stream passes byte for byte, and is in the recording so', async t => {
  const world = place(t)
  const bytes = Buffer.concat([randomBytes(1 << 20), Buffer.from('end é\n')])
  writeFileSync(join(world.home, 'given'), bytes)
  const table = [
    'trecord cast <given >out',
    'rm cast; trecord cast <given | cat >out',
    'rm cast; cat given | trecord cast >out',
    'rm cast; cat given | trecord cast | dd bs=1000 status=none >out',
    'rm cast; cat given | trecord >cast; tplay -i0 cast >out',
    'rm cast; trecord <given | tee cast | tplay -i0 >out',
  ]
  for (const script of table) {
    const { status, stderr } = await run(world, sh(script))
    t.strictSame([status, stderr], [0, ''], script)
    t.ok(readFileSync(join(world.home, 'out')).equals(bytes), script)
    t.ok(output(recorded(world)).equals(bytes), script)
  }
  t.equal((await run(world, ['python3', '-c', CHECK, 'cast'])).status, 0)
})

t.test('an independent reader finds the words, the times and the size', async t => {
  const world = place(t)
  const script = `(printf 'a\\303'; read x <go; printf '\\251\\033[m\\377b\\n') | trecord cast | (head -c 1 >x; echo >go; cat >>x)`
  const env = { COLUMNS: '132', LINES: '50' }
  const { status, stderr } = await run(world, sh(`mkfifo go; ${script}`), { env })
  t.strictSame([status, stderr], [0, ''])
  const { stdout } = await run(world, ['python3', '-c', CHECK, 'cast'])
  t.equal(stdout.toString(), "132 50 True\n'a\\xe9\\x1b[m\\ufffdb\\n'\n")
  t.match(readFileSync(join(world.home, 'x'), 'latin1'), 'a\xc3\xa9\x1b[m\xffb\n')
  t.equal(output(recorded(world)).toString('latin1'), 'a\xc3\xa9\x1b[m\xffb\n')
})

t.test('the size is the terminal’s, and so are its changes', async t => {
  const world = place(t)
  const script = 'mkfifo go; (echo up; read x <go; echo down) | trecord cast | cat'
  const its = terminal(world, sh(script), { rows: 30, columns: 100, env: { TERM: 'vt220' } })
  await its.see('up')
  its.resize(40, 120)
  await until(
    () => attempt(() => readFileSync(join(world.home, 'cast'), 'utf8'))?.includes('"120x40"'),
    'the change is recorded',
  )
  await run(world, sh('echo >go'))
  await its.see('down')
  t.equal(await its.end(), 0)
  t.match(
    readFileSync(join(world.home, 'cast'), 'utf8'),
    /^{"version":3,"term":{"cols":100,"rows":30,"type":"vt220"}/,
  )
})

t.test('the file is new, its user’s alone, and never reached by a link (SECURITY 5)', async t => {
  const world = place(t)
  const at = (name: string): string => join(world.home, name)
  const made = await run(world, sh('umask 0; echo a | trecord cast'))
  t.equal(made.stdout.toString(), 'a\n')
  t.equal(statSync(at('cast')).mode & 0o777, 0o600)
  const before = readFileSync(at('cast'))
  writeFileSync(at('victim'), 'precious')
  symlinkSync(at('victim'), at('link'))
  symlinkSync(at('none'), at('dangling'))
  await run(world, ['mkfifo', 'fifo'])
  const refused: [name: string, why: string][] = [
    ['cast', 'there is a file of that name'],
    ['link', 'there is a file of that name'],
    ['dangling', 'there is a file of that name'],
    ['.', 'there is a file of that name'],
    ['fifo', 'there is a file of that name'],
    ['no/such', 'no such file or directory'],
  ]
  for (const [name, why] of refused) {
    const its = await run(world, sh(`echo a | trecord ${name}`))
    const said = `trecord: fatal: cannot record to ${name}: ${why}\n`
    t.strictSame([its.status, its.stdout.toString(), its.stderr], [111, '', said], name)
  }
  t.strictSame(readFileSync(at('cast')), before)
  t.equal(readFileSync(at('victim'), 'utf8'), 'precious')
  t.ok(lstatSync(at('link')).isSymbolicLink())
  t.notOk(existsSync(at('none')))
})

t.test('a full disk is said once, and does not hurt the stream', async t => {
  const world = place(t)
  const script = 'seq 1 100000 | trecord /dev/full | md5sum; seq 1 100000 | md5sum'
  const { stdout, stderr } = await run(world, ['bash', '-c', script])
  const [through, direct] = stdout.toString().split('\n')
  t.equal(through, direct)
  t.equal(
    stderr,
    'trecord: warning: cannot record to /dev/full: no space left on device; will go on trying\n',
  )
  const its = await run(world, sh('echo a | trecord /dev/full'))
  t.strictSame([its.status, its.stdout.toString()], [111, 'a\n'])
  t.equal((await run(world, sh('echo a | trecord /dev/null'))).status, 0)
})

const mounts = attempt(() => {
  execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' })
  return true
})

t.test(
  'when there is room again it goes on, and says what is missing',
  { skip: mounts ? false : 'no file system can be mounted here' },
  async t => {
    const world = place(t)
    // Each part is seen at the other end before the next one comes.
    const script = `mkdir small; mount -t tmpfs -o size=64k none small || exit 9
mkfifo in out; trecord small/cast <in >out 2>err & exec 5>in 6<out
pass() { printf %s "$1" >&5; head -c $\{#1} <&6 >/dev/null; }
pass first; head -c 70000 /dev/zero >small/fill 2>/dev/null
big=$(head -c 30000 /dev/zero | tr '\\0' x)
pass "$big"; pass "$big"; pass more; rm small/fill; pass last; exec 5>&-; wait $!
echo $?; cp small/cast cast`
    const { stdout, stderr } = await run(world, ['unshare', '-m', 'bash', '-c', script])
    t.strictSame([stdout.toString(), stderr], ['111\n', ''])
    const said = readFileSync(join(world.home, 'err'), 'utf8')
    t.equal(
      said,
      'trecord: warning: cannot record to small/cast: no space left on device; will go on trying\n',
    )
    const moments = recorded(world)
    const shown = output(moments).toString()
    t.ok(shown.startsWith('first') && shown.endsWith('last'))
    const missing = moments.flatMap(({ event }) =>
      event.type === 'mark'
        ? [Number(/^(\d+) bytes are missing here$/.exec(event.label)?.[1])]
        : [],
    )
    t.equal(missing.length, 1)
    t.equal(shown.length + (missing[0] ?? 0), 'firstmorelast'.length + 60000)
    t.equal((await run(world, ['python3', '-c', CHECK, 'cast'])).status, 0)
  },
)

t.test('what was passed on is in the recording, also after kill -9', async t => {
  const world = place(t)
  const script = 'mkfifo go; (seq 1 10000; cat go) | trecord cast'
  const its = terminal(world, sh(script))
  await its.see('\n10000\r\n')
  process.kill(recorderOn(its, 'trecord cast'), 'SIGKILL')
  await run(world, sh(': >go'))
  await its.end()
  t.match(output(recorded(world)).toString(), /^1\n2\n[^]*\n10000\n$/)
})

t.test('a reader that goes away, or waits, is as it is without trecord', async t => {
  const world = place(t)
  const gone = await run(world, sh('yes | trecord cast | head -n 2'), { timeout: 5000 })
  t.strictSame([gone.stdout.toString(), gone.stderr], ['y\ny\n', ''])
  const alone = await run(
    world,
    ['bash', '-c', '(yes; echo "yes $?" >&2) | trecord 2 | true; echo ${PIPESTATUS[1]}'],
    { timeout: 5000 },
  )
  t.strictSame([alone.stdout.toString(), alone.stderr], ['0\n', 'yes 141\n'])

  const fifo = `mkfifo f; exec 5<>f; exec 6>f 5>&-; echo x | trecord cast4 >&6; echo $?`
  const left = await run(world, sh(fifo))
  t.strictSame([left.stdout.toString(), left.stderr], ['0\n', ''], 'a FIFO that nobody reads')

  // A writer is held up as soon as pipes and a bounded queue are full.
  const script = `mkfifo hold; (head -c 10000000 /dev/zero; echo done >&2) | trecord cast3 | (read x <hold; wc -c)`
  const its = terminal(world, sh(script))
  await until(
    () => attempt(() => statSync(join(world.home, 'cast3')).size > 100_000),
    'it has begun',
  )
  const size = async (): Promise<number> => {
    const before = statSync(join(world.home, 'cast3')).size
    await run(world, ['true'])
    return before
  }
  await until(async () => (await size()) === statSync(join(world.home, 'cast3')).size, 'it waits')
  t.notMatch(its.text, 'done')
  await run(world, sh('echo >hold'))
  await its.see('10000000')
  await its.end()
})

t.test('typed input is recorded when asked, and never while echo is off (SECURITY 18)', async t => {
  const world = place(t)
  const script = `trecord -i cast | sh -c '
read a; stty -echo </dev/tty; echo ask >/dev/tty; read b
stty echo </dev/tty; echo again >/dev/tty; read c; echo "$a/$b/$c"'`
  const its = terminal(world, sh(script))
  await its.type('one\r')
  await its.see('ask')
  await its.type('secret\r')
  await its.see('again')
  await its.type('two\r')
  await its.see('one/secret/two')
  await its.type('\x04')
  t.equal(await its.end(), 0)
  const typed = recorded(world).map(({ event }) => event.type === 'input' && event.bytes.toString())
  t.strictSame(typed, ['one\n', 'two\n'])
  t.notMatch(readFileSync(join(world.home, 'cast'), 'utf8'), 'secret')
  t.equal((await run(world, sh('echo x | trecord -i cast2'))).status, 0)
  t.strictSame(
    recorded(world, 'cast2').map(({ event }) => event.type),
    ['input'],
  )
})

t.test('a session in a pipeline is recorded, and the terminal is as before', async t => {
  const world = place(t)
  const session = `sess sh -c 'echo up; read x; echo "<$x>"'`
  const its = terminal(world, sh(`stty -g; ${session} | trecord cast | cat; stty -g`))
  const before = await its.see(/^([0-9a-f:]+)\r\n/)
  await its.see('up')
  await its.type('hello\r')
  await its.see('<hello>')
  await its.see(`\r\n${before}\r\n`)
  await its.end()
  t.match(output(recorded(world)).toString(), /^up\r\nhello\r\n<hello>\r\n$/)
})
