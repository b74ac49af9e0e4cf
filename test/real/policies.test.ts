// What becomes of output, and of a session, while nobody is connected.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { alive, place, run, terminal, until } from './driver.js'
import { becomes, kill, look, session, sh } from './sessions.js'

const arrival = (name: string): string => `pty: info: successfully connected to ${name}\r\n`

t.test(
  'what was missed is shown: the last of it, from a new line on, and what is lost is said',
  async t => {
    const world = place(t)
    const name = await session(world, '-b', '1000', ...sh('seq 1000; : >done; exec cat'))
    await until(() => existsSync(join(world.home, 'done')), 'it has written')
    const its = terminal(world, ['sess', 'reconnect', name])
    await its.see(arrival(name))
    // 9 lines of 3 bytes, 90 of 4, 900 of 5 and one of 6.
    const lost = 9 * 3 + 90 * 4 + 900 * 5 + 6 - 1000
    await its.see(`pty: warning: ${lost} bytes of output were not kept\r\n`)
    await its.see('\n1000\r\n')
    const shown = its.text.slice(its.text.indexOf('kept\r\n') + 6)
    t.equal(shown, Array.from({ length: 199 }, (_, n) => `${n + 802}\r\n`).join(''))
    await its.type('live\r')
    await its.see('live\r\nlive\r\n')
    await run(world, ['disconnect', '-s', name])
    t.equal(await its.end(), 0)
    const again = terminal(world, ['sess', 'reconnect', name])
    await again.see(arrival(name))
    await again.type('again\r')
    await again.see('again\r\nagain\r\n')
    t.notMatch(again.text, 'live', 'what was seen is not shown again')
    await kill(world, name)
    t.equal(await again.end(), 129)
  },
)

t.test('256 KiB are kept where nothing else is said', async t => {
  const world = place(t)
  const name = await session(world, ...sh('stty -opost; seq 100000; exit 5'))
  await becomes(world, name, { state: 'ended' })
  const all = Array.from({ length: 100_000 }, (_, n) => `${n + 1}\n`).join('')
  const { stdout, stderr, status } = await run(world, ['sess', 'reconnect', name])
  t.equal(stdout.toString(), all.slice(-262144), 'into a pipe exactly those')
  t.match(stderr, `pty: warning: ${all.length - 262144} bytes of output were not kept\n`)
  t.equal(status, 5)
})

t.test('a program may wait until somebody looks: nothing is ever lost (-d block)', async t => {
  const world = place(t)
  const script = 'stty -opost; seq 1 20000; : >done; exec cat'
  const name = await session(world, '-d', 'block', '-b', '2000', ...sh(script))
  const viewer = terminal(world, ['sess', 'reconnect', '-r', name])
  await viewer.see(arrival(name))
  t.notOk(existsSync(join(world.home, 'done')), 'a viewer is nobody')
  const its = terminal(world, ['sess', 'reconnect', name])
  await its.see(arrival(name))
  await its.see('\n20000\n')
  t.ok(its.text.endsWith(Array.from({ length: 20_000 }, (_, n) => `${n + 1}\n`).join('')))
  await viewer.see('\n20000\n')
  await until(() => existsSync(join(world.home, 'done')), 'it goes on')
  await kill(world, name)
  t.equal(await its.end(), 129)
  t.equal(await viewer.end(), 129)
})

t.test('a program may run on unseen: nothing is kept (-d drop)', async t => {
  const world = place(t)
  const script = 'echo before; read x; echo seen; read x; sleep .3; seq 50000; : >done; exec cat'
  const name = await session(world, '-d', 'drop', ...sh(script))
  const first = terminal(world, ['sess', 'reconnect', name])
  await first.see(arrival(name))
  await first.type('\r')
  await first.see('\r\nseen\r\n')
  t.notMatch(first.text, 'before')
  await first.type('\r')
  await run(world, ['disconnect', '-s', name])
  t.equal(await first.end(), 0)
  await until(() => existsSync(join(world.home, 'done')), 'it runs on')
  const second = terminal(world, ['sess', 'reconnect', name])
  await second.see(arrival(name))
  await second.type('live\r')
  await second.see('live\r\nlive\r\n')
  t.notMatch(second.text, '50000')
  await kill(world, name)
  t.equal(await second.end(), 129)
})

t.test(
  'a session that ends while disconnected waits to be seen, with its status (C14)',
  async t => {
    const world = place(t)
    for (const [argv, status, said] of [
      [['awk', 'BEGIN{for(i=1;i<=1000;i++)print i}'], 0, /^1\r\n2\r\n[^]*\r\n1000\r\n$/],
      [sh('printf "no newline"; exit 42'), 42, /^no newline$/],
      [sh('kill -9 $$'), 137, /^$/],
    ] as const) {
      const name = await session(world, ...argv)
      const { pid } = await becomes(world, name, { state: 'ended', status, slave: null })
      const list = await run(world, ['sesslist'])
      t.match(list.stdout.toString(), `ended with status ${status} at `)
      const viewer = terminal(world, ['sess', '-q', 'reconnect', '-r', name])
      t.equal(await viewer.end(), status, 'a viewer sees the end')
      t.match(await look(world, name), { state: 'ended' }, 'and does not count')
      const its = terminal(world, ['sess', 'reconnect', name])
      t.equal(await its.end(), status)
      t.match(its.text.slice(its.text.indexOf(arrival(name)) + arrival(name).length), said)
      t.equal(await look(world, name), undefined, 'it has been seen')
      await until(() => !alive(pid), 'its master has gone')
    }
  },
)

t.test('what is written while nobody looks is seen once, and then the status (C15)', async t => {
  const world = place(t)
  const script = 'echo Start; read x; : >here; sleep .3; echo Hello; sleep .7; echo End; exit 1'
  const first = terminal(world, ['sess', ...sh(script)])
  await first.see('Start\r\n')
  await first.type('\r')
  await until(() => existsSync(join(world.home, 'here')), 'it goes on')
  const names = await run(world, sh('sesslist | cut -d" " -f2'))
  const name = names.stdout.toString().trim()
  await run(world, ['disconnect', '-s', name])
  t.equal(await first.end(), 0)
  const second = terminal(world, ['sess', 'reconnect', name])
  t.equal(await second.end(), 1)
  const both = first.text + second.text
  for (const word of ['Start', 'Hello', 'End']) t.equal(both.split(word).length, 2, word)
})
