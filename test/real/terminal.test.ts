// What becomes of the user's terminal: whatever programs leave set is undone when their session leaves it,
// and set again when it comes back to one.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { place, run, terminal, type Terminal, type World } from './driver.js'
import { becomes, kill, look, only, session, sh } from './sessions.js'

/** What a program can set, and the exact inverse. The cursor is shown last of all. */
const MODES = [
  ['\x1b[?1049h', '\x1b[?1049l'],
  ['\x1b[?1000h', '\x1b[?1000l'],
  ['\x1b[?1006h', '\x1b[?1006l'],
  ['\x1b[?1004h', '\x1b[?1004l'],
  ['\x1b[?2004h', '\x1b[?2004l'],
  ['\x1b[?1h', '\x1b[?1l'],
  ['\x1b=', '\x1b>'],
  ['\x1b[4h', '\x1b[4l'],
  ['\x1b[>4;2m', '\x1b[>4m'],
  ['\x1b[4 q', '\x1b[0 q'],
  ['\x1b[?7l', '\x1b[?7h'],
  ['\x1b[>1u', '\x1b[<1u'],
  ['\x1b[5;10r', '\x1b[r'],
  ['\x1b[1;31m', '\x1b[m'],
  ['\x1b(0', '\x1b(B'],
  ['\x1b[?25l', '\x1b[?25h'],
] as const

const SET = MODES.map(([set]) => set).join('')

const printf = (text: string): string => `printf '${text.replaceAll('\x1b', '\\033')}'`

/** A program that sets everything, and then does as it is told. */
const DRESSED = `${printf(SET)}; stty raw -echo; echo ready; while x=$(head -c1); do case $x in
q) exit 3;; k) kill -9 $$;; p) printf pong;; d) disconnect;; s) stty sane;; esac; done`

/** The modes of a terminal that nobody has changed, as stty -a tells them. */
async function untouched(world: World): Promise<string> {
  const idle = terminal(world, ['true'])
  await idle.end()
  return idle.stty('-a')
}

/** Fails unless all that was set on a screen is undone, each thing once, by its inverse. */
function undone(t: Test, text: string, what: string): void {
  for (const [set, undo] of MODES) {
    const name = `${what}: ${JSON.stringify(set)}`
    t.equal(text.split(set).length - 1, 1, `${name} is set once`)
    t.ok(text.lastIndexOf(undo) > text.lastIndexOf(set), `${name} is undone`)
  }
}

t.test('however a session leaves a terminal, it is as it was (P40)', async t => {
  const world = place(t)
  const before = await untouched(world)
  const table: [what: string, status: number, how: (its: Terminal, name: string) => unknown][] = [
    ['exit', 3, its => its.type('q')],
    ['kill', 137, its => its.type('k')],
    ['disconnect', 0, its => its.type('d')],
    ['disconnect -s', 0, (_, name) => run(world, ['disconnect', '-s', name])],
    ['sesskill', 129, (_, name) => kill(world, name)],
    ['HUP', 129, its => its.signal('SIGHUP')],
    ['TERM', 143, its => its.signal('SIGTERM')],
    ['taken over', 111, (_, name) => run(world, ['sess', 'reconnect', '-f', name], { input: 'q' })],
  ]
  for (const [what, status, how] of table) {
    const its = terminal(world, ['sess', ...sh(DRESSED)])
    await its.see('ready')
    const { name } = await only(world)
    await how(its, name)
    t.equal(await its.end(), status, what)
    undone(t, its.text, what)
    t.equal(its.stty('-a'), before, what)
    its.hangup()
    await kill(world, name)
  }
})

t.test('what a program has set is set again wherever its session comes back to', async t => {
  const world = place(t)
  const name = await session(world, ...sh(DRESSED))
  const modes = await untouched(world)
  for (const rows of [24, 24]) {
    const its = terminal(world, ['sess', 'reconnect', name], { rows })
    await its.see('successfully connected')
    await its.type('p')
    await its.see('pong')
    for (const [set] of MODES) t.match(its.text, set)
    await its.type('d')
    t.equal(await its.end(), 0)
    for (const [set, undo] of MODES) t.ok(its.text.lastIndexOf(undo) > its.text.lastIndexOf(set))
    t.equal(its.stty('-a'), modes)
  }
  const last = terminal(world, ['sess', 'reconnect', name])
  await last.see('successfully connected')
  await last.type('q')
  t.equal(await last.end(), 3)
  for (const [set, undo] of MODES) t.ok(last.text.lastIndexOf(undo) > last.text.lastIndexOf(set))
})

