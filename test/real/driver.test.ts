// What the tests with real processes stand on, tried with commands that everybody has.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  alive,
  BASH,
  BIN,
  leftovers,
  place,
  processes,
  run,
  shell,
  stateOf,
  terminal,
  until,
  type World,
} from './driver.js'

const sh = (script: string): string[] => ['/bin/sh', '-c', script]

async function pidOf(world: World, command: string): Promise<number> {
  const find = () => processes(world).find(one => one.command === command)?.pid
  return until(find, command)
}

t.test('a command runs in a clean environment of its own', async t => {
  const world = place(t)
  const { stdout } = await run(world, ['env', '-0'], { env: { TERM: undefined, MORE: 'a b\n' } })
  const lines = stdout.toString().split('\0')
  const { PATH, HOME, SHELL, PS1, LANG, SESS_DIR } = world.env
  t.match(PATH, new RegExp(`^${BIN}:/`))
  t.strictSame(lines, [
    `PATH=${PATH}`,
    `HOME=${HOME}`,
    `SHELL=${SHELL}`,
    `PS1=${PS1}`,
    `LANG=${LANG}`,
    `SESS_DIR=${SESS_DIR}`,
    'MORE=a b\n',
    '',
  ])
  const where = await run(world, sh('pwd; umask; tty; : </dev/tty'))
  t.equal(where.stdout.toString(), `${world.home}\n0077\nnot a tty\n`)
  t.match(where.stderr, /cannot open \/dev\/tty/)
})

t.test('a command has three descriptors, whatever we have open', async t => {
  const world = place(t)
  const open = terminal(world, ['cat'])
  const files = 'ls -l /proc/self/fd | sed -n "s/.*:.. //p"'
  for (const [options, first] of [
    [{}, '0 -> /dev/null'],
    [{ input: 'x' }, `0 -> ${world.dir}/pipe0 (deleted)`],
    [{ stdin: 'silent' }, `0 -> ${world.dir}/pipe0 (deleted)`],
    [{ sockets: true, input: 'x' }, '0 -> socket:[N]'],
  ] as const) {
    const { stdout } = await run(world, sh(files), options)
    const lines = stdout
      .toString()
      .replace(/\[\d+\]/g, '[N]')
      .trimEnd()
      .split('\n')
    t.equal(lines[0], first)
    t.strictSame(
      lines.map(line => line.split(' ')[0]),
      ['0', '1', '2', '3'],
      'and that of ls',
    )
  }
  const closed = await run(world, sh('ls /proc/$$/fd'), { stdin: 'closed' })
  t.equal(closed.stdout.toString(), '1\n2\n')
  open.hangup()
  t.equal(await open.end(), 129)
})

t.test('a command gives its bytes and its status', async t => {
  const world = place(t)
  const input = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n % 256))
  for (const sockets of [false, true]) {
    const copied = await run(world, sh('cat; echo oh >&2; exit 7'), { input, sockets })
    t.ok(copied.stdout.equals(input))
    t.match(copied, { status: 7, signal: undefined, stderr: 'oh\n' })
  }
  t.match(await run(world, sh('kill -TERM $$')), { status: 143, signal: 'SIGTERM' })
  t.match(await run(world, ['/no/such']), { status: 127 })
  const first = await run(world, ['head', '-n1'], { input: 'a\nb\n', stdin: 'silent' })
  t.equal(first.stdout.toString(), 'a\n')
  t.match(await run(world, ['true'], { input }), { status: 0 }, 'input that nobody reads')
})

t.test('a command that does not end is killed and told of', async t => {
  const world = place(t)
  await t.rejects(
    run(world, sh('echo so far; sleep 100; exit'), { timeout: 600 }),
    /not within 600 ms: .* still runs\n[^]*sleep 100[^]*said:\nso far/,
  )
  await t.rejects(
    run(world, sh('sleep 100 & echo $! >pid'), { timeout: 600 }),
    /has ended, but its output is held\n\d+ \([RS]\) sleep 100/,
  )
  process.kill(Number(readFileSync(join(world.home, 'pid'), 'utf8')))
})

t.test('no output is lost', async t => {
  const world = place(t)
  const whole = Array.from({ length: 20_000 }, (_, n) => `${n + 1}\r\n`).join('')
  let good = 0
  for (let round = 0; round < 100; round++) {
    const both = [1, 2].map(() => terminal(world, ['seq', '1', '20000']))
    for (const seq of both) {
      if ((await seq.end()) === 0 && seq.text === whole) good++
      seq.hangup()
    }
  }
  t.equal(good, 200)
})

