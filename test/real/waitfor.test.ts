// waitfor reads up to the end of its string, and leaves the rest to others; its statuses are pty 4.0's.

import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { place, processes, run, shell, terminal, until } from './driver.js'
import { sh } from './sessions.js'

const INPUT = 'Last login: never\nlogin: rest\nof it\n'

t.test('the rest is left, whatever the input is', async t => {
  const world = place(t)
  writeFileSync(join(world.home, 'file'), INPUT)
  const script = 'waitfor \'in: \'; echo "[$?]"; waitfor \'in: \'; echo "[$?]"; exec cat'
  const expected = ['[0]\n[0]\nrest\nof it\n', 'Last login: never\nlogin: '] as const
  const table: [how: string, command: string, options: object][] = [
    ['a pipe', script, { input: INPUT }],
    [
      'a pipe that is silent then',
      script.replace('cat', 'head -n 2'),
      { input: INPUT, stdin: 'silent' },
    ],
    ['a socket', script, { input: INPUT, sockets: true }],
    ['a file', `exec <file; ${script}`, {}],
    ['a FIFO', `mkfifo f; cat file >f & exec <f; ${script}`, {}],
  ]
  for (const [how, command, options] of table) {
    const { status, stdout, stderr } = await run(world, sh(command), options)
    t.strictSame([status, stdout.toString(), stderr], [0, ...expected], how)
  }
})

t.test('a descriptor that others have made non-blocking is as good', async t => {
  const world = place(t)
  const script = `import os, subprocess, sys
for end in os.pipe(), [end.detach() for end in __import__('socket').socketpair()]:
  os.set_blocking(end[0], False)
  child = subprocess.Popen(['waitfor', 'b'], stdin=end[0])
  os.write(end[1], b'a')
  os.write(end[1], b'bc')
  print(child.wait(), os.read(end[0], 9), flush=True)`
  const { stdout, stderr } = await run(world, ['python3', '-c', script])
  t.strictSame([stdout.toString(), stderr], ["0 b'c'\n0 b'c'\n", 'abab'])
})

t.test('at a terminal the rest of the line is left, and its modes are', async t => {
  const world = place(t)
  const its = await shell(world)
  await its.command("waitfor 'ab'; stty -a | grep -o -e ' -echo '; read x; echo \"<$x>\"")
  await its.type('xab c\r')
  await its.see('xab c\r\nxab')
  await its.see('<c>')
  await its.prompt()
  const before = its.modes()
  await its.command('waitfor x')
  const waits = (): boolean => processes(world).some(one => /node.* waitfor x$/.test(one.command))
  await until(waits, 'it has the terminal')
  await its.type('\x03')
  await its.prompt()
  t.equal(its.modes(), before)
})

t.test('who changes the modes of the terminal meanwhile is not undone', async t => {
  const world = place(t)
  await run(world, ['mkfifo', 'f'])
  const waits = 'echo $$ >pid; exec waitfor b <f'
  for (const [how, status] of [
    ['b', 0],
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    const its = terminal(world, sh(`echo ready; sh -c '${waits}'; echo "got $?"; stty -a`))
    await its.see('ready')
    const feed = openSync(join(world.home, 'f'), 'w')
    writeSync(feed, 'a')
    await its.see('a')
    its.stty('-echo')
    if (how === 'b') writeSync(feed, how)
    else process.kill(Number(readFileSync(join(world.home, 'pid'), 'utf8')), how)
    if (status !== 130) await its.see(`got ${status}\r\n`)
    await its.end()
    closeSync(feed)
    t.match(its.stty('-a'), / -echo /, how)
  }
})

t.test('a script answers the questions of a program in a session (pty 4.0)', async t => {
  const world = place(t)
  const install = `printf 'accept? '; read a; printf 'directory: '; read d; echo "into $d: $a"`
  const script = `s=$(sess -n sh -c "$1")
mkfifo answers
sess -q reconnect $s <answers |
(exec 3>answers
waitfor 'accept? ' && echo yes >&3
waitfor 'directory: ' && echo /opt >&3
exec cat >&2)`
  const { status, stderr } = await run(world, [...sh(script), 'sh', install])
  t.equal(status, 0)
  const said = 'accept? yes\r\ndirectory: /opt\r\ninto /opt: yes\r\n'
  t.equal(stderr.replace(/^reconnect: will connect .*\n/, ''), said)
})

t.test('statuses', async t => {
  const world = place(t)
  const long = 'ab'.repeat(50_000)
  const table: [script: string, status: number, stderr: string | RegExp][] = [
    ["waitfor '' </dev/null", 0, ''],
    ['printf abc | waitfor abc', 0, 'abc'],
    ['waitfor', 1, 'waitfor: usage: waitfor string\n'],
    ['printf abc | waitfor abcd', 4, 'abc'],
    ['waitfor a </dev/null', 4, ''],
    ['waitfor a <&-', 4, ''],
    ['waitfor a </', 4, /^waitfor: fatal: cannot read: [a-z ]+\n$/],
    ['printf abc | waitfor b 2>/dev/full', 3, ''],
    [`printf %s%s "$1" "$1" | waitfor "$1"c`, 4, long + long],
    [`printf 'x%sc' "$1" | waitfor "$1"c`, 0, `x${long}c`],
  ]
  for (const [script, status, said] of table) {
    const its = await run(world, [...sh(script), 'sh', long])
    t.equal(its.status, status, script)
    t.match(its.stderr, said, script)
    t.equal(its.stdout.length, 0)
  }
})
