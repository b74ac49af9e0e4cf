// A session that is stopped: who can continue it, take it away, or end it meanwhile.

import t from 'tap'
import { alive, place, processes, run, shell, terminal, until } from './driver.js'
import { becomes, kill, only, session, sh } from './sessions.js'

/** bash without a line editor: its terminal has the same modes at the prompt as in a job. */
const PLAIN = ['/bin/bash', '--norc', '--noprofile', '--noediting', '-i']

t.test(
  'a stop while disconnected is held, and a reconnect continues the program (P33)',
  async t => {
    const world = place(t)
    const name = await session(world, ...sh('kill -STOP $$; echo on; exec cat'))
    const { slave } = await becomes(world, name, { stopped: 19 })
    const list = await run(world, ['sesslist'])
    t.match(list.stdout.toString(), /disconnected stopped\n$/)
    const user = terminal(world, ['sess', 'reconnect', name], { rows: 33, columns: 99 })
    await user.see('on\r\n')
    await user.type('typed\r')
    await user.see('typed\r\ntyped\r\n')
    process.kill(slave ?? 0, 'SIGSTOP')
    await user.type('more\r')
    await user.see('more\r\nmore\r\n')
    await run(world, ['disconnect', '-s', name])
    t.equal(await user.end(), 0)
    process.kill(slave ?? 0, 'SIGTSTP')
    await becomes(world, name, { stopped: 20 })
    await kill(world, name)
  },
)

t.test('a session that stopped with its signaller can be taken away from it', async t => {
  const world = place(t)
  const user = await shell(world, { argv: PLAIN })
  for (const [how, status, said] of [
    ['disconnect -s', 0, ''],
    ['sess reconnect -f', 111, 'taken over by'],
    ['sesskill -ys', 129, 'killed'],
  ] as const) {
    await user.command('sess cat')
    const { name, slave } = await only(world)
    await user.type('\x1a')
    await user.see('Stopped')
    await user.prompt()
    const before = user.modes()
    if (how.startsWith('sess ')) {
      const other = terminal(world, [...how.split(' '), name])
      await other.see('successfully connected')
      await other.type('go\r')
      await other.see('go\r\ngo\r\n')
      await run(world, ['disconnect', '-s', name])
      t.equal(await other.end(), 0)
    } else t.match(await run(world, [...how.split(' '), name]), { status: 0, stderr: '' })
    await user.command('fg; echo status $?')
    const text = await user.see(/^([^]*)status \d+/)
    t.equal(text.replace(/^sess cat\r\n/, '') === '', said === '')
    t.match(text, said === '' ? /cat/ : said)
    await user.prompt()
    t.equal(user.modes(), before)
    t.match(user.text, `status ${status}\r\n`)
    if (how !== 'sesskill -ys') await kill(world, name)
    await until(() => !alive(slave ?? 0), 'cat has gone')
  }
  await user.type('exit\r')
  await user.end()
})

t.test('what happens while sess is stopped is seen when it goes on', async t => {
  const world = place(t)
  const user = await shell(world, { argv: PLAIN })
  await user.command('sess sh -c \'trap "stty size" WINCH; while :; do read x; done\'')
  const { slave } = await only(world)
  await user.type('\x1a')
  await user.see('Stopped')
  await user.prompt()
  user.resize(44, 111)
  await user.command('fg')
  await user.see('44 111\r\n')
  await user.type('\x1a')
  await user.see('Stopped')
  await user.prompt()
  process.kill(slave ?? 0, 'SIGKILL')
  await user.command('fg')
  await user.prompt()
  t.equal(await user.answer('echo $?'), '137')
  await user.type('exit\r')
  await user.end()
})

t.test('a signaller that is stopped by itself gives the terminal back', async t => {
  const world = place(t)
  const user = await shell(world)
  const before = user.modes()
  const name = await session(world, ...sh('printf "\\033[?25l"; exec cat'))
  for (const command of ['sess reconnect', 'sess reconnect -r']) {
    await user.command(`${command} ${name}`)
    await user.see(`successfully connected to ${name}`)
    await until(() => user.modes() !== before, 'its modes are ours')
    const pid = await until(
      () =>
        processes(world).find(
          one => /node /.test(one.command) && one.command.includes(` ${command}`),
        )?.pid,
      'the signaller',
    )
    if (command.endsWith('-r')) await user.type('\x1a')
    else process.kill(pid, 'SIGTSTP')
    await user.see('\x1b[?25h')
    await user.see('Stopped')
    await user.prompt()
    t.equal(user.modes(), before)
    await user.command('fg')
    await user.see('\x1b[?25l')
    await until(() => user.modes() !== before, 'and again')
    if (command.endsWith('-r')) await user.type('\x03')
    else await run(world, ['disconnect', '-s', name])
    await user.prompt()
    t.equal(user.modes(), before)
  }
  await kill(world, name)
  await user.type('exit\r')
  await user.end()
})
