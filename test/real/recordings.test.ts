// Recordings of all kinds, whole, broken and other people's: what tplay makes of them, and what others make of ours.

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { place, run, terminal } from './driver.js'
import { attempt } from './leftovers.js'
import { sh } from './sessions.js'

t.test('ttyrec is played, too', async t => {
  const world = place(t)
  const frame = (at: number, text: string): Buffer => {
    const head = Buffer.alloc(12)
    head.writeUInt32LE(1_700_000_000 + at, 0)
    head.writeUInt32LE(text.length, 8)
    return Buffer.concat([head, Buffer.from(text, 'latin1')])
  }
  writeFileSync(
    join(world.home, 'rec'),
    Buffer.concat([frame(0, 'a'), frame(1, '\xff'), frame(2, 'b')]),
  )
  const its = await run(world, ['tplay', '-s10', 'rec'])
  t.strictSame([its.status, its.stdout.toString('latin1')], [0, 'a\xffb'])
})

t.test('what is no recording is said in one line', async t => {
  const world = place(t)
  const table: [content: string | Buffer, why: string][] = [
    ['', 'there is no recording in it'],
    ['hello\n', 'it is no recording'],
    ['['.repeat(1e6), 'it is no recording'],
    ['x'.repeat(5e6), 'line 1 is too long'],
    [Buffer.alloc(100, 0xff), 'it is no recording'],
    [Buffer.concat([Buffer.alloc(8), Buffer.alloc(8, 0xff)]), 'frame 1 is too long'],
    ['{"version":1,"stdout":[]}', 'it is an asciicast of no known version'],
  ]
  for (const [content, why] of table) {
    writeFileSync(join(world.home, 'bad'), content)
    const its = await run(world, ['tplay', 'bad'])
    t.strictSame([its.status, its.stdout.length, its.stderr], [1, 0, `tplay: fatal: bad: ${why}\n`])
  }
  const others: [argv: string[], status: number, said: RegExp][] = [
    [['none\x1b'], 111, /^tplay: fatal: cannot open none\^\[: no such file or directory\n$/],
    [['/'], 111, /^tplay: fatal: cannot open \/: is a directory\n$/],
    [['/dev/null'], 1, /^tplay: fatal: \/dev\/null: there is no recording in it\n$/],
    [[], 1, /^tplay: fatal: standard input: there is no recording in it\n$/],
    [['-s0', 'x'], 1, /^tplay: fatal: speed must be a number from 0.001 to 1000000, not '0'\n$/],
    [['-i', 'x', 'x'], 1, /^tplay: fatal: seconds must be a number from 0 to 1000000, not 'x'\n$/],
  ]
  for (const [argv, status, said] of others) {
    const its = await run(world, ['tplay', ...argv])
    t.equal(its.status, status)
    t.match(its.stderr, said)
  }
  const typed = terminal(world, ['tplay'])
  t.equal(await typed.end(), 1)
  t.match(typed.text, /^tplay: usage: /)
})

/** The version of asciinema here, its first number only. */
const asciinema = Number(
  attempt(() => /\d+/.exec(execFileSync('asciinema', ['--version']).toString())?.[0]) ?? 0,
)

/** Version 2 of a recording, by python: what asciinema before 3 reads. */
const OLDER = `import json, sys
head, *rest = sys.stdin.read().splitlines()
term = json.loads(head)['term']
print(json.dumps({'version': 2, 'width': term['cols'], 'height': term['rows']}))
at = 0
for time, code, data in (json.loads(line) for line in rest if not line.startswith('#')):
    at += time
    print(json.dumps([at, code, data]))`

t.test(
  'asciinema shows what trecord has recorded, and tplay what asciinema has',
  { skip: asciinema ? false : 'there is no asciinema' },
  async t => {
    const world = place(t)
    const env = { ASCIINEMA_CONFIG_HOME: world.home, ASCIINEMA_INSTALL_ID: 'x' }
    const script = `(printf 'caf\\303'; sleep 0.1; printf '\\251\\n\\033[1mb\\033[m\\377\\n') | trecord cast >out`
    await run(world, sh(`${script}; echo on | trecord -a cast >out`))
    await run(world, sh(`sess sh -c 'sessrecord -a cast; exec echo last'`))
    writeFileSync(join(world.home, 'older.py'), OLDER)
    const convert = asciinema < 3 ? 'python3 older.py <cast >two' : 'cp cast two'
    const its = terminal(
      world,
      sh(`${convert}; asciinema cat two >seen; asciinema play -i 0.1 two >>seen`),
      { env },
    )
    t.equal(await its.end(), 0, its.text)
    const shown = 'café\n\x1b[1mb\x1b[m\ufffd\non\nlast\r\n'
    t.equal(readFileSync(join(world.home, 'seen'), 'utf8'), shown + shown)

    const user = terminal(
      world,
      ['asciinema', 'rec', '-q', '-c', "printf 'one\\ntwo é\\n'", 'theirs'],
      { env },
    )
    t.equal(await user.end(), 0)
    const theirs = await run(world, ['tplay', '-i0', 'theirs'])
    t.strictSame([theirs.status, theirs.stdout.toString()], [0, 'one\r\ntwo é\r\n'])
  },
)
