// sesskill: who gets the hangup and who does not, and what it takes to mean it.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { alive, place, processes, run, shell, terminal, until, type World } from './driver.js'
import { becomes, kill, session, sessions, sh } from './sessions.js'

/** Waits until all these commands run; their pids. */
async function running(world: World, ...commands: string[]): Promise<number[]> {
  const pid = (command: string) => processes(world).find(one => one.command === command)?.pid ?? 0
  return until(() => commands.every(pid) && commands.map(pid), commands.join(', '))
}

t.test(
  'sesskill hangs up on all that is on the terminal; nohup and setsid live on (C34, P37)',
  async t => {
    const world = place(t)
    const script = `
    sleep 1000 &
    nohup sleep 1001 &
    setsid sleep 1002 &
    (trap 'echo hup >told; exit' HUP; sleep 1003 & wait) &
    sleep 1004`
    const name = await session(world, '/bin/bash', '-mc', script)
    const { pid: master } = await becomes(world, name, { state: 'disconnected' })
    const commands = [1000, 1003, 1004, 1001, 1002].map(n => `sleep ${n}`)
    const [job = 0, more = 0, foreground = 0, ...living] = await running(world, ...commands)
    await kill(world, name)
    await until(() => ![job, more, foreground, master].some(alive), 'they are gone', 3000)
    t.equal(readFileSync(join(world.home, 'told'), 'utf8'), 'hup\n')
    t.ok(living.every(alive), 'who does not want to hear of it lives on')
    t.strictSame(await sessions(world), [])
    for (const pid of living) {
      const held = execFileSync('ls', ['-l', `/proc/${pid}/fd`], { encoding: 'utf8' })
      t.notMatch(held, /socket|ptmx|pipe/, 'and holds nothing of ours')
      process.kill(pid, 'SIGKILL')
    }
  },
)

t.test('sesskill -f kills what ignores the hangup', async t => {
  const world = place(t)
  const script = `trap '' HUP TERM; sleep 1001 & setsid sleep 1002 & while :; do sleep 1; done`
  const name = await session(world, ...sh(script))
  const [job = 0, left = 0] = await running(world, 'sleep 1001', 'sleep 1002')
  const { pid: master, slave } = await becomes(world, name, { state: 'disconnected' })
  t.match(await run(world, ['sesskill', '-yf', '-s', name]), { status: 0, stderr: '' })
  await until(() => ![master, slave ?? 0, job].some(alive), 'all are gone', 3000)
  t.ok(alive(left), 'but for what has left the terminal')
  process.kill(left, 'SIGKILL')
})

t.test('sesskill wants -y, and -m for one’s own session (P37)', async t => {
  const world = place(t)
  const dash = await shell(world, { argv: ['sess', '/bin/sh', '-i'] })
  const [{ name } = { name: '' }] = await sessions(world)
  const own = 'that session is us, and -m not specified, so no action taken'
  for (const [words, said] of [
    ['', '-y not specified, so no action taken'],
    ['-m', '-y not specified, so no action taken'],
    ['-y', own],
    [`-ys${name}`, own],
    ['-yf', own],
  ] as const) {
    t.equal(await dash.answer(`sesskill ${words}; echo $?`), `sesskill: fatal: ${said}\n2`)
  }
  const other = await session(world, 'sleep', '1000')
  t.equal(await dash.answer(`sesskill -ys${other}; echo $?`), '0')
  t.match(await sessions(world), [{ name, state: 'connected' }])
  await dash.type('sesskill -ym\r')
  t.equal(await dash.end(), 129)
  t.strictSame(await sessions(world), [])
})

t.test('what a program leaves behind in its own group is hung up on at its end', async t => {
  const world = place(t)
  const script = `
    (trap "echo hup >told; exit" HUP; sleep 1001 & wait) &
    sleep 1002 &
    echo $!
    until test -e go; do sleep 0.01; done
    exit 3`
  const its = terminal(world, ['sess', ...sh(script)])
  await running(world, 'sleep 1001', 'sleep 1002')
  writeFileSync(join(world.home, 'go'), '')
  t.equal(await its.end(), 3, 'nobody waits for it')
  await until(() => existsSync(join(world.home, 'told')), 'it has heard', 3000)
  await until(() => !alive(parseInt(its.text)), 'it has gone', 3000)
  const job = await run(world, ['sess', ...sh('setsid sleep 1003 & echo $!; exit 4')])
  t.equal(job.status, 4)
  process.kill(parseInt(job.stdout.toString()), 'SIGKILL')
})
