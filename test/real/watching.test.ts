// Looking at a session from outside (sesstail), and waiting for it (sesswait): as viewers, whom nobody notices.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { place, processes, run, terminal, until, type World } from './driver.js'
import { becomes, kill, look, session, sessions, sh } from './sessions.js'

const wait = (file: string): string => `until test -e ${file}; do sleep 0.02; done`

const go = (world: World, file = 'go'): void => writeFileSync(join(world.home, file), '')

const viewers = async (world: World, name: string, count: number): Promise<unknown> =>
  until(async () => (await look(world, name))?.viewers.length === count, `it has ${count} viewers`)

t.test('sesstail gives what was kept, and leaves it there', async t => {
  const world = place(t)
  const name = await session(world, ...sh(`stty raw; printf 'one\\ntwo\\377'; ${wait('go')}`))
  const all = Buffer.from('one\ntwo\xff', 'latin1')
  t.equal((await run(world, ['sesswait', '-s', name, '-m', 'two'])).status, 0)
  const tail = async (...options: string[]): Promise<Buffer> => {
    const { status, stdout, stderr } = await run(world, ['sesstail', '-s', name, ...options])
    t.match({ status, stderr }, { status: 0, stderr: '' })
    return stdout
  }
  const table: [options: string[], from: number][] = [
    [[], 0],
    [['-n', '4'], 4],
    [['-n', '0'], 8],
    [['-n', '1000000'], 0],
    [['-fF'], 0],
  ]
  for (const [options, from] of table)
    t.strictSame(await tail(...options), all.subarray(from), options.join(' '))
  const user = terminal(world, ['sess', 'reconnect', name])
  await user.see('two')
  t.strictSame(await tail(), all, 'also what somebody has seen')
  await run(world, ['disconnect', '-s', name])
  await user.end()
  go(world)
  await becomes(world, name, { state: 'ended' })
  t.strictSame(await tail('-f'), all, 'also when it has ended')
  t.match(await sessions(world), [{ name, state: 'ended' }], 'which nobody has seen yet')
  await kill(world, name)
})

t.test('sesstail -f goes on with it to the end, byte for byte', async t => {
  const world = place(t)
  const script = `stty raw; ${wait('go')}; head -c 3000000 /dev/urandom | tee all; exit 4`
  const name = await session(world, '-b', '4000000', ...sh(script))
  const tails = [run(world, sh(`sesstail -s ${name} -f | sha256sum`))]
  tails.push(run(world, sh(`sesstail -s ${name} -f -n 0 >copy; sha256sum <copy`)))
  await viewers(world, name, 2)
  t.match((await run(world, ['sesslist'])).stdout.toString(), / with 2 viewers/)
  go(world)
  await becomes(world, name, { state: 'ended' })
  tails.push(run(world, sh(`sesstail -s ${name} | sha256sum`)))
  const sum = createHash('sha256')
    .update(readFileSync(join(world.home, 'all')))
    .digest('hex')
  for (const its of await Promise.all(tails)) {
    t.equal(its.stdout.toString(), `${sum}  -\n`)
    t.equal(its.stderr, '')
  }
  await kill(world, name)
})

t.test('who reads too slowly is told what he has lost, and the session does not wait', async t => {
  const world = place(t)
  const script = `stty raw; ${wait('go')}; head -c 2000000 /dev/urandom | tee all`
  const name = await session(world, '-b', '1000', ...sh(script))
  const tail = run(world, sh(`sesstail -s ${name} -f | (${wait('read')}; cat) >some`))
  await viewers(world, name, 1)
  go(world)
  await becomes(world, name, { state: 'ended' })
  go(world, 'read')
  const { stderr } = await tail
  const [, lost] = /^sesstail: warning: (\d+) bytes of output were not kept\n$/.exec(stderr) ?? []
  const [all, some] = ['all', 'some'].map(file => readFileSync(join(world.home, file)))
  t.equal(Number(lost) + (some?.length ?? 0), 2000000, stderr)
  t.ok(some && all && some.length > 100000 && all.subarray(-1000).equals(some.subarray(-1000)))
  await kill(world, name)
})

