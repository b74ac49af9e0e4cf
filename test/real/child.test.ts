// What the program gets that was the caller's, what it does not get, and what it cannot do to him; and that
// nothing of what serves it is anybody else's business.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import t from 'tap'
import { BIN, place, processes, run, shell, terminal, until } from './driver.js'
import { becomes, kill, lines, sessions, sh } from './sessions.js'

/** Can this be run here? */
function works(...argv: string[]): boolean {
  try {
    const [file = '', ...args] = argv
    execFileSync(file, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

t.test('what Node heeds is for the program, not for us (SECURITY 12)', async t => {
  const world = place(t)
  const evil = join(world.dir, 'evil.cjs')
  writeFileSync(
    evil,
    `require('fs').appendFileSync('${world.dir}/loaded', process.argv[1] + '\\n')`,
  )
  const env = {
    NODE_OPTIONS: `--require ${evil}`,
    NODE_PATH: world.dir,
    NODE_DEBUG: 'net,stream,module,child_process',
    NODE_DEBUG_NATIVE: 'HANDLES',
    NODE_CHANNEL_FD: '1',
    NODE_UNIQUE_ID: '1',
    NODE_V8_COVERAGE: join(world.dir, 'coverage'),
    NODE_REDIRECT_WARNINGS: join(world.dir, 'warnings'),
    NODE_PENDING_DEPRECATION: '1',
    OPENSSL_CONF: evil,
  }
  const names = Object.keys(env).map(name => `$${name}`)
  const its = await run(world, ['sess', ...sh(`echo ${names.join(' ')}; exit 3`)], { env })
  t.match(its, { status: 3, stderr: '' })
  t.equal(its.stdout.toString().trim(), Object.values(env).join(' '))
  const made = await run(world, ['sess', '-n', 'sleep', '1000'], { env })
  const name = made.stdout.toString().trim()
  for (const argv of [
    ['sessname', '-s', name, 'x'],
    ['sesslist'],
    ['sesswho'],
    ['sesswhere'],
    ['sesskill', '-y', '-s', name],
  ])
    t.match(await run(world, argv, { env }), { status: 0, stderr: '' })
  for (const file of ['loaded', 'coverage', 'warnings'])
    t.notOk(existsSync(join(world.dir, file)), file)
  await run(world, ['sess', process.execPath, '-e', '0'], {
    env: { NODE_OPTIONS: env.NODE_OPTIONS },
  })
  t.equal(lines(readFileSync(join(world.dir, 'loaded'))).length, 1, 'a program of Node’s loads it')
})

t.test('an environment that breaks other things breaks nothing of ours', async t => {
  const world = place(t)
  for (const changes of [
    'PATH=',
    '-u PATH',
    'PATH=/no/such:',
    'TMPDIR=/no HOME=/no LANG=xx LC_ALL=tlh TZ=/etc/passwd',
    'ENV=/no BASH_ENV=/no PS4=$(oh) CDPATH=/ IFS=/',
    'POSIXLY_CORRECT=1 GREP_OPTIONS=-v LINES=x COLUMNS=-1',
    'PTY=../../x SESS_CALLER=x SESS_ODD=! SESS_BIN=/x SHLVL=\x1b',
    'SSH_CONNECTION=\x1b[2J NODE_NO_WARNINGS=1',
    `BIG=${'x'.repeat(100_000)}`,
  ]) {
    const changed = ['/usr/bin/env', ...changes.split(' ')]
    const its = await run(world, [
      ...changed,
      join(BIN, 'sess'),
      '/bin/sh',
      '-c',
      'echo in; exit 7',
    ])
    const shown = changes.slice(0, 60)
    t.strictSame([its.status, its.stderr, its.stdout.toString()], [7, '', 'in\r\n'], shown)
    t.match(await run(world, [...changed, join(BIN, 'sesslist')]), { status: 0, stderr: '' }, shown)
  }
})

t.test('functions of bash and other odd variables come through', async t => {
  const world = place(t)
  const script = 'x; echo $(/usr/bin/env -0 | tr "\\0" "\\n" | grep -c "^a.b=c d$")'
  const env = { 'BASH_FUNC_x%%': '() {  echo from x\n}', 'a.b': 'c d' }
  for (const options of [[], ['-J']]) {
    const { stdout } = await run(world, ['sess', ...options, 'bash', '-c', script], { env })
    t.strictSame(lines(stdout), ['from x', '1'])
  }
})

t.test('the program is where the caller is, also if that is no more (C26)', async t => {
  const world = place(t)
  for (const options of ['', '-J']) {
    mkdirSync(join(world.home, 'd'))
    const script = `cd d; rmdir ../d; exec 2>/dev/null; sess ${options} readlink /proc/self/cwd`
    const { status, stdout } = await run(world, sh(script))
    t.equal(status, 0)
    t.equal(stdout.toString(), `${world.home}/d (deleted)\r\n`)
  }
})

t.test('a closed pipe still ends a program, quietly', async t => {
  const world = place(t)
  const script = 'yes | head -n1; echo ${PIPESTATUS[0]}'
  for (const options of [[], ['-J']]) {
    const { stdout } = await run(world, ['sess', ...options, 'bash', '-c', script])
    t.strictSame(lines(stdout), ['y', '141'])
  }
})

t.test('three descriptors, all the session’s terminal (SECURITY 23)', async t => {
  const world = place(t)
  const facts = 'ls -1 /proc/$$/fd; readlink /proc/$$/fd/[012]; tty'
  for (const argv of [
    ['sess', ...sh(facts)],
    ['sess', '-J', ...sh(facts)],
    ['bash', '-c', `exec 5<>/dev/null 200>/dev/null; sess sh -c '${facts}'`],
  ]) {
    const { stdout } = await run(world, argv, { sockets: true })
    const said = lines(stdout)
    const tty = said.at(-1)
    t.strictSame(said, ['0', '1', '2', tty, tty, tty, tty])
  }
})

t.test('the caller’s descriptors never become non-blocking', async t => {
  const world = place(t)
  const flags = 'grep -h flags /proc/self/fdinfo/2 /proc/self/fdinfo/3'
  const script = `exec 3<&0; ${flags} >before
    (sleep 0.4; ${flags} >during) & sess sleep 0.8; wait; ${flags} >after`
  const same = (how: string): void => {
    const read = (name: string): string => readFileSync(join(world.home, name), 'utf8')
    const before = read('before')
    t.strictSame([read('during'), read('after')], [before, before], how)
    t.equal(before.match(/^flags:\s+\d+$/gm)?.length, 2)
    t.notMatch(before, /[4-7]\d{3}$/m)
  }
  const its = terminal(world, sh(script))
  t.equal(await its.end(), 0)
  same('a terminal')
  t.match(await run(world, sh(script), { stdin: 'silent' }), { status: 0, stderr: '' })
  same('pipes')
})

t.test('terminals are never opened to others (SECURITY 7)', async t => {
  const world = place(t)
  const bits = (device: string): number => statSync(device).mode & 0o777
  const its = await shell(world)
  const before = bits(its.device)
  const inside = Number(`0${await its.answer("sess sh -c 'stat -Lc %a /dev/stdin'")}`)
  t.equal(inside & 2, 0, 'the session’s')
  await its.command('sess')
  await its.prompt()
  t.equal(bits(its.device), before)
  t.equal(before & 2, 0)
  const [one] = await sessions(world)
  const device = await its.answer('tty')
  t.equal(bits(device) & 2, 0)
  await run(world, ['disconnect', '-s', one?.name ?? ''])
  await its.prompt()
  t.equal(bits(device) & 2, 0)
  t.equal(bits(its.device), before, 'the user’s is as it was')
  await kill(world, one?.name ?? '')
})

const STUFF = `ioctl(STDIN, 0x5412, $_) or die "no: $!" for split //, "echo owned\\n"`

t.test(
  'what a program types on its terminal is typed in its session only (SECURITY 24)',
  { skip: works('perl', '-e', '0') ? false : 'there is no perl' },
  async t => {
    const world = place(t)
    const its = await shell(world)
    const file = join(world.dir, 'stuff')
    writeFileSync(file, STUFF)
    const inner = `stty -echo; perl ${file} 2>&1 && read x && echo "inside: $x"`
    writeFileSync(join(world.home, 'inner'), inner)
    await its.command('sess sh inner')
    const inside = await its.see(/(inside: echo owned|no: [^\r]+)\r\n/)
    await its.prompt()
    t.equal(await its.answer('echo still mine'), 'still mine', 'nothing waits to be read outside')
    t.notMatch(its.text, /^owned/m, inside)
  },
)

t.test(
  'nobody reads the program’s environment or input in the process table (SECURITY 18)',
  async t => {
    const world = place(t)
    const secret = `s3cret${process.pid}`
    const env = {
      TOKEN: secret,
      'to.ken': secret,
      NODE_OPTIONS: `--title=${secret}`,
      PWD: `/${secret}`,
    }
    const made = await run(world, ['sess', '-n', ...sh('stty -echo; read x; exec sleep 1000')], {
      env,
    })
    const name = made.stdout.toString().trim()
    const its = terminal(world, ['sess', 'reconnect', name], { env })
    await its.see('successfully connected')
    await its.type(`${secret}\r`)
    await until(() => processes(world).some(one => one.command === 'sleep 1000'), 'it was read')
    const shown = processes(world).map(one => one.command)
    t.ok(shown.length >= 4)
    t.notOk(
      shown.some(command => command.includes(secret)),
      shown.join('\n'),
    )
    await kill(world, name)
  },
)

t.test('nothing of ours is setuid or setgid (SECURITY 6)', async t => {
  const root = join(BIN, '..')
  const { resolve } = createRequire(import.meta.url)
  const modules = ['node-pty', 'minimist'].map(name => dirname(resolve(`${name}/package.json`)))
  const special = execFileSync('find', [root, ...modules, '-perm', '/6000'])
  t.equal(special.toString(), '')
  for (const command of readdirSync(BIN))
    t.equal(statSync(join(BIN, command)).mode & 0o7022, 0, command)
})

t.test(
  'a session in a container is a session for those outside who share its directory',
  { skip: works('unshare', '-fpm', '--mount-proc', 'true') ? false : 'no namespaces here' },
  async t => {
    const world = place(t)
    await run(world, sh('sess true'))
    const inside = [
      'unshare',
      '-fpm',
      '--mount-proc',
      '--kill-child',
      ...sh('sess -n sleep 1000 >name; exec sleep 1000'),
    ]
    const outer = run(world, inside)
    const name = await until(() => {
      const file = join(world.home, 'name')
      return existsSync(file) && readFileSync(file, 'utf8').trim()
    }, 'it is there')
    await becomes(world, name, { state: 'disconnected' })
    t.match(await run(world, ['sessname', '-s', name, 'inside']), { status: 0, stderr: '' })
    const its = terminal(world, ['sess', 'reconnect', name])
    await its.see('successfully connected')
    await run(world, ['disconnect', '-s', name])
    t.equal(await its.end(), 0)
    t.match(await run(world, ['sesskill', '-y', '-s', name]), { status: 0, stderr: '' })
    for (const { pid, command } of processes(world))
      if (command === 'sleep 1000') process.kill(pid, 'SIGKILL')
    await outer
    t.strictSame(await sessions(world), [])
  },
)
