// Whoever says what he likes on a session's socket: nobody else notices.

import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { request } from '../../lib/frames.js'
import type { Request } from '../../lib/wire.js'
import { place, run, terminal, until, type World } from './driver.js'
import { descriptors, resident } from './facts.js'
import { becomes, kill, session, sessions, sh } from './sessions.js'
import { stranger } from './stranger.js'

const RUNS = { numRuns: Number(process.env['FC_RUNS'] ?? 60) }

const HELLO = request({ type: 'hello', version: 1 })
const PLACE = { tty: '/dev/pts/99', from: 'nowhere', pid: 1, saved: '', kept: 0 }

const connect = (viewer: boolean, force = false): Buffer =>
  request({ type: 'connect', terminal: false, rows: 24, columns: 80, viewer, force, ...PLACE })

/** A frame with any letter, length and body. */
function frame(letter: string, body: Buffer | string, length = Buffer.from(body).length): Buffer {
  const head = Buffer.alloc(4)
  head.write(letter)
  head.writeUIntBE(length % 0x1000000, 1, 3)
  return Buffer.concat([head, Buffer.from(body)])
}

/** A session whose program tells whatever is typed, and its master as it was at first. */
async function victim(world: World) {
  const name = await session(
    world,
    ...sh('stty -echo; echo $$ >me; while read x; do echo "$x" >>typed; done'),
  )
  const { pid } = await becomes(world, name, { state: 'disconnected' })
  const before = { size: resident(pid), open: descriptors(pid).length }
  /** Does it answer others at once, and is it as it was? */
  const unharmed = async (t: Test, most = 20): Promise<void> => {
    const begun = performance.now()
    t.match(await run(world, ['sessname', '-s', name]), { status: 0, stderr: '' })
    t.ok(performance.now() - begun < 1000, 'it answers at once')
    const grown = resident(pid) - before.size
    t.ok(grown < most, `it grew by ${grown} MiB`)
    await until(() => descriptors(pid).length <= before.open, 'no descriptor is left', 3000)
  }
  return { name, pid, unharmed }
}

async function dropped(one: { open: boolean }, within = 2000): Promise<void> {
  await until(() => !one.open, 'it is dropped', within)
}

t.test('rubbish is dropped, and nobody else notices (SECURITY 21)', async t => {
  const world = place(t)
  const { name, unharmed } = await victim(world)
  const bytes = fc.uint8Array({ maxLength: 2000 })
  await fc.assert(
    fc.asyncProperty(bytes, fc.boolean(), async (some, greets) => {
      const client = await stranger(world, name)
      if (greets) client.say(HELLO)
      client.say(Buffer.from(some))
      client.leave()
      await dropped(client)
    }),
    RUNS,
  )
  for (const rubbish of [
    randomBytes(100_000),
    Buffer.alloc(1_000_000, 'H'),
    'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'SSH-2.0-OpenSSH_9.2\r\n',
  ]) {
    const client = await stranger(world, name)
    client.say(rubbish)
    await dropped(client)
  }
  await unharmed(t)
  t.match(await sessions(world), [{ state: 'disconnected' }])
  await kill(world, name)
})

t.test('what is no message is dropped, whatever it looks like', async t => {
  const world = place(t)
  const { name, unharmed } = await victim(world)
  const deep = '['.repeat(60_000)
  const wrong: [what: string, ...Buffer[]][] = [
    ['longer than any', HELLO, frame('Q', '{}', 16 * 1024 * 1024 - 1)],
    ['10 GB long', HELLO, frame('I', Buffer.alloc(100), 10 * 2 ** 30 - 1)],
    ['no hello', frame('Q', '{}')],
    ['connected without a hello', connect(false)],
    ['no object', HELLO, frame('Q', '[]')],
    ['null', HELLO, frame('Q', 'null')],
    ['nothing', HELLO, frame('Q', '')],
    ['a deep one', HELLO, frame('Q', deep)],
    ['no boolean', HELLO, frame('K', '{"force":"yes"}')],
    ['no text', HELLO, frame('T', '{"title":{"toString":1}}')],
    ['no number', HELLO, frame('C', '{"rows":1e999}')],
    ['no whole number', HELLO, frame('C', '{"rows":1.5}')],
    ['an offset cut short', HELLO, frame('S', Buffer.alloc(5))],
    ['seen what was not sent', HELLO, connect(false, true), frame('S', Buffer.alloc(6, 0xff))],
    [
      'typed from the middle',
      HELLO,
      connect(false, true),
      request({ type: 'input', offset: 5, bytes: Buffer.from('x') }),
    ],
  ]
  for (const [what, ...frames] of wrong) {
    const client = await stranger(world, name)
    client.say(...frames)
    await dropped(client).catch(() => t.fail(what))
  }
  await unharmed(t)

  const odd = await stranger(world, name)
  odd.say(
    HELLO,
    HELLO,
    request({ type: 'hello', version: 999 }),
    frame('z', 'a letter of tomorrow'),
    frame('!', Buffer.alloc(65536)),
    frame('T', '{"title":"from tomorrow","__proto__":{"polluted":1},"constructor":1,"more":[]}'),
    frame('S', Buffer.alloc(6, 0xff)),
    frame('I', Buffer.alloc(100, 'x')),
    request({ type: 'size', rows: -5, columns: 2 ** 40 }),
    request({ type: 'continue' }),
    frame('Q', '{}'),
  )
  await until(() => odd.heard.some(one => one.type === 'info'), 'it is answered')
  t.ok(odd.open, 'what is not known is skipped')
  t.match(odd.heard.at(-1), { title: 'from tomorrow', state: 'disconnected' })
  odd.leave()
  const large = await stranger(world, name)
  large.say(
    HELLO,
    request({
      type: 'connect',
      terminal: true,
      rows: 2 ** 40,
      columns: 2 ** 50,
      viewer: false,
      force: false,
      ...PLACE,
    }),
  )
  await until(() => large.heard.some(one => one.type === 'connected'), 'connected')
  large.say(
    request({ type: 'size', rows: 2 ** 52, columns: 1 }),
    request({ type: 'size', rows: -1, columns: -1 }),
  )
  await becomes(world, name, { state: 'connected' })
  large.leave()
  await unharmed(t)
  await kill(world, name)
})

