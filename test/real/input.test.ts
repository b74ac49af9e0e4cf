// What users and scripts get wrong: every command says so in one clear line, with its status, and ends.

import { existsSync } from 'node:fs'
import t, { type Test } from 'tap'
import { place, run, type Outcome, type World } from './driver.js'
import { kill, lines, session, sessions, sh } from './sessions.js'
import { each } from './turns.js'

const COMMANDS = (
  'sess pty nobuf ttyprotect condom disconnect reconnect sessname sesslist sesswho sesswhere sesskill ' +
  'sessmenu sesstail sesstype sesswait sessrecord waitfor ttydetach trecord tplay tscript sessalive'
).split(' ')
const NAMED = 'disconnect sessname sesskill reconnect sesstail sesstype sesswait sessrecord'.split(
  ' ',
)

/** What some of these want besides. */
const MORE: Record<string, string[]> = { sesskill: ['-y'], sessrecord: ['-e'] }

const LONG = 'x'.repeat(5000)

/** What a command says when it was used wrongly: 1 is the program's from what runs one, an answer from sessalive. */
const wrong = (command: string): number =>
  /^(sess|pty|nobuf|ttyprotect|condom|sessalive|sessmenu|ttydetach|tscript)$/.test(command)
    ? 100
    : 1

/** One line on stderr, from this command, that cannot disturb a terminal. */
function clear(t: Test, argv: readonly string[], { stdout, stderr }: Outcome): void {
  const shown = argv.join(' ').slice(0, 60)
  const good = /^[a-z]+: (fatal|usage): [^\p{Cc}\p{Bidi_Control}\ufffd]{1,600}\n$/u.test(stderr)
  t.ok(
    good && stderr.startsWith(`${argv[0]}: `),
    `${JSON.stringify(shown)}: ${stderr.slice(0, 200)}`,
  )
  t.equal(stdout.length, 0, `nothing on stdout: ${shown}`)
}

async function fails(
  t: Test,
  world: World,
  status: number,
  argv: readonly string[],
): Promise<void> {
  const its = await run(world, argv, { timeout: 5000 })
  t.equal(its.status, status, argv.join(' ').slice(0, 60))
  clear(t, argv, its)
}

t.test('unknown options are refused by every command in one line (SECURITY 25)', async t => {
  const world = place(t)
  const options = [
    ['--toString'],
    ['--__proto__'],
    ['--__proto__.polluted=1'],
    ['-Z'],
    ['--\x1b]0;owned\x07\n'],
    [`--${LONG}`],
  ]
  const cases = COMMANDS.flatMap(command => options.map(option => [command, ...option]))
  await each(cases, argv => fails(t, world, wrong(argv[0] ?? ''), argv))
  await each(
    [
      ['sess', '--constructor.prototype.x', 'y'],
      ['sess', '-q\x1b[2J'],
      ['sess', '--help=1'],
      ['sess', '-é'],
      ['sesslist', '--json=1'],
      ['sesslist', '--js'],
      ['sesslist', '--no-json'],
      ['sesslist', '---'],
      ['sesskill', '-ymX'],
    ],
    argv => fails(t, world, wrong(argv[0] ?? ''), argv),
  )
  t.notOk(existsSync(world.sessions), 'and nothing was begun')
})

t.test('missing values and surplus operands are said', async t => {
  const world = place(t)
  await each(
    [
      ['disconnect', '-s'],
      ['reconnect', '-s'],
      ['sessname', '-s'],
      ['sesskill', '-y', '-s'],
      ['sesskill', '-ys'],
      ['sesskill', '-u'],
      ['sess', '-d'],
      ['sess', '-qb'],
      ['sess', '-N'],
      ['disconnect', 'p0'],
      ['disconnect', '--', '-s'],
      ['reconnect', 'p0', 'p1'],
      ['sessname', 'one', 'two'],
      ['sesslist', '-'],
      ['sesslist', LONG],
      ['sesswho', 'x\x1b[31m'],
      ['sesswhere', ''],
      ['sesskill', '-y', 'p0'],
      ['waitfor'],
      ['ttydetach'],
      ['trecord', 'a', 'b'],
      ['tplay', '-s'],
      ['tplay', 'a', 'b'],
    ],
    argv => fails(t, world, wrong(argv[0] ?? ''), argv),
  )
})

