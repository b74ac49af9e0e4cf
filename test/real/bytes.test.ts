// No byte is lost, doubled or changed on its way through a session, in or out, whatever is at the ends.

import { execFileSync } from 'node:child_process'
import { createCipheriv, createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { place, run, terminal, until, type World } from './driver.js'
import { becomes, kill, session, sessions, sh } from './sessions.js'

/** How often the races at a program's end are run; a soak asks for more. */
const RUNS = Number(process.env['SESS_RUNS'] ?? 12)

const MIB = 1 << 20

/** Bytes in which every piece is different from every other, all values among them. */
function noise(length: number, seed = 0): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16))
  return cipher.update(Buffer.alloc(length))
}

/** Without control characters, of the eighth bit too. */
const letters = (bytes: Buffer): Buffer => bytes.map(byte => 0x20 | (byte & 0x5f)) as Buffer

const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

function file(world: World, name: string, bytes: Buffer): string {
  const path = join(world.dir, name)
  writeFileSync(path, bytes)
  return path
}

const VALUES = Buffer.from(Array.from({ length: 256 }, (_, n) => n))

t.test('all 256 values go both ways, through a terminal and through pipes', async t => {
  const world = place(t)
  const its = terminal(world, ['sess', ...sh('stty raw -echo; echo ready; exec cat')])
  await its.see('ready\n')
  const before = its.output.length
  const typed = Buffer.concat([VALUES, noise(MIB), VALUES])
  await its.type(typed)
  await until(() => its.output.length - before >= typed.length, 'all is back')
  t.ok(its.output.subarray(before).equals(typed))
  const [{ name } = { name: '' }] = await sessions(world)
  await kill(world, name)
  await its.end()

  const script = 'stty raw -echo; echo >go; head -c 256 >got; cat given'
  writeFileSync(join(world.home, 'given'), VALUES)
  const feed = file(world, 'feed', VALUES)
  const outer = `mkfifo go; (read x <go; cat ${feed}; sleep 1) | sess sh -c '${script}'`
  t.strictSame((await run(world, sh(outer))).stdout, VALUES)
  t.strictSame(readFileSync(join(world.home, 'got')), VALUES)
})

t.test('16 MiB pasted into a slow reader arrive as they are', async t => {
  const world = place(t)
  const half = 8 * MIB
  const paste = noise(2 * half)
  const read = `head -c ${half} >a; sleep 0.5; head -c ${half} >b; echo done`
  const its = terminal(world, ['sess', ...sh(`stty raw -echo; echo ready; sleep 0.5; ${read}`)])
  await its.see('ready\n')
  await its.type(paste)
  await its.see('done')
  t.equal(await its.end(), 0)
  const arrived = ['a', 'b'].map(name => readFileSync(join(world.home, name)))
  t.equal(hash(Buffer.concat(arrived)), hash(paste))
})

t.test('16 MiB from a file or a pipe arrive, and then the input has ended', async t => {
  const world = place(t)
  const given = file(world, 'given', noise(16 * MIB))
  const inner = `stty raw -echo; echo >go; sleep 0.3; head -c ${16 * MIB} | sha256sum >sum; echo >end; sleep 100`
  // The input must not come before the terminal is raw: a cooked one holds 4095 bytes of a line.
  for (const [how, outer] of [
    ['pipe', `(read x <go; cat ${given}) | sess sh -c "$1"`],
    ['file', `sess -n sh -c "$1" >name; read x <go; sess reconnect $(cat name) <${given}`],
  ] as const) {
    const script = `mkfifo go end; (read x <end) & ${outer}; echo $?; wait; rm go end`
    const { stdout, stderr } = await run(world, ['sh', '-c', script, 'sh', inner])
    t.match(stdout.toString(), /^0\n$/, `${how}: the end of the input is a disconnect`)
    t.notMatch(stderr, /fatal|warning/)
    const [sum] = readFileSync(join(world.home, 'sum'), 'utf8').split(' ')
    t.equal(sum, hash(readFileSync(given)), how)
    const [{ name, state } = { name: '', state: '' }] = await sessions(world)
    t.equal(state, 'disconnected')
    await kill(world, name)
  }
})

t.test('100 MiB come out with the right hash', async t => {
  const world = place(t)
  const given = file(world, 'given', noise(100 * MIB))
  const want = hash(readFileSync(given))
  const { stdout } = await run(world, sh(`sess sh -c 'stty raw; exec cat ${given}' | sha256sum`))
  t.equal(stdout.toString().split(' ')[0], want)
})

t.test(
  `1 MiB and exit at once: ${2 * RUNS} of ${2 * RUNS} arrive whole, and then the status`,
  async t => {
    const world = place(t)
    const bytes = noise(MIB)
    const given = file(world, 'given', bytes)
    const program = sh(`stty -opost; cat ${given}; exit 7`)
    let good = 0
    for (let n = 0; n < RUNS; n++) {
      const its = terminal(world, ['sess', ...program])
      const piped = await run(world, ['sess', ...program])
      if (piped.status === 7 && piped.stdout.equals(bytes)) good++
      else t.fail(`${piped.stdout.length} bytes into a pipe, status ${piped.status}`)
      const status = await its.end()
      if (status === 7 && its.output.equals(bytes)) good++
      else t.fail(`${its.output.length} bytes on a terminal, status ${status}`)
      its.hangup()
    }
    t.equal(good, 2 * RUNS)
  },
)

