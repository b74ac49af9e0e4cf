// A program on a terminal of its own that is no session: what pty 4.0's questions ask for, byte for byte.

import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { place, run, shell, until } from './driver.js'
import { sessions, sh } from './sessions.js'

const MIB = 1 << 20

t.test('a program that insists on a terminal is redirected', async t => {
  const world = place(t)
  const asks = 'exec </dev/tty >/dev/tty; stty -echo; echo "Password:"; read -r p; echo "<$p>"'
  writeFileSync(join(world.home, 'asks'), asks)
  const options = { input: 'secret\n', stdin: 'silent' } as const
  const { status, stdout, stderr } = await run(world, ['pty', '-d', 'sh', 'asks'], options)
  t.strictSame([status, stderr], [0, ''])
  t.match(stdout.toString(), /Password:\r\n(.*\r\n)?<secret>\r\n$/)
  t.strictSame(await sessions(world), [])
})

t.test('a script answers prompts', async t => {
  const world = place(t)
  const script = `mkfifo input output
pty -0 sh -c 'printf login:; read -r x; echo "<$x>"' <input >output &
exec 4>input 5<output
waitfor login: <&5 2>/dev/null && echo joe >&4
cat <&5; wait`
  const { status, stdout, stderr } = await run(world, sh(script))
  t.strictSame([status, stdout.toString(), stderr], [0, '<joe>\n', ''])
})

t.test('the speed of the terminal, in a script', async t => {
  const world = place(t)
  const its = await shell(world)
  its.stty('9600')
  await its.command('speed=$(pty stty speed); echo "<$speed>"')
  await its.see(/<9600\r?>/)
  await its.prompt()
})

t.test('sixteen in each other', async t => {
  const world = place(t)
  const argv = [...Array.from({ length: 16 }, () => 'pty'), 'pwd']
  const { status, stdout, stderr } = await run(world, argv)
  t.strictSame([status, stdout.toString().trim(), stderr], [0, world.home, ''])
})

t.test('a filter answers line by line, and hears of the end in the middle of one', async t => {
  const world = place(t)
  const script = `mkfifo f g; nobuf tr a-z A-Z <f >g & exec 4>f 5<g
echo one >&4; read -r x <&5; echo two >&4; read -r y <&5; exec 4>&-; wait; echo "$x $y"`
  const two = await run(world, sh(script))
  t.strictSame([two.status, two.stdout.toString(), two.stderr], [0, 'ONE TWO\n', ''])
  for (const input of ['', 'x', 'x\ny', '\x04\x04']) {
    const { status, stdout } = await run(world, ['nobuf', 'tr', 'a-z', 'A-Z'], { input })
    t.strictSame([status, stdout.toString()], [0, input.toUpperCase()], JSON.stringify(input))
  }
})

t.test('any bytes pass as they are', async t => {
  const world = place(t)
  const input = randomBytes(MIB)
  writeFileSync(join(world.home, 'given'), input)
  const piped = await run(world, ['nobuf', 'cat'], { input })
  t.ok(piped.stdout.equals(input), 'nobuf, a pipe')
  const file = await run(world, sh('nobuf cat <given >taken'))
  t.equal(file.status, 0)
  t.ok(readFileSync(join(world.home, 'taken')).equals(input), 'nobuf, files')
  for (const command of [['pty', '-dp0'], ['ttyprotect'], ['condom']]) {
    const counts = [...command, 'head', '-c', String(MIB)]
    const both = await run(world, counts, { input, stdin: 'silent' })
    t.ok(both.stdout.equals(input), command.join(' '))
  }
})

t.test('a reader that goes, or a full device, ends the program', async t => {
  const world = place(t)
  for (const command of ['pty', 'ttyprotect', 'nobuf']) {
    const pipe = `${command} yes | head -n 1; echo "[\${PIPESTATUS[0]}]"`
    const gone = await run(world, ['bash', '-c', pipe], { timeout: 5000 })
    t.match(gone.stdout.toString(), /^y\r?\n\[129\]\n$/, command)
    const full = await run(world, sh(`${command} yes >/dev/full`), { timeout: 5000 })
    const text = 'pty: fatal: cannot write the output: no space left on device\n'
    t.strictSame([full.status, full.stderr], [111, text], command)
  }
  await until(async () => (await sessions(world)).length === 0, 'none is left')
})

t.test('it is no session: nobody disconnects it or takes it', async t => {
  const world = place(t)
  const script = `sesslist; disconnect; reconnect -m -s $PTY $PTY; echo done`
  const { stdout } = await run(world, ['pty', 'sh', '-c', script])
  t.match(stdout.toString(), /^non-session /)
  t.match(stdout.toString(), /disconnect: fatal: pty [a-z0-9]+ does not support disconnects\r\n/)
  t.match(stdout.toString(), /done\r\n$/)
})

t.test('the caller’s stderr is kept by -e, and 3 is the terminal', async t => {
  const world = place(t)
  const says = ['sh', '-c', 'echo out; echo err >&2']
  const kept = await run(world, ['pty', '-e', ...says])
  t.strictSame([kept.stdout.toString(), kept.stderr], ['out\r\n', 'err\n'])
  const plain = await run(world, ['pty', ...says])
  t.strictSame([plain.stdout.toString(), plain.stderr], ['out\r\nerr\r\n', ''])
  const third = await run(world, ['pty', '-3', 'sh', '-c', 'tty <&3; tty'])
  const [three, one] = third.stdout.toString().split('\r\n')
  t.match(one, /^\/dev\/pts\//)
  t.match(three, /^\/dev\/(tty|pts\/\d+)$/)
})