t.test('what is no name is refused where a name is wanted (SECURITY 13)', async t => {
  const world = place(t)
  const names = ['../x', '', LONG, 'p0\n', '\x1b[2Jp0', 'p0/', 'P0', '__proto__', '-p0', 'p\u202e0']
  const cases = names.flatMap((name, n) => [
    ['reconnect', '-s', 'p0', '--', name],
    [NAMED[n % NAMED.length] ?? '', '-s', name],
  ])
  await each(cases, argv => fails(t, world, 1, argv))
  await each(names, async name => {
    const its = await run(world, ['sessname'], { env: { PTY: name } })
    t.equal(its.status, 2)
    t.match(
      its.stderr,
      /^sessname: fatal: no -s specified, and PTY not set; are we under a session\?\n$/,
    )
  })
  await each(
    NAMED.map(command => [command, '-s', 'p0']),
    async argv => {
      const its = await run(world, [...argv, ...(MORE[argv[0] ?? ''] ?? [])])
      t.equal(its.status, 2)
      t.equal(
        its.stderr,
        `${argv[0]}: fatal: cannot find session p0; if it exists, do you own it?\n`,
      )
    },
  )
})

t.test('what sess is told must make sense, or there is no session', async t => {
  const world = place(t)
  const numbers = ['-1', '1e3', '', 'x', '9'.repeat(30), '0x10', '1.5', ' 1', '1\n', '--']
  await each(
    [
      ...numbers.flatMap(number =>
        ['b', 'x'].map(option => ['sess', `-${option}`, number, 'true']),
      ),
      ['sess', '-d', 'all', 'true'],
      ['sess', '-d', '', 'true'],
      ['sess', '-d', LONG, 'true'],
      ['sess', '-N', 'n'.repeat(256), 'true'],
      ['sess', '-N', LONG, 'true'],
      ['sess', '-C', '/no\x1b[2J/such', 'true'],
      ['sess', '-C', '', 'true'],
      ['sess', '-C', '/etc/passwd', 'true'],
      ['sess', '-C', LONG, 'true'],
    ],
    argv => fails(t, world, 100, argv),
  )
  for (const [program, status] of [
    [LONG, 126],
    ['', 127],
    ['../../no/such', 127],
    ['\x1b[2J', 127],
    ['-', 127],
  ] as const)
    await fails(t, world, status, ['sess', '--', program])
  t.notOk(existsSync(world.sessions), 'and nothing was begun')
})

t.test('titles and users that cannot be are refused', async t => {
  const world = place(t)
  const name = await session(world, 'sleep', '1000')
  await each(
    [
      ['sessname', '-s', name, 't'.repeat(256)],
      ['sessname', '-s', name, LONG],
      ['sesskill', '-ys', name, '-u', 'no such user'],
      ['sesskill', '-ys', name, '-u', '../../root'],
      ['sesskill', '-ys', name, '-u', '\x1b[2J'],
      ['sesskill', '-ys', name, '-u', LONG],
      ['sesskill', '-ys', name, '-u', '-1'],
      ['reconnect', '-s', name, 'p0'],
      ['disconnect', '-s', name],
    ],
    argv => fails(t, world, 2, argv),
  )
  // Any other text is a title, and is shown so that it cannot disturb anything (SECURITY 14).
  for (const title of ['', 't'.repeat(255), '\x1b]0;x\x07\u009b31m\u202e\n--', '--help']) {
    t.equal((await run(world, ['sessname', '-s', name, '--', title])).status, 0)
    for (const argv of [['sesslist'], ['sesslist', '--json'], ['sessname', '-s', name]]) {
      const { stdout } = await run(world, argv)
      t.notMatch(stdout.toString(), /[^\P{Cc}\n]|\p{Bidi_Control}/u)
      t.ok(argv.includes('--json') || lines(stdout).length === 1)
    }
    t.equal((await sessions(world))[0]?.title, title, 'json gives it back as it is')
  }
  await kill(world, name)
})

t.test('bytes that are no text are no trouble', async t => {
  const world = place(t)
  for (const script of [
    `sesslist "$(printf '\\377\\233')"`,
    `sess -d "$(printf '\\200')" true`,
    `sess "$(printf './\\300\\257')"`,
    `reconnect -s p0 "$(printf '\\355\\240\\200')"`,
  ]) {
    const its = await run(world, sh(script))
    t.ok([1, 100, 127].includes(its.status), script)
    t.match(its.stderr, /^[a-z]+: (fatal|usage): [^\p{Cc}]*\n$/u)
  }
})

t.test('help and version are asked for, not a session of that name (C20)', async t => {
  const world = place(t)
  // What runs a program without a session has pty 4.0's -h.
  const hosts = new Set(['pty', 'nobuf', 'ttyprotect', 'condom'])
  const cases = COMMANDS.flatMap(command => [
    ...['--help', '--version'].map(option => [command, option]),
    ...(hosts.has(command) ? [] : [[command, '-h']]),
  ])
  await each(cases, async argv => {
    const { status, stdout, stderr } = await run(world, argv)
    t.strictSame([status, stderr], [0, ''], argv.join(' '))
    t.match(
      stdout.toString(),
      argv[1] === '--version' ? /^sesstools [\d.]+\n$/ : new RegExp(`^usage: ${argv[0]}.*\n$`),
    )
  })
  t.strictSame(await sessions(world), [])
})
