// sessmenu where it asks nothing: no trouble of ours keeps anybody from his program.

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { BIN, place, run, terminal, type World } from './driver.js'

/** Says whether it runs under a session. */
const PROGRAM = ['sh', '-c', 'echo "PTY=${PTY-none}."; exit 7']

/** sessmenu, installed with this or that wrong. */
function broken(world: World, parts: Record<string, string>): string {
  const script = readFileSync(join(BIN, 'sessmenu'), 'utf8')
  const [, node = '', lib = ''] = /exec '([^']+)' '([^']+)\/ask\.cjs'/.exec(script) ?? []
  const changed = script
    .replaceAll(`'${node}'`, `'${parts['node'] ?? node}'`)
    .replaceAll(new RegExp(`'${lib}/(?=\\w+\\.)`, 'g'), `'${parts['lib'] ?? lib}/`)
    .replace(`bin='${BIN}'`, `bin='${parts['bin'] ?? BIN}'`)
  return executable(world, 'sessmenu', changed)
}

function executable(world: World, name: string, script: string): string {
  const path = join(world.dir, name)
  writeFileSync(path, script)
  chmodSync(path, 0o755)
  return path
}

t.test('without a disconnected session there is no question', async t => {
  const world = place(t)
  const its = terminal(world, ['sessmenu', ...PROGRAM])
  t.equal(await its.end(), 7)
  t.match(its.text, /^PTY=[a-z]+[0-9a-f]\.\r\n$/)
})

t.test('where nobody can be asked, the program runs as it is', async t => {
  const world = place(t)
  const name = (await run(world, ['sess', '-n', 'sh'])).stdout.toString().trim()
  for (const env of [
    { SESSMENU: 'no' },
    { PTY: name },
    { SSH_ORIGINAL_COMMAND: 'true' },
    { TERM: 'dumb' },
    { TERM: undefined },
  ]) {
    const its = terminal(world, ['sessmenu', ...PROGRAM], { env })
    t.equal(await its.end(), 7)
    t.match(its.text, 'PTY' in env ? `PTY=${name}.\r\n` : 'PTY=none.\r\n', JSON.stringify(env))
  }
  const piped = await run(world, ['sessmenu', ...PROGRAM], { input: 'x' })
  t.match(piped, { status: 7, stderr: '' })
  t.equal(piped.stdout.toString(), 'PTY=none.\n')
  const bytes = await run(world, ['sessmenu', 'cat'], { input: '\0\xff\r\n\x1b' })
  t.equal(bytes.stdout.toString(), '\0\xff\r\n\x1b')
  const its = terminal(world, ['sh', '-c', `sessmenu ${BIN}/../../bin/nothing </dev/null; tty`])
  await its.see('/dev/pts/')
  await its.end()
  await run(world, ['sesskill', '-ys', name])
})

t.test('what is broken in us does not keep anybody from his program', async t => {
  const world = place(t)
  const bin = join(world.dir, 'b')
  mkdirSync(bin)
  const sess = (script: string): Record<string, string> => {
    executable(world, 'b/reconnect', '#!/bin/sh\n')
    executable(world, 'b/sess', `#!/bin/sh\n${script}\n`)
    return { bin }
  }
  const node = (script: string): Record<string, string> => ({
    node: executable(world, 'node', `#!/bin/sh\n${script}\n`),
  })
  const somethingBroken =
    'sessmenu: warning: something is broken; there is no session this time\r\n'
  const table: [title: string, make: () => Record<string, string>, said: string][] = [
    ['never filled in', () => ({ node: '@NODE@', lib: '@LIB@', bin: '@BIN@' }), somethingBroken],
    ['no node', () => ({ node: '/nonexistent/node' }), somethingBroken],
    ['a node that fails', () => node('exit 1'), somethingBroken],
    ['a node that crashes', () => node('echo "at x (y:1)"; kill -SEGV $$'), ''],
    ['a node that leaves the terminal raw', () => node('stty raw -echo; kill -9 $$'), ''],
    ['a node that says other things', () => node('echo hello'), ''],
    ['no modules', () => ({ lib: '/nonexistent' }), somethingBroken],
    ['no commands', () => ({ bin: '/nonexistent' }), somethingBroken],
    ['a sess that fails', () => sess('exit 1'), somethingBroken],
    [
      'a sess that cannot start a session',
      () => sess('[ "$1" = --version ] || exit 111'),
      'sessmenu: warning: there is no session this time\r\n',
    ],
  ]
  for (const [title, make, said] of table) {
    const its = terminal(world, [broken(world, make()), ...PROGRAM])
    t.equal(await its.end(), 7, title)
    t.equal(its.text, `${said}PTY=none.\r\n`, title)
    t.match(its.stty('-a'), /(?<!-)icanon.*(?<!-)echo /s, title)
  }
})

t.test('a session directory that is refused is said, and does no harm', async t => {
  const world = place(t)
  mkdirSync(world.sessions)
  chmodSync(world.sessions, 0o755)
  const its = terminal(world, ['sessmenu', ...PROGRAM])
  t.equal(await its.end(), 7)
  const said = `sessmenu: fatal: cannot use ${world.sessions}: it is open to others`
  t.equal(its.text, `${said}\r\nPTY=none.\r\n`)
  const nowhere = terminal(world, ['sessmenu', ...PROGRAM], { env: { SESS_DIR: '/proc/x/s' } })
  t.equal(await nowhere.end(), 7)
  t.match(nowhere.text, /^sess: fatal: .*\r\nsessmenu: warning: .*\r\nPTY=none\.\r\n$/)
  const sessmenu = join(BIN, 'sessmenu')
  const bare = terminal(world, ['env', 'PATH=/nonexistent', sessmenu, '/bin/sh', '-c', 'exit 7'])
  t.equal(await bare.end(), 7)
  t.equal(bare.text, '')
})

t.test(
  'a program that begins with a dash is a login shell, with and without a session',
  async t => {
    const world = place(t)
    for (const env of [{}, { SESSMENU: 'no' }]) {
      const its = terminal(world, ['sessmenu', '--', '-sh', '-c', 'echo "0=$0."; exit 7'], { env })
      t.equal(await its.end(), 7)
      t.equal(its.text, '0=-sh.\r\n')
    }
  },
)

t.test('the program gets the environment that we were given', async t => {
  const world = place(t)
  const given = { NODE_OPTIONS: '--nonsense', NODE_EXTRA_CA_CERTS: '/nonexistent', NODE_PATH: 'x' }
  const show = 'env | grep -E "^(NODE|SESS|BASH_FUNC)" | LC_ALL=C sort'
  const shown = [
    'NODE_EXTRA_CA_CERTS=/nonexistent',
    'NODE_OPTIONS=--nonsense',
    'NODE_PATH=x',
    `SESS_DIR=${world.sessions}`,
  ]
  const odd = 'BASH_FUNC_module%%=() {  echo }'
  const its = terminal(world, ['sessmenu', 'sh', '-c', show], { env: given })
  await its.end()
  t.equal(its.text, shown.map(line => `${line}\r\n`).join(''))
  const plain = terminal(world, ['sessmenu', 'sh', '-c', show], {
    env: { ...given, SESSMENU: 'no' },
  })
  await plain.end()
  t.equal(
    plain.text,
    [...shown.slice(0, 3), 'SESSMENU=no', ...shown.slice(3)].map(line => `${line}\r\n`).join(''),
  )
  const functions = terminal(world, ['env', odd, 'sessmenu', 'env'])
  await functions.end()
  t.match(functions.text, `${odd}\r\n`)
  t.notMatch(functions.text, 'SESS_ODD')
})

t.test('without a program it is $SHELL, and never itself', async t => {
  const world = place(t)
  const mine = executable(world, 'shell', '#!/bin/sh\necho mine; exit 7\n')
  for (const [SHELL, said] of [
    [mine, 'mine'],
    ['/nonexistent/sh', '$ '],
    [join(BIN, 'sessmenu'), '$ '],
    [undefined, '$ '],
  ] as const) {
    const its = terminal(world, ['sessmenu'], { env: { SHELL } })
    await its.see(said)
    if (SHELL !== mine) await its.type('exit 7\r')
    t.equal(await its.end(), 7, SHELL ?? 'unset')
  }
})

t.test("a session's status is sessmenu's, and is not taken for trouble of ours", async t => {
  const world = place(t)
  for (const [script, status] of [
    ['nonsuch', 127],
    ['exit 126', 126],
    ['exit 1', 1],
    ['exit 100', 100],
    ['kill -9 $$', 137],
  ] as const) {
    const its = terminal(world, ['sessmenu', 'sh', '-c', `echo once; ${script}`])
    t.equal(await its.end(), status, script)
    t.equal(its.text.match(/once/g)?.length, 1, script)
  }
  const missing = terminal(world, ['sessmenu', 'nonsuch'])
  t.equal(await missing.end(), 127)
  t.equal(missing.text, 'sess: fatal: cannot find nonsuch: no such file or directory\r\n')
})

t.test('help and version are on stdout, other options are wrong', async t => {
  const world = place(t)
  const usage = 'sessmenu [program [arg ...]]'
  for (const [option, status, stdout, stderr] of [
    ['--help', 0, `usage: ${usage}\n`, ''],
    ['-h', 0, `usage: ${usage}\n`, ''],
    ['--version', 0, 'sesstools 0.1.0\n', ''],
    ['-x', 100, '', `sessmenu: usage: unknown option -x; ${usage}\n`],
    ['--\x1bx', 100, '', `sessmenu: usage: unknown option --^[x; ${usage}\n`],
    ['--toString', 100, '', `sessmenu: usage: unknown option --toString; ${usage}\n`],
  ] as const) {
    const its = await run(world, ['sessmenu', option])
    t.strictSame([its.status, its.stdout.toString(), its.stderr], [status, stdout, stderr])
  }
})