t.test('a slow reader gets the end of the output and then the status', async t => {
  const world = place(t)
  const given = file(world, 'given', noise(MIB))
  const slow = `(sess sh -c 'stty -opost; cat ${given}; exit 7'; echo $? >status) | (sleep 1; sha256sum)`
  const { stdout } = await run(world, sh(slow))
  t.equal(stdout.toString().split(' ')[0], hash(readFileSync(given)))
  t.equal(readFileSync(join(world.home, 'status'), 'utf8'), '7\n')

  const text = letters(readFileSync(given))
  const shown = file(world, 'shown', text)
  const its = terminal(world, ['sess', ...sh(`stty -opost; echo ready; cat ${shown}; exit 7`)])
  await its.see('ready')
  its.stopReading()
  t.match(await sessions(world), [{ state: 'connected' }])
  its.startReading()
  t.equal(await its.end(), 7)
  t.ok(its.output.subarray(-MIB).equals(text))
})

t.test('output goes into anything as it is, and nothing of ours with it', async t => {
  const world = place(t)
  const bytes = noise(3 * MIB)
  const given = file(world, 'given', bytes)
  mkdirSync(join(world.home, 'out'))
  const sess = `sess sh -c 'stty -opost; cat ${given}; exit 7'`
  for (const [how, script] of [
    ['file', `${sess} >out/file`],
    ['appended', `printf old >out/appended; ${sess} >>out/appended`],
    ['after', `(printf old; ${sess}; s=$?; printf new; exit $s) >out/after`],
    ['fifo', `mkfifo f; cat f >out/fifo & ${sess} >f; s=$?; wait; exit $s`],
    ['null', `${sess} >/dev/null`],
    ['everything', `${sess} >out/everything 2>&1`],
  ] as const) {
    const { status, stdout, stderr } = await run(world, sh(script))
    t.strictSame([status, stdout.toString(), stderr], [7, '', ''], how)
  }
  const out = (name: string): Buffer => readFileSync(join(world.home, 'out', name))
  for (const name of ['file', 'fifo', 'everything']) t.ok(out(name).equals(bytes), name)
  t.ok(out('appended').equals(Buffer.concat([Buffer.from('old'), bytes])))
  t.ok(out('after').equals(Buffer.concat([Buffer.from('old'), bytes, Buffer.from('new')])))
  const socket = await run(world, sh(sess), { sockets: true })
  t.equal(socket.status, 7)
  t.ok(socket.stdout.equals(bytes), 'socket')
})

t.test('a reader that goes is a disconnect; the program goes on', async t => {
  const world = place(t)
  const program = 'i=0; while :; do i=$((i+1)); echo line $i; done'
  const script = `sess sh -c '${program}' | head -n 3; exit 0`
  const { status, stdout, stderr } = await run(world, ['bash', '-c', `set -o pipefail; ${script}`])
  t.strictSame([status, stdout.toString()], [0, 'line 1\r\nline 2\r\nline 3\r\n'])
  t.equal(stderr, '')
  const [one] = await sessions(world)
  t.match(one, { state: 'disconnected' })
  await kill(world, one?.name ?? '')
})

t.test('an output that takes no more is said, and the session lives', async t => {
  const world = place(t)
  const { status, stderr } = await run(world, sh('sess yes >/dev/full'))
  t.equal(status, 111)
  t.equal(stderr, 'pty: fatal: cannot write the output: no space left on device\n')
  const [one] = await sessions(world)
  t.match(one, { state: 'disconnected' })
  await kill(world, one?.name ?? '')
  const listing = await run(world, sh('sess -n sleep 100 >name; sesslist >/dev/full'))
  t.equal(listing.status, 111)
  t.match(listing.stderr, /^sesslist: fatal: cannot write: no space left on device\n$/)
  await kill(world, readFileSync(join(world.home, 'name'), 'utf8').trim())
})

t.test('what nobody has seen is kept, blocks, or is dropped: the policy says', async t => {
  const world = place(t)
  const bytes = noise(MIB)
  const given = file(world, 'given', bytes)
  const program = sh(`stty -opost; cat ${given}; echo >end; exit 7`)
  execFileSync('mkfifo', [join(world.home, 'end')])
  const wait = async (): Promise<unknown> => run(world, sh('read x <end'))

  const kept = await session(world, '-b', '100000', ...program)
  await wait()
  await becomes(world, kept, { state: 'ended' })
  const tail = await run(world, ['sess', 'reconnect', kept])
  t.ok(tail.stdout.equals(bytes.subarray(-100000)), 'the last 100000 bytes')
  t.equal(tail.status, 7)
  t.match(tail.stderr, /pty: warning: 948576 bytes of output were not kept\n/)

  const blocked = await session(world, '-d', 'block', '-b', '1000', ...program)
  const [whole] = await Promise.all([run(world, ['sess', 'reconnect', blocked]), wait()])
  t.ok(whole.stdout.equals(bytes), 'every byte')
  t.equal(whole.status, 7)

  const dropped = await session(world, '-d', 'drop', ...program)
  await wait()
  await becomes(world, dropped, { state: 'ended' })
  const nothing = await run(world, ['sess', 'reconnect', dropped])
  t.equal(nothing.stdout.length, 0)
  t.equal(nothing.status, 7)
})
