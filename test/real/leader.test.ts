// The leader's script, given to each shell that is /bin/sh somewhere: what the program finds, and what its
// master can see of it.

import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { leader, type Command } from '../../lib/leader.js'
import { BIN, place, run, stateOf, terminal, until, type Terminal, type World } from './driver.js'

// A leader reads the session's name from its master's command line.
process.title = 'x p7 x'

const PATH = '/usr/local/bin:/usr/bin:/bin'

const PLAIN: Command = {
  argv: [],
  file: '',
  env: { PATH },
  modes: '',
  tuned: '',
  kept: [],
  pipe: '',
  files: '',
  nohup: false,
  jobs: true,
  bash: '/bin/bash',
}

/** Shells that speak POSIX when they are called sh. */
const SHELLS = ['dash', 'bash']

const missing = (shell: string): string | false => !existsSync(`/bin/${shell}`) && `no ${shell}`

function each(title: string, test: (t: Test, world: World, sh: string) => Promise<void>): void {
  for (const shell of SHELLS) {
    t.test(`${title}: ${shell}`, { skip: missing(shell) }, async t => {
      const world = place(t)
      const sh = join(world.dir, 'sh')
      symlinkSync(`/bin/${shell}`, sh)
      await test(t, world, sh)
    })
  }
}

const field = (pid: number, name: string): string =>
  new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? ''

/** A leader that has stopped to wait for its master, and was let go by it. */
async function lead(world: World, sh: string, command: Partial<Command>): Promise<Terminal> {
  const { args, env } = leader({ ...PLAIN, ...command })
  const its = terminal(world, ['/usr/bin/env', '-i', ...env, sh, ...args])
  await until(() => stateOf(its.pid) === 'T', 'the leader waits')
  its.signal('SIGCONT')
  return its
}

/** The exit status of a program, run with job control and without. */
async function both(world: World, sh: string, command: Partial<Command>): Promise<number[]> {
  const [one, other] = [true, false].map(async jobs => {
    const its = await lead(world, sh, { ...command, jobs })
    return its.end()
  })
  return Promise.all([one ?? 0, other ?? 0])
}

const script = (text: string, ...args: string[]): string[] => ['sh', '-c', text, ...args]

/** The NUL-separated words in a file of the world's home. */
const words = (world: World, name: string): string[] =>
  readFileSync(join(world.home, name), 'utf8').split('\0').slice(0, -1)

each('the program gets the environment exactly, and the name', async (t, world, sh) => {
  const usual = { PATH, HOME: '/h', PWD: world.home, OLDPWD: '/gone', SHLVL: '7', LC_ALL: 'xx_YY' }
  const odd = { 'BASH_FUNC_x%%': '() {  echo x\n}', 'a.b': "c'd", '9': '', 'a b': '$HOME', é: 'è' }
  const ours = { x: '1', s: '2', run: '3', own: '4', sess: '5', SESS_DIR: '/s', E: '', NL: 'a\n' }
  const shells = {
    IFS: 'xyz',
    OPTIND: '5',
    PPID: '77',
    PS1: '> ',
    PS4: '+',
    ENV: '/x',
    LINENO: '9',
  }
  const table: Record<string, string>[] = [
    { PATH },
    { ...usual, ...odd, ...ours },
    { ...usual, ...odd, ...shells },
    { PATH, ...shells, SHLVL: '5000', SHELLOPTS: 'noexec' },
    { PATH, PWD: '/not/here', SHLVL: "'x'", PTY: 'q9', COLUMNS: '33', LINES: '44' },
  ]
  for (const env of table) {
    for (const jobs of [true, false]) {
      const its = await lead(world, sh, { argv: ['cp', '/proc/self/environ', 'out'], env, jobs })
      t.equal(await its.end(), 0)
      t.equal(its.text, '', 'and nobody says a word')
      // A shell tells every program in $_ where it was found.
      const got = words(world, 'out').filter(pair => !pair.startsWith('_='))
      const given = Object.entries({ ...env, PTY: 'p7' }).map(pair => pair.join('='))
      t.strictSame(got.sort(), given.sort())
    }
  }
})

