// trecord -a goes on with a recording, and with nothing else.

import {
  appendFileSync,
  existsSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { check, others, output, recorded } from './casts.js'
import { place, run } from './driver.js'
import { sh } from './sessions.js'

const env = { COLUMNS: '100', LINES: '30' }

t.test('a recording goes on, also one that broke off', async t => {
  const world = place(t)
  const file = join(world.home, 'cast')
  const on = async (text: string): Promise<void> => {
    const its = await run(world, ['trecord', '-a', 'cast'], { input: text, env })
    t.match(its, { status: 0, stderr: '' })
    t.equal(its.stdout.toString(), text)
    check(world)
  }
  await on('one\n')
  t.equal(statSync(file).mode & 0o777, 0o600)
  const first = readFileSync(file, 'utf8')
  await on('two\n')
  t.ok(readFileSync(file, 'utf8').startsWith(first), 'what was there stays')
  t.equal(output(recorded(world)).toString(), 'one\ntwo\n')
  t.strictSame(others(recorded(world)), ['100x30'])
  appendFileSync(file, '[0.100000, "o", "half')
  await on('three\n')
  truncateSync(file, statSync(file).size - 1)
  await on('four\n')
  t.equal(output(recorded(world)).toString(), 'one\ntwo\nthree\nfour\n')
  const bytes = Buffer.from('caf\xe9', 'latin1')
  await run(world, ['trecord', '-a', 'cast'], { input: bytes })
  const whole = readFileSync(file)
  truncateSync(file, whole.lastIndexOf('\n[') + 10)
  await on('five\n')
  t.equal(output(recorded(world)).toString(), 'one\ntwo\nthree\nfour\ncaffive\n')
  // Its last line is longer than what is looked at first.
  await on('x'.repeat(60_000))
  await on('y'.repeat(200_000))
  appendFileSync(file, `[0.100000, "o", "${'z'.repeat(100_000)}`)
  await on('six\n')
  t.ok(/\ncaffive\nx{60000}y{200000}six\n$/.test(output(recorded(world)).toString()))
})

t.test('what is no such recording is left as it is', async t => {
  const world = place(t)
  const at = (name: string): string => join(world.home, name)
  const only = 'only (one|an asciicast) of version 3 is gone on with'
  const table: [name: string, content: string | undefined, why: string][] = [
    ['notes', 'hello\n', 'it is no recording'],
    [
      'two',
      '{"version": 2, "width": 80, "height": 24}\n',
      `it is an asciicast of version 2: ${only}`,
    ],
    ['tty', '\x01\0\0\0\x01\0\0\0\x02\0\0\0ab', `it is a ttyrec: ${only}`],
    ['link', undefined, 'it is a symbolic link'],
    ['dangling', undefined, 'it is a symbolic link'],
    ['fifo', undefined, 'it is no file that can be recorded to'],
    ['.', undefined, 'illegal operation on a directory'],
    ['no/such', undefined, 'no such file or directory'],
  ]
  symlinkSync(at('notes'), at('link'))
  symlinkSync(at('none'), at('dangling'))
  await run(world, ['mkfifo', 'fifo'])
  for (const [name, content, why] of table) {
    if (content !== undefined) writeFileSync(at(name), content)
    const its = await run(world, sh(`echo a | trecord -a ${name}`))
    t.strictSame([its.status, its.stdout.toString()], [111, ''], name)
    t.match(its.stderr, new RegExp(`^trecord: fatal: cannot record to ${name}: .*${why}\n$`), name)
    if (content !== undefined) t.equal(readFileSync(at(name), 'latin1'), content)
  }
  t.notOk(existsSync(at('none')))
  t.match(await run(world, ['trecord', '-a']), { status: 1, stderr: /^trecord: usage: / })
  t.match(await run(world, sh('echo a | trecord -a /dev/null')), { status: 0, stderr: '' })
})
