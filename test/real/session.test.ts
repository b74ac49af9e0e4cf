// A session as the program in it and the user in front of it find it: how it starts, what it is given, how
// it ends. What comes after a reconnect is told elsewhere.

import { chmodSync, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { alive, BIN, place, processes, run, shell, terminal, until } from './driver.js'
import { becomes, kill, lines, session, sessions, sh } from './sessions.js'

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
    if ((await its.end()) === 0) good += +(readFileSync(join(world.home, `f${n}`), 'latin1') === whole)
  }
  t.equal(good, 10)
})

t.test('what cannot run is said by sess, before any session exists (C16)', async t => {
  const world = place(t)
  mkdirSync(join(world.home, 'dir'))
  writeFileSync(join(world.home, 'plain'), '')
  chmodSync(join(world.home, 'plain'), 0o644)
  for (const [name, status, said] of [
    ['./missing', 127, 'cannot find ./missing: no such file or directory'],
    ['missing', 127, 'cannot find missing: no such file or directory'],
    ['', 127, "cannot find '': no such file or directory"],
    ['./dir', 126, 'cannot execute ./dir: not a regular file'],
    ['./plain', 126, 'cannot execute ./plain: permission denied'],
    ['./plain/x', 127, 'cannot find ./plain/x: no such file or directory'],
    ['no\x1b[2Jsuch\n', 127, 'cannot find no^[[2Jsuch^J: no such file or directory'],
  ] as const) {
    for (const options of [[], ['-n']]) {
      const its = await run(world, ['sess', ...options, name])
      t.equal(its.status, status, name)
      t.equal(its.stderr, `sess: fatal: ${said}\n`)
      t.equal(its.stdout.length, 0)
    }
  }
  const its = terminal(world, ['sess', 'missing'])
  t.equal(await its.end(), 127)
  t.equal(its.text, 'sess: fatal: cannot find missing: no such file or directory\r\n')
  t.notOk(existsSync(world.sessions) && (await sessions(world)).length > 0)
})

t.test('the first operand, or two dashes, end the options', async t => {
  const world = place(t)
  for (const argv of [
    ['--', 'echo', '--', '-q', '-N', 'x'],
    ['echo', '--', '-q', '-N', 'x'],
    ['-qQ', 'echo', '--', '-q', '-N', 'x'],
  ])
    t.equal((await run(world, ['sess', ...argv])).stdout.toString(), '-- -q -N x\r\n')
  const odd = ["it's", 'a b', '', '*', '$HOME', '`id`', '"', '\\', '-x', 'a\nb']
  const { stdout } = await run(world, ['sess', 'printf', '<%s>', ...odd])
  t.equal(stdout.toString().replaceAll('\r', ''), odd.map(one => `<${one}>`).join(''))
  const its = await run(world, ['sess', '-d', 'drop', '-dblock', '-d', 'keep', '-N', 'x', 'true'])
  t.match(its, { status: 0, stderr: '' }, 'the later wins')
})

t.test('without a program it is $SHELL', async t => {
  const world = place(t)
  const its = await shell(world, { argv: ['sess'] })
  t.match(await its.answer('echo $0 $PTY'), /^\/bin\/sh [a-z]+[0-9a-f]$/)
  await its.type('exit 7\r')
  t.equal(await its.end(), 7)
  const other = terminal(world, ['sess'], { env: { SHELL: '/bin/pwd' } })
  t.equal(await other.end(), 0)
  t.equal(other.text, `${world.home}\r\n`)
  const none = await shell(world, { argv: ['sess'], env: { SHELL: undefined } })
  await none.type('exit 8\r')
  t.equal(await none.end(), 8)
})

t.test('the program has the caller’s environment and PTY (P7)', async t => {
  const world = place(t)
  const changes = {
    NODE_OPTIONS: '--no-such-option',
    NODE_EXTRA_CA_CERTS: '/none',
    NODE_PATH: '',
    'a.b-c': 'odd\n',
    EMPTY: '',
    SHLVL: '7',
    PWD: `/proc/self/root${world.home}`,
    OLDPWD: '/',
    _: '/x',
    LINES: '3',
    ENV: '/none',
    PS4: '+',
    SESS_ODDITY: 'kept',
  }
  for (const env of [changes, { TERM: undefined, PATH: world.env['PATH'] }, { HOME: undefined }]) {
    for (const options of [[], ['-J']]) {
      const alone = await run(world, ['env', '-0'], { env })
      const under = await run(world, ['sess', ...options, 'env', '-0'], { env })
      const split = (bytes: Buffer): string[] =>
        bytes.toString().replaceAll('\r\n', '\n').split('\0').sort()
      const [pty, rest] = [/^PTY=[a-z]+[0-9a-f]$/, split(under.stdout)]
      t.ok(rest.some(one => pty.test(one)))
      t.strictSame(
        rest.filter(one => !pty.test(one)),
        split(alone.stdout),
      )
    }
  }
})

