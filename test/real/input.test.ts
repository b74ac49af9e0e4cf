// What users and scripts get wrong: every command says so in one clear line, with its status, and ends;
// and none is confused by the kind of its input.

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { place, run, type Outcome, type World } from './driver.js'
import { kill, lines, session, sessions, sh } from './sessions.js'

const COMMANDS = (
  'sess disconnect reconnect sessname sesslist sesswho sesswhere sesskill sessmenu ' +
  'sesstail sesstype sesswait waitfor ttydetach trecord tplay sessalive'
).split(' ')
const NAMED = 'disconnect sessname sesskill reconnect sesstail sesstype sesswait'.split(' ')

const LONG = 'x'.repeat(5000)

/** What a command says when it was used wrongly: 1 is the program's from what runs one, an answer from sessalive. */
const wrong = (command: string): number =>
  ['sess', 'sessalive', 'sessmenu', 'ttydetach'].includes(command) ? 100 : 1

/** Two at once, for two processors. */
async function each<T>(cases: T[], one: (it: T) => Promise<void>): Promise<void> {
  const half = (odd: number): T[] => cases.filter((_, n) => n % 2 === odd)
  const inTurn = async (some: T[]): Promise<void> => {
    for (const it of some) await one(it)
  }
  await Promise.all([inTurn(half(0)), inTurn(half(1))])
}

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
      const its = await run(world, argv[0] === 'sesskill' ? [...argv, '-y'] : argv)
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
  const cases = COMMANDS.flatMap(command =>
    ['--help', '-h', '--version'].map(option => [command, option]),
  )
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

t.test('every command ends whatever its input is, or if it has none (C20)', async t => {
  const world = place(t)
  const name = await session(world, 'sleep', '1000')
  const file = join(world.dir, 'file')
  writeFileSync(file, 'a line\n')
  const inputs = ['<&-', '</dev/null', `<${file}`, '< /etc', '<&- >&-', '<&- >&- 2>&-', `>&2`]
  const commands = [
    ['disconnect', '-s', name],
    ['reconnect', '-s', name, 'p0'],
    ['sessname', '-s', name],
    ['sesslist'],
    ['sesswho'],
    ['sesswhere'],
    ['sesskill', '-s', name],
  ]
  await each(commands, async argv => {
    const bare = (await run(world, argv)).status
    const command = argv.join(' ')
    const script = inputs.map(
      input => `${command} ${input}; echo "$? $(${command} ${input} 2>&1 | wc -l)" >&3`,
    )
    const { stdout } = await run(world, ['bash', '-c', `exec 3>&1; ${script.join('\n')}`], {
      timeout: 10_000,
    })
    const statuses = lines(stdout).flatMap(line =>
      /^\d+ \d+$/.test(line) ? [Number(line.split(' ')[0])] : [],
    )
    t.strictSame(
      statuses,
      inputs.map(() => bare),
      command,
    )
  })
  t.match(await sessions(world), [{ name, state: 'disconnected' }])
  await kill(world, name)
})

t.test('a session runs whatever its input is, or if it has none', async t => {
  const world = place(t)
  writeFileSync(join(world.dir, 'file'), 'a line\n')
  for (const [input, status] of [
    ['<&-', 7],
    ['</dev/null', 7],
    ['</etc', 7],
    ['<&- >&-', 7],
    ['<&- >&- 2>&-', 7],
    ['</dev/zero', 7],
  ] as const) {
    const its = await run(
      world,
      ['bash', '-c', `sess sh -c 'echo out; exit 7' ${input}; echo $? >&2`],
      { timeout: 5000 },
    )
    t.equal(its.stderr, `${status}\n`, input)
    // What was typed before the program's end is echoed, as on any terminal.
    const own = its.stdout.toString().replaceAll('^@', '')
    t.equal(own, input.includes('>&-') ? '' : 'out\r\n', input)
  }
  const attached = await session(world, ...sh('read x; exit 3'))
  const { status } = await run(world, [
    'bash',
    '-c',
    `sess reconnect ${attached} < ${world.dir}/file`,
  ])
  t.ok([0, 3].includes(status), 'the end of a file is a disconnect, unless the program was quicker')
  if (status === 0) await kill(world, attached)
})
