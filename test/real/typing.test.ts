// Typing into a session from outside (sesstype), alone or beside whoever is connected.

import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { request } from '../../lib/frames.js'
import { place, run, terminal, until, type World } from './driver.js'
import { becomes, kill, look, session, sh } from './sessions.js'
import { stranger } from './stranger.js'

const MANY = 1048576

const HELLO = request({ type: 'hello', version: 1 })
const TYPIST = request({ type: 'typist' })

const input = (offset: number, size = 1): Buffer =>
  request({ type: 'input', offset, bytes: Buffer.alloc(size) })

/** A session whose program reads so many bytes into the file `got`, and then does something else. */
async function reading(world: World, count: number, then = ''): Promise<string> {
  const script = `stty raw -echo; echo ready; head -c ${count} >got; ${then}`
  const name = await session(world, ...sh(script))
  await shows(world, name, 'ready')
  return name
}

async function shows(world: World, name: string, what: string): Promise<void> {
  const { status } = await run(world, ['sesswait', '-s', name, '-m', what, '-t', '10'])
  if (status !== 0) throw new Error(`${name} does not show ${what}: status ${status}`)
}

const got = (world: World, file = 'got'): Buffer => readFileSync(join(world.home, file))

t.test('1 MiB of random bytes arrives as it is', async t => {
  const world = place(t)
  const bytes = randomBytes(MANY)
  const name = await reading(world, MANY, 'exit 5')
  const its = await run(world, ['sesstype', '-s', name], { input: bytes })
  t.match(its, { status: 0, stderr: '' })
  t.equal(its.stdout.length, 0)
  t.equal((await run(world, ['sesswait', '-s', name])).status, 5)
  t.ok(got(world).equals(bytes))
  await kill(world, name)
})

for (const direct of [true, false]) {
  const path = direct ? 'directly' : 'through his signaller'
  t.test(`also while somebody types who is connected ${path}`, async t => {
    const world = place(t)
    const most = 262144
    const [high, low] = [randomBytes(most), randomBytes(most / 4)]
    for (const [n, byte] of high.entries()) high[n] = byte | 128
    for (const [n, byte] of low.entries()) low[n] = 97 + (byte % 26)
    const count = high.length + low.length
    const name = await reading(world, count, 'echo half; head -c 10 >more; exit 5')
    const env = direct ? {} : { SESS_DIRECT: 'no' }
    const connect = async () => {
      const its = terminal(world, ['sess', 'reconnect', name], { env })
      await its.see('successfully connected')
      const ready = async () => (await look(world, name))?.direct?.input === direct
      await until(ready, 'it is used like that')
      return its
    }
    const user = await connect()
    const outside = run(world, ['sesstype', '-s', name], { input: high })
    for (let from = 0; from < low.length; from += 4096)
      await user.type(low.subarray(from, from + 4096))
    t.equal((await outside).status, 0)
    await user.see('half')
    const all = got(world)
    t.ok(high.equals(all.filter(byte => byte >= 128)), 'all from outside')
    t.ok(low.equals(all.filter(byte => byte < 128)), 'all of his')

    await user.type('12')
    await run(world, ['sesstype', '-s', name, 'a', 'b'])
    await run(world, ['disconnect', '-s', name])
    t.equal(await user.end(), 0)
    await run(world, ['sesstype', '-s', name, '-l', 'c'])
    const again = await connect()
    await again.type('345')
    t.equal(await again.end(), 5)
    t.equal(got(world, 'more').toString(), '12a bc\r345')
  })
}

t.test('a program that does not read is waited for, and nobody else waits', async t => {
  const world = place(t)
  const bytes = randomBytes(MANY)
  const wait = 'until test -e go; do sleep 0.02; done'
  const name = await session(
    world,
    ...sh(`stty raw -echo; echo ready; ${wait}; head -c ${MANY} >got; exec sleep 1000`),
  )
  await shows(world, name, 'ready')
  let typed = false
  const typing = run(world, ['sesstype', '-s', name], { input: bytes }).then(its => {
    typed = true
    return its
  })
  const user = terminal(world, ['sess', 'reconnect', name])
  await user.see('successfully connected')
  await run(world, ['disconnect', '-s', name])
  t.equal(await user.end(), 0)
  t.notOk(typed)
  writeFileSync(join(world.home, 'go'), '')
  t.equal((await typing).status, 0)
  await until(() => got(world).length === MANY, 'all is read')
  t.ok(got(world).equals(bytes))
  await kill(world, name)
})