t.test('no input is lost, and a terminal that does not read stops the program', async t => {
  const world = place(t)
  const bytes = Buffer.from(Array.from({ length: 1 << 20 }, (_, n) => (n * 7 + (n >> 8)) % 256))
  const cat = terminal(world, sh('stty raw -echo; echo ready; exec cat'))
  await cat.see('ready\n')
  await cat.type(bytes)
  await until(() => cat.output.length === bytes.length + 6, 'all is back')
  t.ok(cat.output.subarray(6).equals(bytes))

  cat.stopReading()
  await t.rejects(cat.type(bytes, 300), /bytes typed in vain \(process \d+ runs\)/)
  t.equal(cat.output.length, bytes.length + 6)
  cat.startReading()
  await until(() => cat.output.length === 2 * bytes.length + 6, 'all is back again')
  t.ok(cat.output.subarray(6 + bytes.length).equals(bytes))
  cat.signal('SIGTERM')
  t.equal(await cat.end(), 143)
})

t.test('what was written while nobody read is there after the end', async t => {
  const world = place(t)
  const last = terminal(world, sh('echo first; read go; seq 1 500; exit 3'))
  await last.see('first')
  last.stopReading()
  await last.type('\r')
  t.equal(await last.ended, 3)
  t.notMatch(last.text, '500')
  last.startReading()
  await last.see('\n499\r\n500\r\n')
})

t.test('a hangup is SIGHUP for the program, and then there is no terminal', async t => {
  const world = place(t)
  const script = 'trap "echo hup >told; exit 5" HUP; echo ready; read nothing; sleep 5'
  const login = terminal(world, sh(script))
  await login.see('ready')
  const other = run(world, ['sleep', '100'])
  login.hangup()
  t.equal(await login.end(5000), 5)
  t.equal(readFileSync(join(world.home, 'told'), 'utf8'), 'hup\n')
  t.throws(() => login.modes(), /hung up/)
  t.throws(() => login.signal('SIGTERM'), /ended with status 5, hung up/)
  process.kill(await pidOf(world, 'sleep 100'))
  t.match(await other, { signal: 'SIGTERM' })
})

t.test('what is not seen is told with what was', async t => {
  const world = place(t)
  const program = terminal(world, sh('printf "one\\033[1mtwo\\n\\001end"; read nothing'))
  t.equal(await program.see('one'), 'one')
  await t.rejects(program.see('three\r', 100), {
    message: `not seen within 100 ms: three\\r (process ${program.pid} runs)
one<<< seen up to here >>>\\e[1mtwo\\r\\n
\\x01end`,
  })
  t.equal(await program.see(/t(w)o/), 'w', 'and stays for the next look')
  await program.type('grün\r')
  t.equal(await program.see(/end(.*)\s+$/), 'grün', 'and text stays text')
  t.equal(await program.end(), 0)
  await t.rejects(program.see(/two/, 0), /\/two\/ \(ended with status 0\)/, 'the past is past')
  await t.rejects(terminal(world, ['cat']).end(50), /cat has not ended \(process \d+ runs\)/)
})

t.test('modes, size and device are those of the terminal', async t => {
  const world = place(t)
  const dash = await shell(world, { rows: 30, columns: 100, env: { TERM: 'vt100' } })
  t.equal(await dash.answer('tty; stty size; echo $TERM'), `${dash.device}\n30 100\nvt100`)
  dash.resize(40, 120)
  t.equal(await dash.answer('stty size'), '40 120')
  const before = dash.modes()
  t.equal(await dash.answer('stty -g'), before)
  t.match(dash.stty('-a'), /eol = <undef>;[^]* iutf8/)
  await dash.answer('stty -echo')
  t.not(dash.modes(), before)
  dash.stty(before)
  await dash.command('exit 4')
  t.equal(await dash.end(), 4)
  t.equal(dash.modes(), before, 'also after the end')
})

t.test('a shell on a terminal has job control', async t => {
  const world = place(t)
  for (const argv of [undefined, BASH]) {
    const its = await shell(world, argv ? { argv } : {})
    await its.command('sleep 100')
    const sleep = await pidOf(world, 'sleep 100')
    await its.type('\x1a')
    await its.see('Stopped')
    await its.prompt()
    t.equal(stateOf(sleep), 'T')
    await its.command('fg')
    await until(() => stateOf(sleep) === 'S', 'sleep goes on')
    await its.type('\x03')
    await its.prompt()
    t.notOk(alive(sleep))
    its.hangup()
  }
})

t.test('what is left behind is found, told, and ended', async t => {
  const ends: (() => Promise<void>)[] = []
  const world = place({ teardown: end => ends.push(end) })
  t.strictSame(await leftovers(world, 0), [])
  await run(world, sh('mkdir $SESS_DIR; unset SESS_DIR; setsid sleep 101 >/dev/null 2>&1 &'))
  writeFileSync(join(world.sessions, 'p7'), '')
  const pid = await pidOf(world, 'sleep 101')
  const left = [`process ${pid} (S): sleep 101`, `file: ${world.sessions}/p7`]
  t.strictSame(await leftovers(world, 100), left)

  terminal(world, ['cat'])
  await t.rejects(Promise.all(ends.map(end => end())), {
    message: `left behind:\n${left.join('\n')}`,
  })
  t.notOk(alive(pid))
  t.strictSame(processes(world), [])
  t.throws(() => readFileSync(world.dir), /ENOENT/)
})
