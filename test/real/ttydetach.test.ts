// ttydetach runs a program that no terminal controls and that knows of no session; all else is as it was.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { alive, place, run, terminal, until } from './driver.js'
import { sh } from './sessions.js'

/** Has this process no controlling terminal? */
const noTerminal = (pid: number): boolean =>
  readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ')[4] === '0'

t.test('the program has no controlling terminal, and no PTY', async t => {
  const world = place(t)
  const inner =
    'echo ${PTY-none}; (: </dev/tty) 2>/dev/null || echo no tty; ps -o sid= -p $$; echo $$'
  const its = terminal(world, ['ttydetach', ...sh(inner)], { env: { PTY: 'p7' } })
  t.equal(await its.end(), 0)
  const [, sid, pid] = /^none\r\nno tty\r\n *(\d+)\r\n(\d+)\r\n$/.exec(its.text) ?? []
  t.equal(sid, pid, its.text)
})

t.test('its status is passed on', async t => {
  const world = place(t)
  writeFileSync(join(world.home, 'script'), 'exit 5 # without a line for the kernel\n', {
    mode: 0o700,
  })
  const table: [argv: string[], status: number, stderr: string][] = [
    [['true'], 0, ''],
    [sh('exit 42'), 42, ''],
    [sh('kill -9 $$'), 137, ''],
    [['./script'], 5, ''],
    [['--', './script'], 5, ''],
    [['nope'], 127, 'ttydetach: fatal: cannot find nope: no such file or directory\n'],
    [['/etc/passwd'], 126, 'ttydetach: fatal: cannot execute /etc/passwd: permission denied\n'],
    [['/'], 126, 'ttydetach: fatal: cannot execute /: not a regular file\n'],
    [[], 100, 'ttydetach: usage: ttydetach program [arg ...]\n'],
  ]
  for (const [argv, status, stderr] of table) {
    const its = await run(world, ['ttydetach', ...argv])
    t.strictSame([its.status, its.stderr], [status, stderr], argv.join(' '))
  }
})

t.test('its descriptors, arguments, environment and limits are those of the caller', async t => {
  const world = place(t)
  const env = { 'odd name': 'x', NODE_OPTIONS: '--no-warnings', EMPTY: '', PTY: undefined }
  const ask = `ulimit -Sn 777; umask 027; cd /usr
exec "$@" python3 -c "import os, resource, sys
env = {k: v for k, v in os.environ.items() if k not in ('_', 'SHLVL')}
print(sys.argv[1:], sorted(env.items()), os.getcwd(), oct(os.umask(0)))
print(resource.getrlimit(resource.RLIMIT_NOFILE), os.read(0, 9))
print('err', file=sys.stderr)" '' 'a  b' -- '*'`
  const given = (...argv: string[]) =>
    run(world, ['bash', '-c', ask, 'sh', ...argv], { env, input: 'in' })
  const [bare, its] = [await given(), await given('ttydetach')]
  t.equal(its.stdout.toString(), bare.stdout.toString())
  t.strictSame([its.status, its.stderr], [0, 'err\n'])

  const ignoring = `trap '' HUP; exec ttydetach "$@" grep SigIgn /proc/self/status`
  for (const words of [[], ['env'], ['a=b']]) {
    writeFileSync(join(world.home, 'a=b'), '#!/bin/sh\nexec "$@"\n', { mode: 0o700 })
    const ignored = await run(world, [...sh(ignoring), 'sh', ...words], {
      env: { PATH: `${world.env['PATH']}:${world.home}` },
    })
    const signals = /\s([0-9a-f]+)\n$/.exec(ignored.stdout.toString())?.[1] ?? ''
    t.equal(parseInt(signals, 16) & 1, 1, 'as under nohup')
  }
})

t.test('what a terminal sends does not reach it; TERM is passed on', async t => {
  const world = place(t)
  const up = sh('echo $$ >pid; echo up; exec sleep 1000')
  const pid = (): number => Number(readFileSync(join(world.home, 'pid'), 'utf8'))
  const its = terminal(world, ['ttydetach', ...up])
  await its.see('up')
  await its.type('\x03\x1c')
  await its.see('^\\')
  const first = pid()
  t.ok(alive(first))
  its.signal('SIGTERM')
  t.equal(await its.end(), 143)
  t.notOk(alive(first))

  const other = terminal(world, ['ttydetach', ...up])
  await other.see('up')
  other.hangup()
  await until(() => noTerminal(other.pid), 'it is hung up')
  t.ok(alive(pid()), 'nor does a hangup')
  process.kill(pid())
  t.equal(await other.ended, 143)
})

t.test('the modes of the terminal are left alone', async t => {
  const world = place(t)
  await run(world, ['mkfifo', 'go'])
  const script = 'ttydetach sh -c "echo up; read x <go; exit 3"; echo "end $?"; read x'
  const its = terminal(world, sh(script))
  await its.see('up')
  its.stty('-echo')
  await run(world, sh('echo >go'))
  await its.see('end 3')
  t.match(its.stty('-a'), / -echo /)
  await its.type('\r')
  await its.end()
})
