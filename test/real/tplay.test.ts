// tplay shows a recording as it was made, lets the user pause and leave, and gives the terminal back.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { head, lines } from '../../lib/cast.js'
import { place, run, shell, terminal, until, type World } from './driver.js'
import { sh } from './sessions.js'

/** Writes a recording of these pieces of output, each so many seconds after the one before it. */
function cast(world: World, ...pieces: [wait: number, text: string][]): void {
  const moments = pieces.map(([wait, text]) =>
    lines({ wait, event: { type: 'output', bytes: Buffer.from(text) } }),
  )
  writeFileSync(join(world.home, 'cast'), head({ columns: 80, rows: 24 }) + moments.join(''))
}

const OFF = /\x1b\[\?1049l/

t.test('what sits without a terminal gets the bytes in their time', async t => {
  const world = place(t)
  cast(world, [0, 'a'], [1, '\x1b[c\x1b[?1049h'], [0.5, 'b'])
  const begin = performance.now()
  const { status, stdout, stderr } = await run(world, ['tplay', 'cast'])
  const took = performance.now() - begin
  t.strictSame([status, stdout.toString(), stderr], [0, 'a\x1b[c\x1b[?1049hb', ''])
  t.ok(took > 1500, `${took} ms`)
  for (const options of [['-s', '1000'], ['-i', '0'], ['-i0.001'], ['-s1', '-i', '0']]) {
    const begin = performance.now()
    const its = await run(world, ['tplay', ...options, 'cast'])
    t.equal(its.stdout.toString(), 'a\x1b[c\x1b[?1049hb', options.join(' '))
    t.ok(performance.now() - begin < took, options.join(' '))
  }
})

t.test('the idle limit of the recording counts, if none is given', async t => {
  const world = place(t)
  const header = '{"version": 2, "width": 80, "height": 24, "idle_time_limit": 0.01}'
  const rest = '[1000, "o", "a"]\n[2000, "i", "typed"]\n[3000, "o", "b"]'
  writeFileSync(join(world.home, 'old'), `${header}\n${rest}\n`)
  const its = await run(world, sh('tplay old; tplay <old; cat old | tplay'), { timeout: 10_000 })
  t.strictSame([its.status, its.stdout.toString(), its.stderr], [0, 'ababab', ''])
})

t.test('space pauses and goes on; the keys are not shown', async t => {
  const world = place(t)
  cast(world, [0, 'one '], [0.3, 'two '], [0.3, 'three\n'])
  const its = await shell(world)
  const before = its.modes()
  await its.command('tplay cast; echo "status $?"')
  await its.see('one ')
  t.match(its.stty('-a'), /-icanon.* -echo /s)
  await its.type(' ')
  // More than the whole recording takes.
  const other = await run(world, ['tplay', 'cast'])
  t.equal(other.stdout.toString(), 'one two three\n')
  t.notMatch(its.text, 'three')
  await its.type('x ')
  await its.see('three\n')
  await its.see('status 0')
  await its.prompt()
  t.equal(its.modes(), before)
  t.match(its.text, /one two three\n/)
})

const ENDS: [how: string, keys: string, status: number][] = [
  ['q', 'q', 0],
  ['^C', '\x03', 130],
  ['^\\', '\x1c', 131],
  ['TERM', 'SIGTERM', 143],
  ['HUP', 'SIGHUP', 129],
]

t.test('however it ends the terminal is as it was', async t => {
  const world = place(t)
  cast(world, [0, '\x1b[?1049h\x1b[?1000h\x1b[?25lsee\x1b]0;half a title'], [1000, 'never'])
  const its = await shell(world)
  const before = its.modes()
  for (const [how, keys, status] of ENDS) {
    await its.command("sh -c 'echo $$ >pid; exec tplay cast'")
    await its.see('see')
    if (keys.startsWith('SIG')) {
      const pid = Number(readFileSync(join(world.home, 'pid'), 'utf8'))
      process.kill(pid, keys)
    } else await its.type(keys)
    const undone = await its.see(/^([^]*)\$ $/)
    t.equal(await its.answer('echo $?'), String(status), how)
    t.match(undone, /\x1b\[\?1000l/, how)
    t.match(undone, OFF, how)
    t.match(undone, /\x1b\[\?25h/, how)
    t.equal(its.modes(), before, how)
  }
})

t.test('also when it is killed', async t => {
  const world = place(t)
  const its = await shell(world)
  const before = its.modes()
  for (const piece of ['\x1b[?1049h\x1b[?1000hsee %s\\', 'see']) {
    cast(world, [0, piece], [1000, 'never'])
    await its.command("sh -c 'echo $$ >pid; exec tplay cast'")
    await its.see('see')
    t.not(its.modes(), before)
    const { length } = its.text
    process.kill(Number(readFileSync(join(world.home, 'pid'), 'utf8')), 'SIGKILL')
    await until(() => its.text.slice(length).includes('$ '), 'the shell has noticed')
    if (piece !== 'see') {
      await its.see('\x1b[?1000l')
      await its.see('\x1b[?1049l')
    }
    await until(() => its.modes() === before, 'the terminal is restored')
    t.equal(await its.answer('echo $?'), '137')
  }
})

t.test('at its end, too, and where the recording is broken or cut off', async t => {
  const world = place(t)
  cast(world, [0, '\x1b[?1049h\x1b[?1hsee'])
  const whole = readFileSync(join(world.home, 'cast'), 'utf8')
  const table: [rest: string, status: number, said: string][] = [
    ['', 0, ''],
    ['[1e9, "o", 5]\n', 1, 'tplay: fatal: cast: line 3 is no event\r\n'],
    ['\x1b[31m\n', 1, 'tplay: fatal: cast: line 3 is no event\r\n'],
    ['[0, "o", "', 0, 'tplay: warning: cast is cut off at its end\r\n'],
  ]
  const its = await shell(world)
  const before = its.modes()
  for (const [rest, status, said] of table) {
    writeFileSync(join(world.home, 'cast'), whole + rest)
    await its.command('tplay cast; echo "status $?"')
    const shown = await its.see(/^([^]*)\$ $/)
    t.ok(shown.endsWith(`${said}status ${status}\r\n`), JSON.stringify(shown))
    t.match(shown, OFF)
    t.match(shown, /^\x1b\[\?1049h\x1b\[\?1hsee/)
    t.equal(its.modes(), before)
  }
})

t.test('a terminal is not asked what the recorded one was asked (SECURITY 16)', async t => {
  const world = place(t)
  cast(world, [0, 'a\x1b[c\x1b[6'], [0.1, 'n\x1b]11;?\x07b\x1b['], [0.1, '1mc\x1b[0m\r\n'])
  const its = terminal(world, ['tplay', 'cast'])
  t.equal(await its.end(), 0)
  t.equal(its.text, 'ab\x1b[1mc\x1b[0m\r\n')
})

t.test('^Z gives the terminal back, and fg goes on', async t => {
  const world = place(t)
  cast(world, [0, '\x1b[?1049hone'], [0.5, ' two'], [1000, ''])
  const its = await shell(world, {
    argv: ['/bin/bash', '--norc', '--noprofile', '--noediting', '-i'],
  })
  const before = its.modes()
  await its.command('tplay cast')
  await its.see('one')
  await its.type('\x1a')
  const left = await its.see(/^([^]*)\$ $/)
  t.match(left, OFF)
  t.equal(its.modes(), before)
  await its.command('fg')
  await its.see('\x1b[?1049h')
  await its.see(' two')
  await its.type('q')
  await its.see(OFF)
  await its.prompt()
  t.equal(its.modes(), before)
})

t.test('a terminal that takes nothing, or goes away, holds nobody', async t => {
  const world = place(t)
  cast(world, ...Array.from({ length: 100 }, (): [number, string] => [0, 'x'.repeat(10_000)]))
  const its = await shell(world)
  const before = its.modes()
  await its.command('tplay cast; echo "status $?"')
  await its.see('xxx')
  its.stopReading()
  await its.type('q')
  await until(() => its.modes() === before, 'the terminal is restored', 5000)
  its.startReading()
  await its.see('status 0')

  cast(world, [0, 'see'], [1000, ''])
  const other = terminal(world, ['tplay', 'cast'])
  await other.see('see')
  other.hangup()
  t.equal(await other.ended, 129)
  const gone = await run(world, ['bash', '-c', 'tplay -i0 big | true; echo ${PIPESTATUS[0]}'])
  t.match(gone.stderr, 'cannot open big')
  cast(world, ...Array.from({ length: 100 }, (): [number, string] => [0, 'x'.repeat(10_000)]))
  const early = await run(world, ['bash', '-c', 'tplay cast | head -c 1; echo ${PIPESTATUS[0]}'])
  t.strictSame([early.stdout.toString(), early.stderr], ['x0\n', ''])
})

t.test('a small terminal is warned of', async t => {
  const world = place(t)
  cast(world, [0, 'see'])
  const its = terminal(world, ['tplay', 'cast'], { rows: 24, columns: 79 })
  t.equal(await its.end(), 0)
  t.equal(its.text, 'tplay: warning: recorded on 80x24, and this terminal is 79x24\r\nsee')
})

t.test('what comes is recorded and played at once (pty 4.0)', async t => {
  const world = place(t)
  const its = terminal(
    world,
    sh('mkfifo go; (echo one; read x <go; echo two) | trecord | tee cast | tplay'),
  )
  await its.see('one\n')
  await run(world, sh('echo >go'))
  await its.see('two\n')
  t.equal(await its.end(), 0)
})