t.test('who is connected types on when all that others typed has been read', async t => {
  const world = place(t)
  const wait = 'until test -e go; do sleep 0.02; done'
  const script = `stty raw -echo; ${wait}; head -c 180010 >got; echo all; head -c 4 >more`
  const name = await session(world, ...sh(script))
  const user = terminal(world, ['sess', 'reconnect', name])
  await until(async () => (await look(world, name))?.direct?.input, 'his terminal is used')
  const other = await stranger(world, name)
  const answers = (): number => other.heard.filter(({ type }) => type === 'info').length
  const types = async (...offsets: number[]): Promise<void> => {
    const before = answers()
    other.say(...offsets.map(at => input(at, 60000)), request({ type: 'info' }))
    await until(() => answers() > before, 'it waits for the program')
  }
  other.say(HELLO, TYPIST)
  await types(0, 60000)
  await user.type('0123456789')
  await look(world, name)
  await types(120000)
  writeFileSync(join(world.home, 'go'), '')
  await user.see('all')
  t.ok(got(world).includes('0123456789'))
  await user.type('more')
  t.equal(await user.end(), 0)
  t.equal(got(world, 'more').toString(), 'more')
  other.leave()
})

t.test('who does not keep to the rules is dropped, and nobody else notices', async t => {
  const world = place(t)
  const name = await session(world, ...sh('stty raw -echo; echo ready; exec sleep 1000'))
  await shows(world, name, 'ready')
  const flood = Array.from({ length: 40 }, (_, n) => input(n * 60000, 60000))
  for (const said of [[input(5)], [input(0), input(0)], flood]) {
    const its = await stranger(world, name)
    its.say(HELLO, TYPIST, ...said)
    await until(() => !its.open, 'he is dropped')
  }
  const quiet = await stranger(world, name)
  quiet.say(HELLO, input(0), request({ type: 'info' }))
  await until(() => quiet.heard.some(({ type }) => type === 'info'), 'he is answered')
  t.notOk(
    quiet.heard.some(({ type }) => type === 'seen'),
    'who did not ask types nothing',
  )
  quiet.leave()
  const last = await stranger(world, name)
  const said = (what: string) => last.heard.some(({ type }) => type === what)
  last.say(HELLO, TYPIST, input(0, 4))
  await until(() => said('ok'), 'he may type')
  await kill(world, name)
  await until(() => said('bye'), 'he is told of the end')
  t.notOk(said('seen'), 'what he typed waits behind theirs')
})

t.test('it ends when nobody will read the rest', async t => {
  const world = place(t)
  const bytes = randomBytes(MANY)
  const says = (name: string, stderr: string) => ({
    status: 2,
    stderr: `sesstype: fatal: session ${name} ${stderr}\n`,
  })
  const exits = await reading(world, 1000)
  t.match(
    await run(world, ['sesstype', '-s', exits], { input: bytes }),
    says(exits, 'has ended'),
    'the program exits',
  )
  await becomes(world, exits, { state: 'ended' })
  t.match(await run(world, ['sesstype', '-s', exits, 'x']), says(exits, 'has ended'))

  const killed = await reading(world, 1000, 'echo begun; exec sleep 1000')
  const typing = run(world, ['sesstype', '-s', killed], { input: bytes })
  await shows(world, killed, 'begun')
  await kill(world, killed)
  t.match(await typing, says(killed, 'has ended'), 'the session is killed')
  t.match(await run(world, ['sesstype', '-s', killed, 'x']), {
    status: 2,
    stderr: `sesstype: fatal: cannot find session ${killed}; if it exists, do you own it?\n`,
  })
  await kill(world, exits)
})

t.test('it ends whatever its input is, or if it has none', async t => {
  const world = place(t)
  const name = await session(world, 'cat')
  const inputs: [input: string, status: number][] = [
    ['<&-', 0],
    ['</dev/null', 0],
    ['</etc', 111],
    ['</dev/null >&- 2>&-', 0],
  ]
  for (const [input, status] of inputs) {
    const its = await run(world, sh(`sesstype -s ${name} ${input}`))
    const stderr = status ? 'sesstype: fatal: cannot read: illegal operation on a directory\n' : ''
    t.match(its, { status, stderr }, input)
  }
  await run(world, ['sesstype', '-s', name, '\x04'])
  t.equal((await run(world, ['sesswait', '-s', name])).status, 0)
  await kill(world, name)
})

t.test('words, a return, and keys that make signals', async t => {
  const world = place(t)
  const name = await session(world, '/bin/sh')
  await run(world, ['sesstype', '-ls', name, 'echo "a', ' b"; sleep 1000'])
  await shows(world, name, 'a  b\r\n')
  await run(world, ['sesstype', '-s', name], { input: '\x03' })
  await run(world, ['sesstype', '-s', name, '-l'], { input: 'touch done' })
  await until(() => existsSync(join(world.home, 'done')), 'the sleep is interrupted')
  t.match(await run(world, ['sesstype', '-s', name], { input: 'exit 3\n' }), { status: 0 })
  t.equal((await run(world, ['sesswait', '-s', name])).status, 3)
  await kill(world, name)
})