t.test('the program has the caller’s directory, umask, limits and signals, and three descriptors', async t => {
  const world = place(t)
  const dir = join(world.home, 'a b')
  mkdirSync(dir)
  const facts = [
    'pwd -P; umask; ulimit -Sn; ulimit -Hn; nice',
    'grep -E "^Sig(Blk|Ign)" /proc/self/status',
    'ls /proc/$$/fd',
  ].join(';')
  const before = 'umask 027; ulimit -Sn 300; cd "a b"; exec 8</dev/null 9>&1;'
  const alone = await run(world, sh(`${before} exec 8<&- 9>&-; exec sh -c '${facts}'`))
  for (const options of ['', '-J']) {
    const under = await run(world, sh(`${before} exec sess ${options} sh -c '${facts}'`))
    t.strictSame(lines(under.stdout), lines(alone.stdout))
    t.equal(lines(under.stdout)[0], dir)
  }
  const other = await run(world, ['sess', '-C', 'a b', 'sh', '-c', 'pwd; echo $PWD'])
  t.strictSame(lines(other.stdout), [dir, dir])
  const nohup = await run(world, sh('trap "" HUP; exec sess sh -c "kill -HUP \\$\\$; echo still"'))
  t.equal(nohup.stdout.toString(), 'still\r\n')
})

t.test('a session looks just like a tty: the user’s own, but for its name (P3, P4)', async t => {
  const world = place(t)
  const user = await shell(world, { rows: 30, columns: 100 })
  user.stty('erase', '^H', 'eol', 'undef', '-ixon', 'susp', '^X', 'echonl', 'tostop')
  const facts = 'stty -a; echo $TERM; test -t 0 -a -t 1 -a -t 2 && echo tty'
  const alone = await user.answer(facts)
  const under = await user.answer(`sess sh -c '${facts}; tty; ps -o tty= -p $$'`)
  const [first, second, ...rest] = under.split('\n').reverse()
  t.equal(rest.reverse().join('\n'), alone)
  t.match(second, /^\/dev\/pts\/\d+$/)
  t.not(second, user.device)
  t.equal(`/dev/${first ?? ''}`, second)
  await user.type('exit\r')
  await user.end()
})

t.test('the window’s size is the user’s, and follows it (P4)', async t => {
  const world = place(t)
  const user = await shell(world, { argv: ['sess', 'sh'], rows: 30, columns: 100 })
  t.equal(await user.answer('stty size'), '30 100')
  await user.command("trap 'echo changed to $(stty size)' WINCH; echo; while sleep .05; do :; done")
  await user.see('\n')
  user.resize(11, 222)
  await user.see('changed to 11 222')
  user.resize(60, 40)
  await user.see('changed to 60 40')
  await user.type('\x03')
  await user.prompt()
  await user.type('exit\r')
  t.equal(await user.end(), 0)
})

t.test('without a terminal it has a plain one of 24 rows and 80 columns', async t => {
  const world = place(t)
  const facts = 'stty size; stty -a; tty; test -t 0 -a -t 1 -a -t 2 && echo tty'
  const plain = (text: string): string => text.replaceAll('\r\n', '\n')
  for (const options of [{}, { stdin: 'closed' }, { sockets: true }] as const) {
    const its = await run(world, ['sess', ...sh(facts)], options)
    t.match(its, { status: 0, stderr: '' })
    const text = plain(its.stdout.toString())
    t.match(text, /^24 80\n/)
    t.match(text, /; eol = <undef>; eol2 = <undef>;/)
    t.match(text, / iutf8\n[^]* opost [^]* onlcr [^]*isig icanon iexten echo echoe echok /)
    t.match(text, /\/dev\/pts\/\d+\ntty\n$/)
  }
  const zero = terminal(world, ['sess', 'stty', 'size'], { rows: 0, columns: 0 })
  await zero.end()
  t.equal(zero.text, '24 80\r\n', 'never 0x0')
})