each('its launcher changes nothing either, and says nothing', async (t, world, sh) => {
  const odd = { IFS: 'x', OPTIND: '4', PS4: '+', OLDPWD: '/gone', LINENO: '9', 'a.b': "c'd" }
  const argv = [sh, join(BIN, 'sess'), 'cp', '/proc/self/environ', 'out']
  for (const changes of [{}, { ...odd, SHLVL: '7', PWD: world.home }]) {
    const env = { SHLVL: '1', ...changes }
    t.match(await run(world, argv, { env }), { status: 0, stderr: '' })
    const got = words(world, 'out').filter(pair => !/^(_|PTY)=/.test(pair))
    const given = Object.entries({ ...world.env, ...env }).map(pair => pair.join('='))
    t.strictSame(got.sort(), given.sort())
  }
})

each('the program gets its arguments unchanged (Z22)', async (t, world, sh) => {
  const rest = [
    '',
    ' ',
    '*',
    '-x',
    '--',
    '\\n',
    "it's",
    'a\nb\n',
    '$HOME `id` "',
    'x=1',
    'é\u{1f600}',
  ]
  for (const env of [{ PATH }, { PATH, 'a.b': '' }]) {
    const argv = ['sh', '-c', 'cp /proc/$$/cmdline out; :', ...rest]
    t.strictSame(await both(world, sh, { argv, env }), [0, 0])
    t.strictSame(words(world, 'out'), argv)
  }
})

each('the program is called what it was called', async (t, world, sh) => {
  const tell = ['-c', 'cp /proc/$$/cmdline out; :']
  const odd = join(world.dir, 'x=y')
  symlinkSync('/bin/sh', odd)
  const table: [argv: string[], file: string, bash: string | undefined, called: string][] = [
    [['sh', ...tell], '/bin/sh', undefined, 'sh'],
    [['/bin/sh', ...tell], '/bin/sh', undefined, '/bin/sh'],
    [['x=y', ...tell], odd, undefined, 'x=y'],
    [['-sh', ...tell], '/bin/sh', undefined, '/bin/sh'],
  ]
  if (!missing('bash')) table.push([['-sh', ...tell], '/bin/sh', '/bin/bash', '-sh'])
  for (const [argv, file, bash, called] of table) {
    for (const env of [{}, { 'a.b': '' }]) {
      const path = { PATH: `${world.dir}:${PATH}` }
      t.strictSame(await both(world, sh, { argv, file, bash, env: { ...env, ...path } }), [0, 0])
      t.equal(words(world, 'out')[0], called)
    }
  }
})

each('a name means a program, whatever it means to a shell', async (t, world, sh) => {
  const bin = join(world.dir, 'bin')
  mkdirSync(bin)
  const builtins = 'echo test [ true cd exec export kill fg : if { run again own env stty nice'
  for (const [n, name] of builtins.split(' ').entries()) {
    writeFileSync(join(bin, name), '#!/bin/sh\nprintf "%s %s" "${0##*/}" "$*"\n', { mode: 0o755 })
    const env = n % 2 ? { PATH: bin } : { PATH: bin, 'a.b': '' }
    const its = await lead(world, sh, { argv: [name, 'x', '*'], env })
    t.equal(await its.end(), 0)
    t.equal(its.text, `${name} x *`)
  }
})

each('the program has its three descriptors, on the terminal', async (t, world, sh) => {
  for (const jobs of [true, false]) {
    const its = await lead(world, sh, { argv: script('ls -l /proc/$$/fd; :'), jobs })
    t.equal(await its.end(), 0)
    const found = its.text.match(/\b\d -> \S+/g)
    t.strictSame(
      found,
      [0, 1, 2].map(fd => `${fd} -> ${its.device}`),
    )
  }
})

each('the terminal has the modes that the leader was given', async (t, world, sh) => {
  const user = terminal(world, script('echo ready; exec sleep 100'))
  await user.see('ready')
  user.stty('-ixon', 'intr', '^K', '-echo')
  const modes = user.modes()
  user.signal('SIGKILL')
  const its = await lead(world, sh, { argv: ['true'], modes, env: { PATH: '/none:/bin' } })
  t.equal(await its.end(), 0)
  t.equal(its.modes(), modes)
})