t.test('sesstail and outputs that take no more', async t => {
  const world = place(t)
  const name = await session(world, 'yes')
  const bash = (script: string) => run(world, ['bash', '-c', script])
  t.match(await bash(`sesstail -s ${name} -f | head -c 10 >some; exit $PIPESTATUS`), {
    status: 0,
    stderr: '',
  })
  t.match(await bash(`sesstail -s ${name} -f >/dev/full`), {
    status: 111,
    stderr: 'sesstail: fatal: cannot write: no space left on device\n',
  })
  await viewers(world, name, 0)
  await kill(world, name)
  const own = terminal(world, ['sess', ...sh('echo once; sesstail; sesstail -f')])
  await own.see(/once\r\nonce\r+\nsesstail: fatal: session \S+ cannot be connected to its own/)
  t.equal(await own.end(), 2, 'no session shows itself to itself for ever')
})

t.test('sesswait exits as the program did, also when it has already', async t => {
  const world = place(t)
  const table: [how: string, status: number][] = [
    ['exit 0', 0],
    ['exit 3', 3],
    ['kill -9 $$', 137],
    ['exec sleep 1000', 129],
  ]
  const each = async ([how, status]: [how: string, status: number]): Promise<void> => {
    const name = await session(world, ...sh(`${wait(`go${status}`)}; echo out; ${how}`))
    const waiting = run(world, ['sesswait', '-s', name])
    await viewers(world, name, 1)
    go(world, `go${status}`)
    if (status === 129) await kill(world, name)
    t.match(await waiting, { status, stderr: '' }, how)
    if (status === 129) return
    t.match(await run(world, ['sesswait', '-s', name]), { status }, `${how}, later`)
    await kill(world, name)
  }
  await Promise.all(table.map(each))
})

t.test('sesswait -m waits for a string, and -t not for ever', async t => {
  const world = place(t)
  const name = await session(world, ...sh(`echo early; ${wait('go')}; printf lat; echo e; read x`))
  const waits = (...options: string[]) => run(world, ['sesswait', '-s', name, ...options])
  t.match(await waits('-m', 'early\r\n'), { status: 0, stderr: '' }, 'what is kept counts')
  const short = [waits('-m', 'late', '-t', '1'), waits('-t', '1')]
  for (const its of await Promise.all(short)) t.match(its, { status: 1, stderr: '' })
  const [late, never] = [waits('-m', 'late', '-t', '20'), waits('-m', 'later')]
  await viewers(world, name, 2)
  go(world)
  t.match(await late, { status: 0, stderr: '' })
  await viewers(world, name, 1)
  await run(world, ['sesstype', '-s', name, '-l', 'x'])
  const stderr = `sesswait: fatal: session ${name} has ended, and did not write that\n`
  t.match(await never, { status: 2, stderr })
  for (const wrong of [['-m', ''], ['-t', '0'], ['-t', 'x'], ['x'], ['-m']])
    t.match(await waits(...wrong), { status: 1, stderr: /^sesswait: (fatal|usage): .*\n$/ })
  await kill(world, name)
})

t.test('of those who look and type nothing is left, whatever kills them', async t => {
  const world = place(t)
  const name = await session(world, 'cat')
  const commands = [
    run(world, ['sesstail', '-s', name, '-f']),
    run(world, ['sesswait', '-s', name]),
    run(world, ['sesstype', '-s', name], { input: 'there\n', stdin: 'silent' }),
  ]
  await viewers(world, name, 2)
  await run(world, ['sesswait', '-s', name, '-m', 'there\r\nthere'])
  await viewers(world, name, 2)
  const those = processes(world).filter(one => /sess(tail|wait|type)/.test(one.command))
  t.equal(those.length, 3)
  for (const { pid } of those) process.kill(pid, 'SIGKILL')
  for (const its of await Promise.all(commands)) t.equal(its.status, 137)
  await viewers(world, name, 0)
  await run(world, ['sesstype', '-s', name], { input: 'still\n\x04' })
  t.equal((await run(world, ['sesswait', '-s', name])).status, 0)
  t.ok(existsSync(join(world.sessions, name)))
  await kill(world, name)
})