t.test('a terminal whose other end is a pipe, a file or nothing will do', async t => {
  const world = place(t)
  const user = await shell(world)
  const before = user.modes()
  const script = 'read line; echo "got $line"; echo oh >&2; test -t 0 -a -t 1 -a -t 2; exit $?'
  await user.command(`sess sh -c '${script}' | cat -A; echo; cat -A <<.`)
  await user.see('> ')
  await user.type('.\r')
  await user.see('> .\r\n')
  await user.type('typed\r')
  t.equal(await user.see(/^([^]*)\r\n\$ $/), 'typed^M$\r\ngot typed^M$\r\noh^M$\r\n')
  await user.command(`sess sh -c '${script}' >file 2>&1; echo status $?`)
  await user.type('typed\r')
  await user.see('status 0')
  t.equal(readFileSync(join(world.home, 'file'), 'utf8'), 'typed\r\ngot typed\r\noh\r\n')
  await user.prompt()
  t.equal(await user.answer(`sess sh -c 'sleep .2; echo hi; exit 5' </dev/null; echo $?`), 'hi\n5')
  t.equal(await user.answer(`sess sh -c 'sleep .2; echo hi; exit 5' <&-; echo $?`), 'hi\n5')
  t.equal(user.modes(), before)
  await user.type('exit\r')
  await user.end()
})

t.test('an input that gave nothing is none; the end of one that did is a disconnect (P34, C27)', async t => {
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
})

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
  t.throws(() => rmdirSync(dir), /ENOENT/)
  await kill(world, ...(await sessions(world)).map(one => one.name))
  t.strictSame(processes(world), [])
})

t.test('-q says nothing, -v says more, -N gives a title, -R reads nothing', async t => {
  const world = place(t)
  for (const [options, said] of [
    [['-q'], ''],
    [['-qQ'], 'fatal'],
    [['-Qq'], ''],
    [[], 'fatal'],
  ] as const) {
    const its = await run(world, ['sess', ...options, 'reconnect', 'ezzf'])
    t.equal(its.status, 111)
    t.match(its.stderr, said)
    t.equal(its.stderr === '', said === '')
  }
  const { stderr } = await run(world, ['sess', '-v', 'true'])
  t.match(stderr, /^pty: info: session [a-z]+[0-9a-f] created\n$/)
  const titled = await run(world, ['sess', '-Na title', 'sessname'])
  t.match(titled.stdout.toString(), /^session [a-z]+[0-9a-f]: a title\r\n$/)
  const reader = await shell(world)
  await reader.command("sess -R sh -c 'read x; exit 3'; read y; echo got $y")
  const [its] = await until(async () => sessions(world), 'there is a session')
  await reader.type('typed\r')
  await kill(world, its?.name ?? '')
  await reader.see('got typed')
  await reader.type('exit\r')
  await reader.end()
})

t.test('-T leaves the user’s terminal alone', async t => {
  const world = place(t)
  const user = await shell(world)
  const before = user.modes()
  const its = user.answer(`sess -T sh -c 'stty size; printf "\\033[?25l"; read x; echo got $x'`)
  await until(async () => (await sessions(world)).length === 1, 'it runs')
  t.equal(user.modes(), before)
  await user.type('line\r')
  t.match(await its, /^24 80\n\x1b\[\?25lline\nline\ngot line/)
  await user.type('exit\r')
  await user.end()
})

t.test('sess says in one line how it was used wrongly', async t => {
  const world = place(t)
  for (const [argv, said] of [
    [['-Z'], /^sess: usage: unknown option -Z; sess \[/],
    [['--toString'], /^sess: usage: unknown option --toString; /],
    [['-d', 'forget', 'true'], /^sess: fatal: a policy is keep, block or drop\n/],
    [['-b', '-1', 'true'], /^sess: fatal: bytes must be a whole number /],
    [['-x', '1.5', 'true'], /^sess: fatal: minutes must be a whole number /],
    [['-N', 'x'.repeat(256), 'true'], /^sess: fatal: a title has at most 255 bytes\n/],
    [['-C', '/no/\x1b', 'true'], /^sess: fatal: cannot start in \/no\/\^\[: no such file/],
    [['-N'], /^sess: usage: option -N needs a value; /],
  ] as const) {
    const its = await run(world, ['sess', ...argv])
    t.equal(its.status, 100, argv.join(' '))
    t.match(its.stderr, said)
    t.match(its.stderr, /^[^\n]+\n$/)
    t.equal(its.stdout.length, 0)
  }
  t.equal(existsSync(world.sessions), false)
  t.ok(existsSync(join(BIN, 'sess')))
})