t.test('who says half a thing, or nothing, is dropped after 5 seconds', async t => {
  const world = place(t)
  const { name, unharmed } = await victim(world)
  const half = await stranger(world, name)
  half.say(HELLO, frame('T', '{"title":', 1000))
  const early = await stranger(world, name)
  early.say('H')
  const silent = await Promise.all(Array.from({ length: 200 }, () => stranger(world, name)))
  const patient = await stranger(world, name)
  patient.say(HELLO)
  const begun = performance.now()
  t.match(await run(world, ['sessname', '-s', name, 'meanwhile']), { status: 0, stderr: '' })
  t.ok(performance.now() - begun < 1000)
  for (const one of [half, early, ...silent]) await dropped(one, 7000)
  t.ok(performance.now() - begun > 4000)
  t.ok(patient.open, 'who has greeted may take his time')
  patient.leave()
  await unharmed(t)
  await kill(world, name)
})

t.test('floods, and who never reads, cost the master little and others nothing', async t => {
  const world = place(t)
  const { name, unharmed } = await victim(world)
  const batch = (one: Request): Buffer =>
    Buffer.concat(Array.from({ length: 2000 }, () => request(one)))
  const questions = batch({ type: 'info' })
  const titles = batch({ type: 'title', title: 'x'.repeat(200) })
  const deaf = await stranger(world, name, false)
  const loud = await stranger(world, name)
  deaf.say(HELLO)
  loud.say(HELLO)
  for (let n = 1; n <= 20; n++) {
    if (n <= 10) deaf.say(questions)
    loud.say(titles)
    const answered = (): number => loud.heard.filter(one => one.type === 'ok').length
    if (n === 10) {
      const begun = performance.now()
      t.match(await run(world, ['sessname', '-s', name, 'mine']), { status: 0, stderr: '' })
      t.ok(performance.now() - begun < 2000, 'it answers others meanwhile')
    }
    await until(() => answered() === 2000 * n, 'all is answered')
  }
  loud.leave()
  const gone = (): boolean => {
    deaf.say(HELLO)
    return !deaf.open
  }
  await until(gone, 'who never reads is dropped', 3000)
  await unharmed(t, 32)

  const viewer = await stranger(world, name, false)
  viewer.say(HELLO, connect(true))
  const its = terminal(world, ['sess', 'reconnect', name])
  await its.see('successfully connected')
  await its.type('typed by its owner\r')
  await becomes(world, name, { state: 'connected' })
  viewer.leave()
  its.hangup()
  await kill(world, name)
})

t.test('a viewer only looks, whatever it says (SECURITY 17)', async t => {
  const world = place(t)
  const name = await session(world, ...sh('stty -echo; while read x; do echo "got $x"; done'))
  const its = terminal(world, ['sess', 'reconnect', name], { rows: 30, columns: 90 })
  await its.see('successfully connected')
  await its.type('one\r')
  await its.see('got one')
  const said: Request[] = [
    { type: 'input', offset: 0, bytes: Buffer.from('from a viewer\r') },
    { type: 'input', offset: 4, bytes: Buffer.from('from a viewer\r') },
    { type: 'size', rows: 5, columns: 5 },
    { type: 'continue' },
    { type: 'disconnect' },
    { type: 'reconnect', to: 'p0', force: true, viewer: false, notice: 'x' },
    { type: 'title', title: 'from a viewer' },
    { type: 'kill', force: true },
    { type: 'connect', terminal: true, rows: 5, columns: 5, viewer: false, force: true, ...PLACE },
    { type: 'seen', offset: 2 ** 40 },
    { type: 'leave', ended: true },
  ]
  for (const one of said) {
    const viewer = await stranger(world, name)
    viewer.say(HELLO, connect(true))
    await until(() => viewer.heard.some(({ type }) => type === 'connected'), 'it may look')
    viewer.say(request(one), request({ type: 'info' }))
    if (['size', 'continue', 'connect'].includes(one.type)) {
      await until(() => viewer.heard.some(({ type }) => type === 'info'), `${one.type} is ignored`)
      viewer.leave()
    }
    await dropped(viewer).catch(() => t.fail(one.type))
  }
  await its.type('two\r')
  await its.see('got two')
  t.notMatch(its.text, /viewer/)
  const size = await run(world, sh(`stty size </dev/pts/${parseInt(name.slice(1), 16)}`))
  if (name.startsWith('p')) t.equal(size.stdout.toString(), '30 90\n')
  t.match(await sessions(world), [{ name, title: '', state: 'connected', next: null, viewers: [] }])
  await kill(world, name)
})

t.test('what is sent holds nothing that was left in memory (SECURITY 22)', t => {
  const lib = join(import.meta.dirname, '../../lib')
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  const sources = files.filter(file => file.endsWith('.js'))
  t.ok(sources.length > 20)
  for (const file of sources)
    t.notMatch(readFileSync(join(lib, file), 'utf8'), /allocUnsafe|new Buffer\b/, file)
  t.end()
})
