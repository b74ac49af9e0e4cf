// What a session's output goes into: anything, byte for byte, and what happens when it takes no more.

import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { place, run, type World } from './driver.js'
import { kill, sessions, sh } from './sessions.js'

const MIB = 1 << 20

function file(world: World, name: string, bytes: Buffer): string {
  const path = join(world.dir, name)
  writeFileSync(path, bytes)
  return path
}

t.test('output goes into anything as it is, and nothing of ours with it', async t => {
  const world = place(t)
  const bytes = randomBytes(3 * MIB)
  const given = file(world, 'given', bytes)
  mkdirSync(join(world.home, 'out'))
  const sess = `sess sh -c 'stty -opost; cat ${given}; exit 7'`
  for (const [how, script] of [
    ['file', `${sess} >out/file`],
    ['appended', `printf old >out/appended; ${sess} >>out/appended`],
    ['after', `(printf old; ${sess}; s=$?; printf new; exit $s) >out/after`],
    ['fifo', `mkfifo f; cat f >out/fifo & ${sess} >f; s=$?; wait; exit $s`],
    ['null', `${sess} >/dev/null`],
    ['everything', `${sess} >out/everything 2>&1`],
  ] as const) {
    const { status, stdout, stderr } = await run(world, sh(script))
    t.strictSame([status, stdout.toString(), stderr], [7, '', ''], how)
  }
  const out = (name: string): Buffer => readFileSync(join(world.home, 'out', name))
  for (const name of ['file', 'fifo', 'everything']) t.ok(out(name).equals(bytes), name)
  t.ok(out('appended').equals(Buffer.concat([Buffer.from('old'), bytes])))
  t.ok(out('after').equals(Buffer.concat([Buffer.from('old'), bytes, Buffer.from('new')])))
  const socket = await run(world, sh(sess), { sockets: true })
  t.equal(socket.status, 7)
  t.ok(socket.stdout.equals(bytes), 'socket')
})

t.test('a reader that goes is a disconnect; the program goes on', async t => {
  const world = place(t)
  const program = 'i=0; while :; do i=$((i+1)); echo line $i; done'
  const script = `sess sh -c '${program}' | head -n 3; exit 0`
  const { status, stdout, stderr } = await run(world, ['bash', '-c', `set -o pipefail; ${script}`])
  t.strictSame([status, stdout.toString()], [0, 'line 1\r\nline 2\r\nline 3\r\n'])
  t.equal(stderr, '')
  const [one] = await sessions(world)
  t.match(one, { state: 'disconnected' })
  await kill(world, one?.name ?? '')
})

t.test('a reader that goes while output waits for it is one, too', async t => {
  const world = place(t)
  const program = `head -c 100000 /dev/zero; : >full; exec sleep 1000`
  const reader = 'until test -e full; do sleep 0.01; done'
  const { status, stderr } = await run(world, sh(`sess sh -c '${program}' | { ${reader}; }`))
  t.strictSame([status, stderr], [0, ''])
  const [one] = await sessions(world)
  t.match(one, { state: 'disconnected' })
  await kill(world, one?.name ?? '')
})

t.test('an output that takes no more is said, and the session lives', async t => {
  const world = place(t)
  const { status, stderr } = await run(world, sh('sess yes >/dev/full'))
  t.equal(status, 111)
  t.equal(stderr, 'pty: fatal: cannot write the output: no space left on device\n')
  const [one] = await sessions(world)
  t.match(one, { state: 'disconnected' })
  await kill(world, one?.name ?? '')
  const listing = await run(world, sh('sess -n sleep 100 >name; sesslist >/dev/full'))
  t.equal(listing.status, 111)
  t.match(listing.stderr, /^sesslist: fatal: cannot write: no space left on device\n$/)
  await kill(world, readFileSync(join(world.home, 'name'), 'utf8').trim())
})
