// Job control through a session: what stops inside it stops outside, and what is continued outside goes on
// inside.

import t from 'tap'
import { place, processes, run, shell, stateOf, terminal, until, type Shell } from './driver.js'
import { only, sh } from './sessions.js'

/** bash without a line editor: its terminal has the same modes at the prompt as in a job. */
const PLAIN = ['/bin/bash', '--norc', '--noprofile', '--noediting', '-i']

async function exit(user: Shell, status = 0): Promise<void> {
  await user.type(`exit ${status}\r`)
  await user.end()
}

t.test('sess stops as its program does, and the user has his terminal back (P38)', async t => {
  const world = place(t)
  const user = await shell(world, { argv: PLAIN })
  const before = user.modes()
  for (const [signal, status] of [
    ['STOP', 147],
    ['TSTP', 148],
    ['TTIN', 149],
    ['TTOU', 150],
  ] as const) {
    await user.command(`sess sh -c 'printf "\\033[?25l"; kill -${signal} $$; echo on; exit 3'`)
    await user.see('\x1b[?25h')
    await user.see('Stopped')
    await user.prompt()
    t.equal(user.modes(), before, signal)
    t.equal(await user.answer('echo $?'), String(status))
    const { stopped } = await only(world)
    t.equal(stopped, status - 128)
    await user.command('fg')
    await user.see('\x1b[?25l')
    await user.see('on\r\n')
    await user.prompt()
    t.equal(await user.answer('echo $?'), '3')
    t.equal(user.modes(), before)
  }
  await exit(user)
})

t.test('^Z stops the program and sess; fg brings both back, again and again', async t => {
  const world = place(t)
  const user = await shell(world, { argv: PLAIN })
  const before = user.modes()
  await user.command('sess cat')
  const { slave } = await only(world)
  for (let n = 0; n < 3; n++) {
    await user.type(`line ${n}\r`)
    await user.see(`line ${n}\r\nline ${n}\r\n`)
    await user.type('\x1a')
    await user.see('Stopped')
    await user.prompt()
    t.equal(user.modes(), before)
    t.equal(stateOf(slave ?? 0), 'T')
    await user.command('fg')
    await user.see('sess cat\r\n')
    await until(() => stateOf(slave ?? 0) === 'S', 'cat goes on')
    t.not(user.modes(), before)
  }
  await user.type('\x04')
  await user.prompt()
  t.equal(await user.answer('echo $?'), '0')
  await exit(user)
})

t.test(
  'in the background sess ends in Stopped (tty output), until it is brought to the front',
  async t => {
    const world = place(t)
    const user = await shell(world, { argv: PLAIN })
    const before = user.modes()
    const stopped = async (): Promise<void> => {
      const jobs = (): Promise<string> => user.answer('jobs -l')
      await until(async () => (await jobs()).includes('Stopped (tty output)'), 'it stops')
    }
    await user.command('sess cat')
    await only(world)
    await user.type('\x1a')
    await user.see('Stopped')
    await user.prompt()
    await user.command('bg')
    await user.prompt()
    await stopped()
    t.equal(user.modes(), before)
    await user.command('kill -CONT %1')
    await user.prompt()
    await stopped()
    await user.command('fg')
    await user.type('front\r')
    await user.see('front\r\nfront\r\n')
    await user.type('\x03')
    await user.prompt()
    t.equal(await user.answer('echo $?'), '130')

    await user.command("sess sh -c 'read x; echo got $x; exit 5' &")
    await user.prompt()
    await stopped()
    t.equal(user.modes(), before)
    await user.command('fg')
    await only(world)
    await user.type('it\r')
    await user.see('got it')
    await user.prompt()
    t.equal(await user.answer('echo $?'), '5')
    t.equal(user.modes(), before)
    await exit(user)
  },
)

