// tscript records a shell on its terminal, from start to end.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { check, others, output, recorded, recorderOn } from './casts.js'
import { place, run, shell, until } from './driver.js'
import { becomes, kill, only, sessions, sh } from './sessions.js'

const SHELL = '/bin/sh'

t.test('a shell is recorded with its sizes and its status, and what is typed is not', async t => {
  const world = place(t)
  const its = await shell(world, { rows: 30, columns: 100, env: { SHELL } })
  const before = its.modes()
  await its.command('tscript; echo "was $?"')
  await its.see('tscript: info: script started, output file is typescript.cast\r\n')
  await its.prompt()
  t.equal(await its.answer('stty size'), '30 100')
  its.resize(40, 120)
  await until(async () => (await its.answer('stty size')) === '40 120', 'it has the size')
  await its.command('stty -echo; echo ask; read x; stty echo; echo seen')
  await its.see('ask\r\n')
  await its.type('secret\r')
  await its.see('seen\r\n')
  await its.prompt()
  await its.command('exit 7')
  await its.see('tscript: info: script done, output file is typescript.cast\r\n')
  await its.see('was 7\r\n')
  await its.prompt()
  t.equal(its.modes(), before)
  check(world, 'typescript.cast')
  const moments = recorded(world, 'typescript.cast')
  t.match(output(moments).toString(), /^\$ stty size\r\n30 100\r\n[^]*40 120\r\n[^]*exit 7\r\n$/)
  t.notMatch(output(moments).toString(), /secret|tscript/)
  t.strictSame(others(moments), ['120x40', 'exit 7'])
  t.equal(statSync(join(world.home, 'typescript.cast')).mode & 0o777, 0o600)

  t.match(await its.answer('tscript; echo "was $?"'), /: there is a file of that name\nwas 111$/)
  await its.command('tscript -a typescript.cast')
  await its.prompt()
  await its.command('exit')
  await its.see('script done')
  await its.prompt()
  check(world, 'typescript.cast')
  t.strictSame(others(recorded(world, 'typescript.cast')), ['120x40', 'exit 7', '120x40', 'exit 0'])
})

t.test('killed, it leaves a whole recording, and the terminal as it was', async t => {
  const world = place(t)
  const its = await shell(world, { env: { SHELL } })
  const before = its.modes()
  await its.command('tscript cast')
  await its.prompt()
  await its.command('seq 1 3000; echo "the last"')
  await its.see('3000\r\nthe last\r\n')
  const { name } = await only(world)
  process.kill(recorderOn(its, 'tscript cast'), 'SIGKILL')
  await becomes(world, name, { state: 'disconnected' })
  await until(() => its.modes() === before, 'the terminal is as it was')
  check(world)
  t.match(output(recorded(world)).toString(), /\r\n2999\r\n3000\r\nthe last\r\n(\$ )?$/)
  await kill(world, name)
})

t.test('a full disk is said once; the shell and its output are as without it', async t => {
  const world = place(t)
  const its = await shell(world, { env: { SHELL } })
  await its.command('tscript /dev/full; echo "was $?"')
  await its.see('tscript: warning: cannot record to /dev/full: no space left on device; will go on')
  await its.see('$ ')
  t.equal(await its.answer('seq 1 3000 | tail -n 1'), '3000')
  await its.command('exit 3')
  await its.see('was 3\r\n')
  t.equal(its.text.split('no space').length, 2)
})

t.test('without a terminal it records, too; without a shell to run it says so', async t => {
  const world = place(t)
  const input = 'seq 100000; exit 5\n'
  const its = await run(world, sh('tscript cast >out'), { input, stdin: 'silent' })
  t.equal(its.status, 5)
  t.match(its.stderr, /^tscript: info: script started.*\n[^]*tscript: info: script done.*\n$/)
  check(world)
  const shown = readFileSync(join(world.home, 'out'))
  t.ok(output(recorded(world)).equals(shown))
  t.ok(shown.includes('\r\n99999\r\n100000\r\n'))
  const none = await run(world, sh('SHELL=/no/such tscript none </dev/null'))
  t.equal(none.status, 127)
  t.match(none.stderr, /cannot.*no\/such|\/no\/such.*not found/)
  t.ok(existsSync(join(world.home, 'none')))
  for (const [argv, status] of [
    [['a', 'b'], 100],
    [['-x'], 100],
    [['no/such'], 111],
  ] as const)
    t.equal((await run(world, ['tscript', ...argv])).status, status)
  t.strictSame(await sessions(world), [])
})