each('what a caller limits and ignores is limited and ignored', async (t, world, sh) => {
  const argv = script('ulimit -Sn; umask; grep SigIgn /proc/$$/status')
  const usual = await lead(world, sh, { argv })
  t.equal(await usual.end(), 0)
  // Signal 32 is the C library's own, and make leaves it ignored in whatever it runs.
  t.match(usual.text, /\r\n0077\r\nSigIgn:\t00000000[08]0000000\r\n$/)
  for (const jobs of [true, false]) {
    const its = await lead(world, sh, { argv, files: '64', nohup: true, jobs })
    t.equal(await its.end(), 0)
    t.match(its.text, /^64\r\n0077\r\nSigIgn:\t00000000[08]0000001\r\n$/)
  }
})

each('every exit status is passed on (P39)', async (t, world, sh) => {
  const few = readlinkSync(sh).endsWith('bash') ? 16 : 1
  const all = Array.from({ length: 256 / few }, (_, n) => n * few)
  for (let n = 0; n < all.length; n += 32) {
    const some = all.slice(n, n + 32)
    const ends = some.map(async n => (await lead(world, sh, { argv: script(`exit ${n}`) })).end())
    t.strictSame(await Promise.all(ends), some)
  }
  t.strictSame(await both(world, sh, { argv: script('exit 148') }), [148, 148])
})

each('a program that was killed has 128 and its signal (P39, P40)', async (t, world, sh) => {
  const harmless = /^SIG(CHLD|CONT|URG|WINCH|STOP|TSTP|TTIN|TTOU)$/
  const deadly = Object.entries(constants.signals).filter(([name]) => !harmless.test(name))
  const kills = deadly.map(async ([, n]) => {
    const its = await lead(world, sh, { argv: script(`ulimit -c 0; kill -${n} $$`) })
    return [await its.end(), its.text]
  })
  const expected = deadly.map(([, n]) => [128 + n, ''])
  t.strictSame(await Promise.all(kills), expected)
  t.strictSame(await both(world, sh, { argv: script('kill -9 $$') }), [137, 137])
})

/** Waits until the leader has stopped, and gives the signal that its umask tells. */
async function stop(its: Terminal): Promise<number> {
  await until(() => stateOf(its.pid) === 'T', 'the leader stops')
  return parseInt(field(its.pid, 'Umask'), 8)
}

each(
  'a stop of the program is a stop of its leader, time and again (P38)',
  async (t, world, sh) => {
    const { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU } = constants.signals
    const signals = [SIGTSTP, SIGSTOP, SIGTTIN, SIGTTOU, SIGSTOP, SIGTSTP, SIGTSTP]
    const argv = script('for n; do kill -$n $$; umask; done; read x; echo "got $x"; exit 7', 'sh')
    const its = await lead(world, sh, { argv: [...argv, ...signals.map(String)] })
    for (const signal of signals) {
      t.equal(await stop(its), signal)
      its.signal('SIGCONT')
      await its.see('0077\r\n')
    }
    await its.type('a line\r')
    await its.see('got a line\r\n')
    t.equal(await its.end(), 7)
    t.equal(its.text, `${'0077\r\n'.repeat(signals.length)}a line\r\ngot a line\r\n`)
  },
)

each('^Z stops what is in the foreground, and it goes on there (P3, P38)', async (t, world, sh) => {
  const its = await lead(world, sh, { argv: ['cat'] })
  for (const line of ['one', 'two', 'three']) {
    await its.type(`${line}\r`)
    await its.see(`${line}\r\n${line}\r\n`)
    await its.type('\x1a')
    t.equal(await stop(its), constants.signals.SIGTSTP)
    its.signal('SIGCONT')
  }
  await its.type('\x04')
  t.equal(await its.end(), 0)
})

each('a program that is killed while it is stopped is done', async (t, world, sh) => {
  const its = await lead(world, sh, { argv: script('echo $$; kill -STOP $$; echo never') })
  const pid = Number(await its.see(/^(\d+)\r\n/))
  await stop(its)
  process.kill(pid, 'SIGKILL')
  its.signal('SIGCONT')
  t.equal(await its.end(), 137)
  t.equal(its.text, `${pid}\r\n`)
})

each('without job control the program takes the place of its leader', async (t, world, sh) => {
  const its = await lead(world, sh, { argv: script('echo $$; kill -STOP $$; exit 5'), jobs: false })
  t.equal(Number(await its.see(/^(\d+)\r\n/)), its.pid)
  await until(() => stateOf(its.pid) === 'T', 'it has stopped')
  its.signal('SIGCONT')
  t.equal(await its.end(), 5)
})
