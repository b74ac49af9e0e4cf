// The master on the user's own descriptors: which are used, that they stay as they were, and what becomes
// of the bytes when the signaller is stopped or killed. What else must hold holds over both paths: relay-*.

import {
  closeSync,
  constants,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import t from 'tap'
import { request } from '../../lib/frames.js'
import { place, run, stateOf, terminal, until } from './driver.js'
import { attempt } from './leftovers.js'
import type { RunOptions } from './run.js'
import { becomes, kill, only, session, sessions, sh } from './sessions.js'
import { stranger } from './stranger.js'

t.test('what can be used directly is: terminals, pipes, /dev/null', async t => {
  const world = place(t)
  const its = terminal(world, ['sess', 'cat'])
  const { name } = await only(world)
  const listed = async (): Promise<string> =>
    (await run(world, ['sesslist', '-v'])).stdout.toString()
  await until(async () => (await listed()).includes('connected direct\n'), 'the terminal is used')
  t.match(await sessions(world), [{ name, direct: { input: true, output: true } }])
  await its.type('\x04')
  t.equal(await its.end(), 0)

  const wait = 'until sesslist -v | grep " $1$" >/dev/null; do sleep 0.02; done; echo seen'
  const cases: [path: string, redirections: string, options: RunOptions][] = [
    ['connected direct', '', { stdin: 'silent' }],
    ['connected direct output', '', {}],
    ['connected direct output', '>/dev/null', {}],
    ['connected direct input', '>file', { stdin: 'silent' }],
    ['connected relay', '', { sockets: true, stdin: 'silent' }],
    ['connected relay', '>>file', {}],
    ['connected relay', '', { stdin: 'silent', env: { SESS_DIRECT: 'no' } }],
  ]
  for (const [path, redirections, options] of cases) {
    const script = `sess sh -c '${wait}' sh '${path}' ${redirections}`
    const { status, stdout } = await run(world, sh(script), options)
    t.equal(status, 0, `${path} ${redirections}`)
    const said = redirections.includes('>') ? '' : 'seen\r\n'
    t.ok(stdout.toString().endsWith(said))
  }
})

t.test('the user’s own descriptors are as they were, and his terminal’s mode bits', async t => {
  const world = place(t)
  const its = terminal(world, ['sess', ...sh('echo ready; exec cat')])
  await its.see('ready')
  const { mode } = statSync(its.device)
  await until(async () => (await sessions(world))[0]?.direct?.output, 'the terminal is used')
  for (const fd of [0, 1, 2]) {
    const [, flags = ''] =
      /^flags:\t(\d+)/m.exec(readFileSync(`/proc/${its.pid}/fdinfo/${fd}`, 'latin1')) ?? []
    t.equal(parseInt(flags, 8) & 0o4000, 0, `${fd} is not non-blocking`)
  }
  t.equal(statSync(its.device).mode, mode)
  await its.type('\x04')
  await its.end()
})

t.test(
  'of a signaller stopped dead the output goes on, and what is typed is not taken',
  async t => {
    const world = place(t)
    const script =
      'echo ready; until test -e go; do sleep 0.02; done; echo going on; while read x; do echo "got $x"; done'
    const its = terminal(world, ['sess', ...sh(script)])
    await its.see('ready\r\n')
    await until(async () => (await sessions(world))[0]?.direct?.input, 'the terminal is used')
    process.kill(its.pid, 'SIGSTOP')
    await until(() => stateOf(its.pid) === 'T', 'it is stopped')
    writeFileSync(join(world.home, 'go'), '')
    await its.see('going on')
    await its.type('\r')
    await its.see('got \r\n')
    await its.type('for the shell')
    const shell = openSync(
      its.device,
      constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK,
    )
    const read = Buffer.alloc(100)
    await until(() => attempt(() => readSync(shell, read)), 'it can be read')
    t.equal(
      read.toString().replace(/\0+$/, ''),
      'for the shell',
      'after the first key it is noticed',
    )
    closeSync(shell)
    process.kill(its.pid, 'SIGCONT')
    await until(() => stateOf(its.pid) === 'S', 'it goes on')
    await its.type('hello\r')
    await its.see('got hello\r\n')
    await its.type('\x04')
    t.equal(await its.end(), 0)
  },
)

t.test('what a killed signaller’s terminal has not taken is for the next connection', async t => {
  const world = place(t)
  const count = 40_000
  const script = `stty -opost; echo ready; read x; seq ${count}; echo over; read x`
  const its = terminal(world, ['sess', ...sh(script)])
  await its.see('ready\n')
  const { name } = await only(world)
  await until(async () => (await sessions(world))[0]?.direct?.output, 'the terminal is used')
  its.stopReading()
  await its.type('\r')
  const written = (): string =>
    readFileSync(`/proc/${pid}/io`, 'latin1').match(/^wchar.*/m)?.[0] ?? ''
  const { pid } = await only(world)
  let last = ''
  await until(() => last === (last = written()), 'its terminal is full')
  its.signal('SIGKILL')
  await its.ended
  await becomes(world, name, { state: 'disconnected' })
  its.startReading()
  const rest = await run(world, ['sess', 'reconnect', name], { input: 'x\r', stdin: 'silent' })
  t.equal(rest.status, 0)
  const shown = its.text.slice(its.text.indexOf('ready\n') + 6).replaceAll('\r\n', '\n')
  const expected = `${Array.from({ length: count }, (_, n) => n + 1).join('\n')}\nover\n`
  const all = shown.replace(/^\n?/, '') + rest.stdout.toString()
  t.ok(rest.stdout.length > 100_000, 'it was not all shown')
  t.ok(all.startsWith(expected), 'and nothing is missing or twice')
})

t.test(
  'what is fed while what was missed is still shown arrives as it is, and its end is noticed',
  async t => {
    const world = place(t)
    const given = randomBytes(1_500_000)
    writeFileSync(join(world.home, 'given'), given)
    for (let n = 0; n < 4; n++) {
      const missed = 'head -c 100000 /dev/zero | tr "\\0" x'
      const script = `stty raw -echo; ${missed}; head -c ${given.length} >got; exec sleep 1000`
      const name = await session(world, ...sh(script))
      const kept = async () => (await run(world, ['sesstail', '-s', name])).stdout.length
      await until(async () => (await kept()) === 100_000, 'there is something to show')
      const fed = await run(world, sh(`cat given | sess reconnect ${name} | wc -c`))
      t.match([fed.status, fed.stdout.toString().trim()], [0, '100000'])
      await until(() => statSync(join(world.home, 'got')).size === given.length, 'it has read all')
      t.ok(readFileSync(join(world.home, 'got')).equals(given))
      await kill(world, name)
    }
  },
)

t.test('a signaller that lends what is not its own lends nothing', async t => {
  const world = place(t)
  const name = await session(world, 'cat')
  const own = statSync('/dev/null')
  const right = `${own.dev}:${own.ino}:${own.rdev}`
  for (const [pid, output, taken] of [
    [process.pid, `${own.dev}:${own.ino + 1}:${own.rdev}`, false],
    [process.pid, '/dev/null', false],
    [process.pid, '../../../etc/passwd', false],
    [2 ** 40, right, false],
    [-1, right, false],
  ] as const) {
    const its = await stranger(world, name)
    const place = { tty: '', from: '', pid, saved: '', kept: 0, rows: 0, columns: 0 }
    const how = { terminal: false, viewer: false, force: false }
    its.say(request({ type: 'hello', version: 1 }), request({ type: 'connect', ...place, ...how }))
    its.say(request({ type: 'lend', input: '', output }))
    await until(() => its.heard.some(one => one.type === 'lent'), 'it is answered')
    t.match(its.heard.at(-1), { type: 'lent', input: false, output: taken })
    its.leave()
    await becomes(world, name, { state: 'disconnected' })
  }
  await kill(world, name)
})
