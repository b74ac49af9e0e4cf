// What sesswho and sesswhere tell of everybody's sessions, and whom they tell.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { BIN, place, run, shell, until, type Outcome, type World } from './driver.js'

interface Who {
  name: string
  since: number
  user: string
  pid: number
}

interface Where {
  name: string
  since: number
  what: string
  place: string
}

async function lines(world: World, command: string): Promise<string[]> {
  const { status, stdout, stderr } = await run(world, [command])
  if (status !== 0) throw new Error(stderr)
  return stdout.toString().split('\n')
}

async function told<T>(world: World, command: string): Promise<T[]> {
  const { stdout } = await run(world, [command, '--json'])
  return JSON.parse(stdout.toString()) as T[]
}

const user = (world: World): Promise<string> =>
  run(world, ['id', '-un']).then(({ stdout }) => stdout.toString().trim())

t.test('sesswho tells names, dates, users and masters in the form of pty 4.0', async t => {
  const world = place(t)
  const begin = Date.now()
  const name = (await run(world, ['sess', '-n', 'sh'])).stdout.toString().trim()
  const pid = /pid (\d+)/.exec((await run(world, ['sesslist'])).stdout.toString())?.[1]
  const line = (await lines(world, 'sesswho')).find(line => line.startsWith(`${name} `)) ?? ''
  t.match(line, /^[a-z]+[0-9a-f] {2}[A-Z][a-z]{2} [ \d]\d \d\d:\d\d {2}\S+ +\d+$/)
  t.match(line, new RegExp(`  ${await user(world)} +${pid ?? '?'}$`))
  const its = (await told<Who>(world, 'sesswho')).find(one => one.name === name)
  t.match(its, { name, user: await user(world), pid: Number(pid) })
  t.ok(Math.abs((its?.since ?? 0) - begin) < 2500)
  await run(world, ['sesskill', '-ys', name])
  t.notOk((await told<Who>(world, 'sesswho')).some(one => one.pid === Number(pid)))
})

t.test('sesswhere tells where each is connected from, and since when it is not', async t => {
  const world = place(t)
  const env = { SSH_CONNECTION: '198.51.100.7 50000 198.51.100.1 22' }
  const remote = await shell(world, { argv: ['sess', '/bin/sh'], env })
  const name = await remote.answer('echo $PTY')
  const where = async (): Promise<Where | undefined> =>
    (await told<Where>(world, 'sesswhere')).find(one => one.name === name)
  t.match(await where(), { what: 'connect', place: '198.51.100.7' })
  const line = (await lines(world, 'sesswhere')).find(line => line.startsWith(`${name} `))
  t.match(line, /^[a-z]+[0-9a-f] {2}[A-Z][a-z]{2} [ \d]\d \d\d:\d\d {2}connect 198\.51\.100\.7$/)
  await remote.type('disconnect\r')
  await remote.end()
  await until(async () => (await where())?.what === 'disconnect', 'disconnected')
  t.match(await where(), { place: '' })
  const local = await shell(world)
  await local.command(`sess reconnect ${name}`)
  await local.see('successfully connected')
  t.match(await where(), { what: 'connect', place: local.device })
  await run(world, ['sesskill', '-ys', name])
  await local.prompt()
  await local.type('exit\r')
  await local.end()
})

t.test('what others call their processes cannot disturb a terminal or a listing', async t => {
  const world = place(t)
  const titles = [
    'sessmaster eeee connect 1766190540 \x1b]0;x\x07\x9b31m\u202e',
    'sessmaster eeee connect 1766190540 a b',
    'sessmaster ../x',
    'sessmaster eeee\nsessmaster p0',
  ]
  for (const title of titles) {
    const code = `process.title = ${JSON.stringify(title)}; console.log(); process.stdin.resume()`
    const other = spawn(process.execPath, ['-e', code, ' '.repeat(200)])
    const ended = once(other, 'exit')
    t.teardown(() => {
      other.kill()
      return ended
    })
    await once(other.stdout, 'data')
  }
  const shown = (await lines(world, 'sesswhere')).filter(line => line.startsWith('eeee'))
  t.strictSame(
    shown.map(line => line.replace(/^\w+ {2}.{12} {2}/, '')),
    ['connect ^[]0;x^G\\u{9b}31m\\u{202e}'],
  )
  t.equal((await lines(world, 'sesswho')).filter(line => line.startsWith('eeee')).length, 1)
})

const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups']

/** Why the administrator cannot be tried here. */
function obstacle(): string | false {
  if (process.getuid?.() !== 0) return 'only root can be the administrator'
  if (existsSync('/etc/sess')) return '/etc/sess is in use'
  const { status } = spawnSync('setpriv', [...NOBODY, join(BIN, 'sesswho'), '--version'], {
    cwd: '/',
  })
  return status === 0 ? false : 'nobody cannot reach the commands, or there is no setpriv'
}

t.test('the administrator can take the commands away', { skip: obstacle() }, async t => {
  const world = place(t)
  const as = (command: string): Promise<Outcome> =>
    run(world, ['setpriv', ...NOBODY, join(BIN, command)], {
      cwd: '/',
      env: { SESS_DIR: undefined },
    })
  t.teardown(() => rmSync('/etc/sess', { recursive: true }))
  mkdirSync('/etc/sess')
  chmodSync('/etc/sess', 0o755)
  for (const command of ['sesswho', 'sesswhere']) {
    t.equal((await as(command)).status, 0)
    writeFileSync(join('/etc/sess', command), '')
    t.match(await as(command), {
      status: 2,
      stderr: `${command}: fatal: the administrator does not allow this here\n`,
    })
    t.equal((await run(world, [command])).status, 0, 'root may')
    chmodSync(join('/etc/sess', command), 0o644)
    t.equal((await as(command)).status, 0)
  }
})

t.test('wrong arguments are wrong', async t => {
  const world = place(t)
  for (const command of ['sesswho', 'sesswhere']) {
    t.match(await run(world, [command, 'p7']), {
      status: 1,
      stderr: `${command}: usage: unexpected operand 'p7'; ${command} [--json]\n`,
    })
    t.equal((await run(world, [command, '-x'])).status, 1)
    t.match((await run(world, [command, '--help'])).stdout.toString(), command)
  }
})
