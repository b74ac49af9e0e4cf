// A session as the user in front of it finds it: what it prints, how it ends, what it is made of. What comes
// after a reconnect is told elsewhere.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { alive, place, processes, run, shell, terminal, until } from './driver.js'
import { becomes, kill, sessions, sh } from './sessions.js'

t.test('a program prints and exits as it does without sess (C13, P39)', async t => {
  const world = place(t)
  for (const [argv, status] of [
    [['awk', 'BEGIN{for(i=1;i<=1000;i++)print i}'], 0],
    [['true'], 0],
    [['false'], 1],
    [sh('exit 42'), 42],
    [sh('kill -9 $$'), 137],
    [sh('kill -HUP $$'), 129],
    [sh('printf "no newline"; echo oh >&2; exit 111'), 111],
  ] as const) {
    const alone = terminal(world, argv)
    const under = terminal(world, ['sess', ...argv])
    t.equal(await under.end(), status, argv.join(' '))
    t.equal(await alone.end(), status)
    t.ok(under.output.equals(alone.output), under.text)
    const piped = await run(world, ['sess', ...argv])
    t.match(piped, { status, stderr: '' })
    t.ok(piped.stdout.equals(alone.output), 'and into a pipe')
  }
})

t.test('every last bit of output is in a typescript (P41)', async t => {
  const world = place(t)
  const whole = Array.from({ length: 100_000 }, (_, n) => `${n + 1}\r\n`).join('')
  let good = 0
  for (let n = 0; n < 10; n++) {
    const its = terminal(world, sh(`sess seq 100000 | tee f${n} >/dev/null`))
    if ((await its.end()) === 0)
      good += +(readFileSync(join(world.home, `f${n}`), 'latin1') === whole)
  }
  t.equal(good, 10)
})

t.test(
  'its input and output may be a terminal, a pipe, a file or nothing, each for itself',
  async t => {
    const world = place(t)
    const user = await shell(world)
    const before = user.modes()
    const file = (): string => readFileSync(join(world.home, 'file'), 'utf8')
    writeFileSync(
      join(world.home, 'script'),
      'echo ready; read line; echo "$line"; echo oh >&2; test -t 1 -a -t 2',
    )
    await user.command('sess sh script | cat -A; echo done')
    await user.see('ready^M$\n')
    await user.type('typed\r')
    const shown = await user.see(/^([^]*)done\r\n\$ $/)
    t.equal(shown, 'typed^M$\ntyped^M$\noh^M$\n', 'the terminal is raw meanwhile')
    await user.command('sess sh script >file 2>&1; echo status $?')
    await until(() => existsSync(join(world.home, 'file')) && file() === 'ready\r\n', 'it is ready')
    await user.type('typed\r')
    await user.see('status 0\r\n$ ')
    t.equal(file(), 'ready\r\ntyped\r\ntyped\r\noh\r\n')
    const slow = "sess sh -c 'sleep .2; echo hi; exit 5'"
    t.equal(await user.answer(`${slow} </dev/null; echo $?`), 'hi\n5')
    t.equal(await user.answer(`${slow} <&-; echo $?`), 'hi\n5')
    t.equal(await user.answer(`${slow} </dev/null 2>&1 | cat -A`), 'hi^M$')
    t.equal(await user.answer(`${slow} >/dev/null 2>&-; echo $?`), '5')
    t.equal(await user.answer(`${slow} >&-; echo $?`), '5')
    t.equal(user.modes(), before)
    await user.type('exit\r')
    await user.end()
  },
)

t.test(
  'an input that gave nothing is none; the end of one that did is a disconnect (P34, C27)',
  async t => {
    const world = place(t)
    for (const options of [{}, { stdin: 'closed' }, { input: '' }, { stdin: 'silent' }] as const) {
      const its = await run(world, ['sess', ...sh('sleep .2; echo hi; exit 9')], options)
      t.match(its, { status: 9, stderr: '' })
      t.equal(its.stdout.toString(), 'hi\r\n')
    }
    const fed = await run(world, ['sess', ...sh('stty -echo; read a; echo "got $a"; exec cat')], {
      input: 'one\n',
    })
    t.match(fed, { status: 0, stderr: '' })
    const [its] = await sessions(world)
    t.equal(its?.state, 'disconnected')
    t.ok(alive(its?.slave ?? 0), 'the program goes on, and has seen no end of its input')
    await kill(world, its?.name ?? '')
  },
)