t.test('a pipeline stops and goes on as one', async t => {
  const world = place(t)
  const user = await shell(world, { argv: PLAIN })
  const before = user.modes()
  await user.command('sess cat | tee copy')
  const { slave } = await only(world)
  await until(() => user.modes() !== before, 'what is typed is for the session')
  await user.type('\x1a')
  await user.see('Stopped')
  await user.prompt()
  await user.command('fg')
  await until(() => stateOf(slave ?? 0) === 'S', 'cat goes on')
  await user.type('once\r')
  await user.see('once\r\nonce\r\n')
  await user.type('\x04')
  await user.prompt()
  t.equal(await user.answer('cat -A copy'), '^Zonce^M$\nonce^M$')
  await exit(user)
})

t.test('jobs inside are the business of the shell inside', async t => {
  const world = place(t)
  for (const argv of [PLAIN, ['/bin/sh', '-i']]) {
    const user = await shell(world, { argv: ['sess', ...argv] })
    await user.command('sleep 100')
    const sleep = await until(
      () => processes(world).find(one => one.command === 'sleep 100')?.pid,
      'sleep runs',
    )
    await user.type('\x1a')
    await user.see('Stopped')
    await user.prompt()
    t.equal(stateOf(sleep), 'T')
    t.match(await only(world), { stopped: null })
    await user.command('fg')
    await until(() => stateOf(sleep) === 'S', 'sleep goes on')
    await user.type('\x03')
    await user.prompt()
    t.equal(await user.answer('echo $?'), '130')
    await user.answer('sleep 101 & sleep .1')
    t.match(await user.answer('jobs'), /Running +sleep 101/)
    await user.answer('kill %1; wait')
    await exit(user, 4)
    t.equal(await user.ended, 4)
  }
})

t.test('a shell inside that suspends itself is continued by the shell outside', async t => {
  const world = place(t)
  const user = await shell(world, { argv: PLAIN })
  await user.command('sess bash --norc --noediting -i')
  await user.prompt()
  t.match(await user.answer('echo $PTY'), /^[a-z]+[0-9a-f]$/)
  await user.command('suspend')
  await user.see('Stopped')
  await user.prompt()
  t.equal(await user.answer('echo $PTY'), '')
  await user.command('fg')
  await only(world)
  await user.prompt()
  t.match(await user.answer('echo $PTY'), /^[a-z]+[0-9a-f]$/)
  await user.command('exit 7')
  await user.prompt()
  t.equal(await user.answer('echo $?'), '7')
  await exit(user)
})

t.test('without job control nothing stops the user (-J)', async t => {
  const world = place(t)
  const user = await shell(world, { argv: PLAIN })
  const before = user.modes()
  await user.command('sess -J cat')
  const { slave, name } = await only(world)
  await until(() => user.modes() !== before, 'what is typed is for the session')
  await user.type('\x1aline\r')
  await user.see('^Zline\r\n')
  await user.see('line\r\n')
  process.kill(slave ?? 0, 'SIGSTOP')
  await until(() => stateOf(slave ?? 0) === 'S', 'it is continued at once')
  await user.type('more\r')
  await user.see('more\r\nmore\r\n')
  t.match(await only(world), { name, stopped: null })
  await user.type('\x04')
  await user.prompt()
  t.equal(await user.answer('echo $?'), '0')
  await exit(user)
})

t.test('where nobody could continue sess, the program goes on at once', async t => {
  const world = place(t)
  const user = terminal(world, ['sess', ...sh('kill -STOP $$; echo on; exit 3')])
  t.equal(await user.end(), 3)
  t.equal(user.text, 'on\r\n')
  const piped = await run(world, ['sess', ...sh('kill -TSTP $$; echo on; exit 3')])
  t.match(piped, { status: 3, stderr: '' })
})

t.test('a full-screen program has every key for itself, and the terminal after it', async t => {
  const world = place(t)
  const user = await shell(world, { argv: PLAIN })
  const before = user.modes()
  const program =
    'stty raw -echo; printf ready; dd bs=1 count=6 2>/dev/null | od -An -tx1; stty sane; echo sane'
  await user.command(`sess sh -c '${program}; read x; echo got $x'`)
  await user.see('ready')
  await user.type('\x03\x1a\x04\x1c\x13\r')
  await user.see(' 03 1a 04 1c 13 0d\nsane\r\n')
  await user.type('line\r')
  await user.see('line\r\ngot line\r\n')
  await user.prompt()
  t.equal(user.modes(), before)
  await exit(user)
})
