// What sessalive asks ssh, and an ssh that is not what it should be.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { BIN, alive, place, processes, run, until } from './driver.js'
import { sh } from './sessions.js'
import { instead, said } from './settings.js'

const SSH = '/usr/bin/ssh'

t.test(
  'ssh says how it is set for a host',
  { skip: !existsSync(SSH) && 'there is no ssh' },
  async t => {
    const world = place(t)
    const config = join(world.dir, 'config')
    const env = instead(world, 'ssh', `exec ${SSH} -F ${config} "$@"`)
    writeFileSync(
      config,
      'Host hpc*\n  ServerAliveInterval 30\n  TCPKeepAlive no\nHost slow\n  TCPKeepAlive no\n',
    )
    const table: [host: string, status: number, asks: string, tcp: string, period: string][] = [
      ['hpc1', 0, '30x3 90..120 s', 'no', '30 s'],
      ['me@hpc2', 0, '30x3 90..120 s', 'no', '30 s'],
      ['slow', 1, 'off', 'no', 'off'],
      ['other', 1, 'off', 'yes', '7200 s'],
    ]
    for (const [host, status, asks, tcp, period] of table) {
      const its = await run(world, ['sessalive', '-q', '-t7200', '-i75', '-c', host], { env })
      t.strictSame(
        [
          its.status,
          said(its, 'ssh.client.serveralive'),
          said(its, 'ssh.client.tcpkeepalive'),
          said(its, 'period'),
          its.stderr,
        ],
        [status, asks, tcp, period, ''],
        host,
      )
    }
  },
)

t.test('what could be an option of ssh, or disturb a terminal, is not given to it', async t => {
  const world = place(t)
  const called = join(world.dir, 'called')
  const env = instead(world, 'ssh', `echo "$*" >>${called}; exit 1`)
  for (const host of [
    '-oProxyCommand=date',
    '--',
    '-',
    '',
    'a\x1b[31m',
    'a\nb',
    'x'.repeat(2000),
  ]) {
    const its = await run(world, ['sessalive', '-c', host], { env })
    t.match(its, { status: 100, stderr: "sessalive: fatal: a host's name is wanted after -c\n" })
  }
  t.notOk(existsSync(called))
  const file = join(world.home, 'made')
  const its = await run(
    world,
    ['sessalive', '-q', '-t7200', '-c', `$(touch ${file});touch ${file}`],
    { env },
  )
  t.equal(its.status, 2)
  t.equal(readFileSync(called, 'utf8'), `-G -- $(touch ${file});touch ${file}\n`, 'no shell')
  t.notOk(existsSync(file))
})

t.test('an ssh that hangs, floods, fails or talks nonsense makes nothing but unknown', async t => {
  const world = place(t)
  const good = 'printf "tcpkeepalive no\\nserveraliveinterval 30\\nserveralivecountmax 3\\n"'
  const table: [what: string, script: string, status: number, asks: string][] = [
    ['it works', good, 0, '30x3 90..120 s'],
    ['it fails', `${good}; exit 255`, 2, 'unknown'],
    ['it is killed', `${good}; kill -9 $$`, 2, 'unknown'],
    [
      'it ignores signals and hangs',
      `trap '' TERM INT HUP; ${good}; exec sleep 1000`,
      2,
      'unknown',
    ],
    ['it floods', `${good}; exec yes`, 2, 'unknown'],
    ['it floods stderr', `${good}; exec yes >&2`, 2, 'unknown'],
    ['it says nothing', 'exit 0', 2, 'unknown'],
    ['it waits for input', `cat; ${good}`, 0, '30x3 90..120 s'],
    ['it says rubbish', 'exec head -c 100000 /dev/urandom', 2, 'unknown'],
    [
      'control characters',
      'printf "serveraliveinterval \\033[31m30\\ntcpkeepalive \\233\\n"',
      2,
      'unknown',
    ],
    [
      'numbers that are none',
      'printf "serveraliveinterval 9e9\\nserveralivecountmax -3\\n"',
      2,
      'unknown',
    ],
  ]
  for (const [what, script, status, asks] of table) {
    const env = instead(world, 'ssh', script)
    const argv = ['sessalive', '-t7200', '-c', 'x']
    const its = await run(world, argv, { env, stdin: 'silent', timeout: 8000 })
    t.strictSame([its.status, said(its, 'ssh.client.serveralive')], [status, asks], what)
    t.match(its.stdout.toString() + its.stderr, /^[ -~\n]+$/)
    t.notMatch(its.stderr, /fatal| at /)
  }
  const pid = join(world.dir, 'pid')
  const env = instead(world, 'ssh', `sleep 1000 & echo $! >${pid}; ${good}`)
  const its = await run(world, ['sessalive', '-q', '-t7200', '-c', 'x'], { env, timeout: 8000 })
  t.equal(its.status, 2, 'something that it left behind holds its output')
  process.kill(Number(readFileSync(pid)), 'SIGKILL')
  await until(() => !alive(Number(readFileSync(pid))), 'it is gone')
  t.strictSame(processes(world), [])
  rmSync(join(world.dir, 'bin/ssh'))
  const none = await run(world, sh(`PATH=/none; exec ${join(BIN, 'sessalive')} -q -c x`))
  t.equal(said(none, 'ssh.client.tcpkeepalive'), 'unknown', 'there is no ssh')
})
