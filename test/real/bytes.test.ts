// No byte is lost, doubled or changed on its way through a session, in or out, whatever is at the ends.

import { createCipheriv, createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { place, run, terminal, until, type World } from './driver.js'
import { kill, sessions, sh } from './sessions.js'

/** How often the races at a program's end are run; a soak asks for more. */
const RUNS = Number(process.env['SESS_RUNS'] ?? 12)

const MIB = 1 << 20

/** Bytes in which every piece is different from every other, all values among them. */
function noise(length: number, seed = 0): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16))
  return cipher.update(Buffer.alloc(length))
}

/** Nothing that sets a terminal's modes, which would be undone at the end. */
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
    const bytes = letters(noise(MIB))
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
