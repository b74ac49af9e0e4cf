// A session as the program in it finds it: what it is started with, and what the options change.

import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { place, run, shell, terminal, until } from './driver.js'
import { kill, lines, only, sessions, sh } from './sessions.js'

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
    PWD: "/else'where",
    OLDPWD: '/',
    _: '/x',
    LINES: '3',
    IFS: 'x',
    OPTIND: '9',
    PPID: '1',
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

t.test(
  'the program has the caller’s directory, umask, limits and signals, and three descriptors',
  async t => {
    const world = place(t)
    const dir = join(world.home, 'a b')
    mkdirSync(dir)
    const facts = [
      'pwd -P; umask; ulimit -Sn; ulimit -Hn; nice',
      'grep -E "^Sig(Blk|Ign)" /proc/self/status',
      'ls -1 /proc/$$/fd',
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
    const nohup = await run(
      world,
      sh('trap "" HUP; exec sess sh -c "kill -HUP \\$\\$; echo still"'),
    )
    t.equal(nohup.stdout.toString(), 'still\r\n')
  },
)

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
  const script = 'trap "stty size" WINCH; stty size; while :; do read x; done'
  const user = terminal(world, ['sess', ...sh(script)], { rows: 30, columns: 100 })
  await user.see('30 100\r\n')
  for (const [rows, columns] of [
    [11, 222],
    [60, 40],
    [1, 1],
  ] as const) {
    user.resize(rows, columns)
    await user.see(`${rows} ${columns}\r\n`)
  }
  await user.type('\x03')
  t.equal(await user.end(), 130)
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
    t.match(text, /;\seol = <undef>;\seol2 = <undef>;/)
    t.match(text, / iutf8\sopost [^]* onlcr [^]*\sisig icanon iexten echo echoe echok /)
    t.match(text, /\/dev\/pts\/\d+\ntty\n$/)
  }
  const zero = terminal(world, ['sess', 'stty', 'size'], { rows: 0, columns: 0 })
  await zero.end()
  t.equal(zero.text, '24 80\r\n', 'never 0x0')
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
  t.match(await run(world, ['sess', '-q', 'missing']), { status: 127, stderr: '' })
  const { stderr } = await run(world, ['sess', '-v', 'true'])
  t.match(stderr, /^pty: info: session [a-z]+[0-9a-f] created\n$/)
  const titled = await run(world, ['sess', '-Na title', 'sessname'])
  t.match(titled.stdout.toString(), /^session [a-z]+[0-9a-f]: a title\r\n$/)
  const reader = await shell(world)
  await reader.command("sess -R sh -c 'read x; exit 3'; read y; echo got $y")
  const { name } = await only(world)
  await reader.type('typed\r')
  await kill(world, name)
  await reader.see('got typed')
  await reader.type('exit\r')
  await reader.end()
})

t.test('-T leaves the user’s terminal alone', async t => {
  const world = place(t)
  const user = await shell(world)
  const before = user.modes()
  const its = user.answer(`sess -T sh -c 'stty size; printf "\\033[?25l"; read x; echo got $x'`)
  await only(world)
  t.equal(user.modes(), before)
  await user.type('line\r')
  t.match(await its, /^24 80\r\n\x1b\[\?25lline\nline\r\ngot line$/)
  await user.type('exit\r')
  await user.end()
})

t.test('without a controlling terminal it is the one that he types at', async t => {
  const world = place(t)
  const its = terminal(world, ['setsid', '-w', 'sess', ...sh('stty size; exec cat')], { rows: 9 })
  await its.see('9 80\r\n')
  await only(world)
  await its.type('typed\r')
  await its.see('typed\r\ntyped\r\n')
  await its.type('\x03')
  t.equal(await its.end(), 130)
  t.match(its.stty('-a'), /(?<!-)icanon/)
})

const UTMP =
  'mount -t tmpfs none /run && : >/run/utmp && chgrp utmp /run/utmp && chmod 664 /run/utmp'

/** A utmp of one's own is possible where a mount namespace is. */
function obstacle(): string | false {
  const helpers = ['libexec', 'lib', 'lib/x86_64-linux-gnu', 'lib/aarch64-linux-gnu']
  if (!helpers.some(at => existsSync(`/usr/${at}/utempter/utempter`))) return 'no utempter'
  const { status } = spawnSync('unshare', ['-m', 'sh', '-c', UTMP])
  return status === 0 ? false : 'no mount namespaces'
}

t.test(
  'who is connected is entered into utmp, if he wants it (-u)',
  { skip: obstacle() },
  async t => {
    const world = place(t)
    const argv = ['unshare', '-m', 'sh', '-c', `${UTMP} && exec sh -i`]
    const env = { SSH_CONNECTION: '198.51.100.7 50000 198.51.100.1 22' }
    const user = await shell(world, { argv, env })
    const entered = async (line: RegExp): Promise<void> => {
      await until(async () => line.test(await user.answer('who')), `who says ${String(line)}`)
    }
    await user.command('sess -u sh -i')
    await user.prompt()
    const device = await user.answer('tty')
    await entered(new RegExp(`^\\w+ +${device.slice(5)} .*\\(198\\.51\\.100\\.7\\)$`))
    const name = await user.answer('echo $PTY')
    await user.command('disconnect')
    await user.prompt()
    await entered(/^$/)
    await user.command(`sess reconnect ${name}`)
    await user.see('successfully connected')
    await user.prompt()
    await entered(/198/)
    await user.command('exit')
    await user.prompt()
    await entered(/^$/)
    await user.command('sess -uU sh -i')
    await user.prompt()
    await only(world)
    t.equal(await user.answer('who'), '')
    await user.command('exit')
    await user.prompt()
    await user.type('exit\r')
    await user.end()
  },
)