t.test('on the way to another session the one’s modes are undone, and the other’s set', async t => {
  const world = place(t)
  const plain = await session(world, ...sh(`stty raw -echo; ${printf('\x1b[?1002h')}; exec cat`))
  const its = terminal(world, ['sess', ...sh(DRESSED)])
  await its.see('ready')
  const { name } = await only(world)
  await run(world, ['reconnect', '-s', name, plain])
  await its.type('d')
  await its.see(`successfully connected to ${plain}`)
  await its.type('typed')
  await its.see('typed')
  undone(t, its.text, 'on the way')
  const arrived = its.text.slice(its.text.indexOf('pty: info: reconnecting'))
  t.notMatch(arrived, '\x1b[?1049h')
  t.match(arrived, '\x1b[?1002h')
  await run(world, ['reconnect', '-s', plain, name])
  const leaving = its.text.length
  await run(world, ['disconnect', '-s', plain])
  await its.see(`successfully connected to ${name}`)
  await its.type('p')
  await its.see('pong')
  const back = its.text.slice(leaving)
  t.ok(back.indexOf('\x1b[?1002l') < back.indexOf('\x1b[?1049h'))
  for (const [set] of MODES) t.match(back, set)
  await its.type('q')
  t.equal(await its.end(), 3)
  for (const [set, undo] of MODES) t.ok(its.text.lastIndexOf(undo) > its.text.lastIndexOf(set))
  await kill(world, plain)
})

t.test('a tidy program is left alone', async t => {
  const world = place(t)
  const tidy = SET + MODES.map(([, undo]) => undo).join('')
  const its = terminal(world, ['sess', 'printf', '%s', tidy])
  t.equal(await its.end(), 0)
  t.equal(its.text, tidy)
})

t.test('into a pipe or a file goes what the program wrote, and nothing else', async t => {
  const world = place(t)
  const piped = await run(world, ['sess', 'printf', '%s', SET])
  t.match(piped, { status: 0, stderr: '' })
  t.equal(piped.stdout.toString(), SET)
  const its = terminal(
    world,
    sh(`sess printf %s '${SET}' >file; sess printf %s '${SET}' | cat >pipe`),
  )
  t.equal(await its.end(), 0)
  t.equal(its.text, '')
  for (const name of ['file', 'pipe'])
    t.equal(readFileSync(join(world.home, name), 'latin1'), SET, name)

  const wait = 'read x; until test -e go; do sleep 0.02; done'
  const name = await session(world, ...sh(`${printf(SET)}; ${wait}; echo end`))
  const first = await run(world, ['sess', '-q', 'reconnect', name], { input: '\n' })
  t.match(first, { status: 0, stderr: '' })
  writeFileSync(join(world.home, 'go'), '')
  await becomes(world, name, { state: 'ended' })
  const again = await run(world, ['sess', '-q', 'reconnect', name])
  t.equal(first.stdout.toString() + again.stdout.toString(), `${SET}\r\nend\r\n`)
  t.equal(await look(world, name), undefined)
})

t.test('what was asked of a terminal while there was none is not asked later', async t => {
  const world = place(t)
  const asked = 'a\x1b[cb\x1b[6nc\x1bP$qm\x1b\\\\d\x1b]11;?\x07e'
  const names = [1, 2].map(() => session(world, ...sh(`${printf(asked)}; exec sleep 100`)))
  const [one, other] = await Promise.all(names)
  const its = terminal(world, ['sess', 'reconnect', one ?? ''])
  await its.see(/successfully connected to [a-z0-9]+\r\nabcde/)
  its.hangup()
  await kill(world, one ?? '')
  const piped = run(world, ['sess', '-qR', 'reconnect', other ?? ''])
  await becomes(world, other ?? '', { state: 'connected' })
  await run(world, ['disconnect', '-s', other ?? ''])
  t.equal((await piped).stdout.toString(), asked.replace('\\\\', '\\'))
  await kill(world, other ?? '')
})

t.test('the window’s size is that of the terminal it is connected to (P33)', async t => {
  const world = place(t)
  const script = 'trap "stty size" WINCH; stty size; while :; do read x; done'
  const name = await session(world, ...sh(script))
  for (const [rows, columns] of [
    [33, 99],
    [24, 80],
    [50, 132],
  ] as const) {
    const its = terminal(world, ['sess', 'reconnect', name], { rows, columns })
    await its.see('successfully connected')
    await its.see(`${rows} ${columns}\r\n`)
    its.resize(rows + 1, columns + 1)
    await its.see(`${rows + 1} ${columns + 1}\r\n`)
    await run(world, ['disconnect', '-s', name])
    t.equal(await its.end(), 0)
  }
  await kill(world, name)
})

t.test('20 times dropped and connected again, a session has lost nothing (P10)', async t => {
  const world = place(t)
  const count = 'n=0; while n=$((n+1)); do echo "line $n"; sleep .01; done'
  const name = await session(world, '-d', 'block', ...sh(count))
  const modes = await untouched(world)
  let seen = ''
  for (let n = 0; n < 20; n++) {
    const its = terminal(world, ['sess', '-q', 'reconnect', name])
    await its.see(/line \d+\r\n.*line \d+\r\n/s)
    if (n % 2) its.signal('SIGTERM')
    else await run(world, ['disconnect', '-s', name])
    await its.end()
    t.equal(its.stty('-a'), modes)
    seen += its.text.replace(/^reconnect: .*\r\n/, '')
    its.hangup()
    await becomes(world, name, { state: 'disconnected' })
  }
  const lines = seen.split('\r\n').slice(0, -1)
  t.strictSame(
    lines,
    Array.from(lines, (_, n) => `line ${n + 1}`),
  )
  t.ok(lines.length > 40)
  await kill(world, name)
})