t.test('a session is two processes; without the signaller it lives on (P2, P5, C21)', async t => {
  const world = place(t)
  const user = await shell(world, { argv: ['sess', 'sh'] })
  await user.answer('MYVAR=1')
  const [name, pid] = (await user.answer('echo $PTY $$')).split(' ')
  const [its] = await sessions(world)
  t.match(its, { name, state: 'connected', slave: Number(pid), connection: { tty: user.device } })
  t.not(its?.pid, user.pid)
  user.signal('SIGKILL')
  await user.end()
  await becomes(world, name ?? '', { state: 'disconnected' })
  t.ok(alive(its?.pid ?? 0) && alive(Number(pid)))
  const again = terminal(world, ['sess', 'reconnect', name ?? ''])
  await again.see('successfully connected')
  await again.type('echo $MYVAR $$\r')
  await again.see(`\n1 ${pid ?? ''}\r\n`)
  again.hangup()
  t.equal(await again.end(), 129)
  await becomes(world, name ?? '', { state: 'disconnected' })
  const last = terminal(world, ['sess', 'reconnect', name ?? ''])
  await last.see('successfully connected')
  await last.type('echo $MYVAR $$\r')
  await last.see(`\n1 ${pid ?? ''}\r\n`)
  const before = last.modes()
  process.kill(its?.pid ?? 0, 'SIGKILL')
  t.equal(await last.end(), 111)
  await last.see(`pty: fatal: session ${name ?? ''} is gone\r\n`)
  t.not(last.modes(), before)
  await until(() => !alive(Number(pid)), 'the program has gone with its terminal')
  t.strictSame(await sessions(world), [])
})

t.test('-n starts a session and holds nothing of the caller’s (C26)', async t => {
  const world = place(t)
  const dir = join(world.home, 'd')
  mkdirSync(dir)
  const begin = performance.now()
  const command = 'exec 9>&1; cd d; sess -n sh -c "echo started >m; exec sleep 30"'
  const { stdout } = await run(world, sh(command))
  t.ok(performance.now() - begin < 2000, 'the pipes are not held')
  const [its] = await sessions(world)
  t.equal(stdout.toString(), `${its?.name ?? ''}\n`)
  t.match(its, { state: 'disconnected' })
  await until(() => existsSync(join(dir, 'm')), 'm is there')
  const master = its?.pid ?? 0
  t.equal((await run(world, ['readlink', `/proc/${master}/cwd`])).stdout.toString(), '/\n')
  const fds = await run(world, ['readlink', ...[0, 1, 2].map(n => `/proc/${master}/fd/${n}`)])
  t.equal(fds.stdout.toString(), '/dev/null\n'.repeat(3))
  t.equal((await run(world, sh(`rm -r d && sess -n sleep 30 | cat`))).status, 0)
  t.notOk(existsSync(dir))
  await kill(world, ...(await sessions(world)).map(one => one.name))
})

t.test('at its end what is left of the program is hung up on, and its jobs live on', async t => {
  const world = place(t)
  const script = 'trap "echo hup >told" HUP; sleep 100 & : >here; wait'
  await run(world, ['sess', ...sh(`sh -c '${script}' & while ! test -e here; do :; done; exit 5`)])
  await until(() => existsSync(join(world.home, 'told')), 'it has heard of it')
  await until(() => processes(world).length === 0, 'it has gone')
  const its = await run(world, ['sess', '/bin/bash', '-mc', 'sleep 100 & exit 5'])
  t.equal(its.status, 5)
  const left = processes(world).filter(one => one.command === 'sleep 100')
  t.equal(left.length, 1)
  for (const { pid } of left) process.kill(pid)
})
