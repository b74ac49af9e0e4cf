// The login menu, asked by a user at a terminal.

import { join } from 'node:path'
import t from 'tap'
import { BIN, place, processes, run, shell, terminal, until, type World } from './driver.js'

/** Says whether it runs under a session. */
const PROGRAM = ['sh', '-c', 'echo "PTY=${PTY-none}."; exit 7']

const QUESTION = [
  'Would you like to reconnect to that session?',
  'If so, type its two-character extension, NAME.',
  'To instead start a new session as usual, just press return: ',
].join('\r\n')

/** A disconnected session; its name. */
async function session(world: World, ...command: string[]): Promise<string> {
  const { stdout, stderr } = await run(world, ['sess', '-n', ...command])
  if (stderr) throw new Error(stderr)
  return stdout.toString().trim()
}

async function kill(world: World, name: string): Promise<void> {
  await run(world, ['sesskill', '-ys', name])
}

t.test('a disconnected session is offered with what it does, and its name reconnects', async t => {
  const world = place(t)
  const name = await session(world, '-N', 'finishing up \x1bpaper.3', 'sh', '-c', 'cat; exit 9')
  const its = terminal(world, ['sessmenu', ...PROGRAM])
  const device = await its.see(
    /^You have a disconnected session on (\/dev\/pts\/\d+), with these processes:\r\n/,
  )
  t.match(await its.see(/^(USER +PID .*COMMAND\r\n)/), /%CPU %MEM/)
  const listed = await its.see(/^((?:.*\r\n)+?)Session/)
  t.equal(listed.match(/\n/g)?.length, 2, 'what is ours is not shown')
  t.match(listed, /pts\/\d+ .* sh -c cat; exit 9\r\n/)
  t.match(listed, /pts\/\d+ .* cat\r\n/)
  await its.see(` ${name} is named: finishing up ^[paper.3.\r\n`)
  await its.see(/^Session [a-z0-9]+ has been disconnected since \w+ [ \d]\d \d\d:\d\d\.\r\n/)
  await its.see(QUESTION.replace('NAME', name))
  // One character too many, erased ones, and what is meant for the session itself.
  await its.type(`zz\x7f\x15${name}zz\rtyped ahead\r`)
  await its.see('zz\b \b\b \b' + name + '\x07\x07\r\n')
  await its.see(`pty: info: successfully connected to ${name}\r\n`)
  await its.see('typed ahead\r\ntyped ahead\r\n')
  t.match((await run(world, ['sesslist'])).stdout.toString(), `session ${name} `)
  t.equal(its.device === device, false)
  await its.type('\x04')
  t.equal(await its.end(), 9)
})

t.test('return starts a new session, after a wrong name as well', async t => {
  const world = place(t)
  const name = await session(world, 'sh')
  const its = terminal(world, ['sessmenu', ...PROGRAM])
  await its.see(QUESTION.replace('NAME', name))
  await its.type('zz\r')
  await its.see('zz\r\nYou have no disconnected session zz.\r\n' + QUESTION.replace('NAME', name))
  await its.type('\r')
  t.not(await its.see(/\r\nPTY=(\w+)\./), name)
  t.equal(await its.end(), 7)
  await kill(world, name)
})

t.test('^C and ^D give the plain program on a terminal as it was', async t => {
  const world = place(t)
  const name = await session(world, 'sh')
  const its = await shell(world)
  const modes = its.modes()
  for (const key of ['\x03', '\x04', `${name}\x03`]) {
    await its.command('sessmenu sh -c \'stty -g; echo "PTY=${PTY-none}."; exit 7\'; echo "=$?="')
    await its.see('press return: ')
    t.not(its.modes(), modes)
    await its.type(key)
    await its.see(`${modes}\r\nPTY=none.\r\n=7=\r\n`)
    await its.prompt()
    t.equal(its.modes(), modes)
  }
  await its.type('exit\r')
  await its.end()
  await kill(world, name)
})

t.test('of several sessions each is offered, ended ones too', async t => {
  const world = place(t)
  const first = await session(world, 'sh')
  const last = await session(world, 'sh', '-c', 'echo "what it said"; exit 4')
  await until(
    async () => (await run(world, ['sesslist'])).stdout.includes('ended with status 4'),
    'it has ended',
  )
  const its = terminal(world, ['sessmenu', ...PROGRAM])
  await its.see('Would you like to reconnect to one of those sessions?\r\n')
  t.match(its.text, `Session ${first} has been disconnected since `)
  t.match(its.text, /You have a disconnected session on \S+ \(ended with status 4\)\.\r\n/)
  // The lower number is listed first, whichever session has it.
  const listed = (await run(world, ['sesslist'])).stdout.toString().trim().split('\n')
  const example = listed.at(-1)?.split(' ')[1] ?? ''
  await its.see(`If so, type its two-character extension, like ${example} for the last one.\r\n`)
  await its.type(`${last}\r`)
  await its.see('what it said')
  t.equal(await its.end(), 4)
  await kill(world, first)
})

t.test('a connected session is not offered', async t => {
  const world = place(t)
  const other = await shell(world, { argv: ['sess', 'sh'] })
  const its = terminal(world, ['sessmenu', ...PROGRAM])
  t.equal(await its.end(), 7)
  t.notMatch(its.text, 'You have')
  await other.type('exit\r')
  await other.end()
})

t.test('nothing stays behind of a login that is hung up', async t => {
  const world = place(t)
  const name = await session(world, 'sh')
  const ours = (): string[] =>
    processes(world)
      .map(({ command }) => command)
      .filter(command => /menu/.test(command))
  const ways = [
    (its: ReturnType<typeof terminal>) => its.hangup(),
    (its: ReturnType<typeof terminal>) => its.signal('SIGHUP'),
    (its: ReturnType<typeof terminal>) => its.signal('SIGTERM'),
    (its: ReturnType<typeof terminal>) => its.signal('SIGKILL'),
  ]
  for (const way of ways) {
    const its = terminal(world, ['sessmenu', ...PROGRAM])
    await its.see('press return: ')
    t.ok(ours().length > 0)
    way(its)
    await its.ended
    await until(() => ours().length === 0, 'the menu is gone')
    t.notMatch(its.text, 'PTY=')
  }
  await kill(world, name)
})

t.test('a login that is hung up in its session leaves the session, and nothing else', async t => {
  const world = place(t)
  const its = terminal(world, ['sessmenu', 'sh', '-c', 'echo "PTY=$PTY."; exec sleep 1000'])
  const name = await its.see(/PTY=(\w+)\./)
  its.hangup()
  await its.ended
  await until(
    async () =>
      /^session \w+ pid \d+ slave \d+ disconnected/.test(
        String((await run(world, ['sesslist'])).stdout),
      ),
    'it is disconnected',
  )
  await until(
    () => processes(world).every(({ command }) => /sessmaster|sleep|sh /.test(command)),
    'only the session is left',
  )
  await kill(world, name)
})

t.test('who gives no answer is given up in time, the terminal as it was', async t => {
  const world = place(t)
  const keys = join(BIN, '../lib/sys/keys.js')
  const script = `
    const { talk } = await import(${JSON.stringify(keys)})
    const { openSync, constants } = await import('node:fs')
    const fd = openSync('/dev/tty', constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK)
    const how = await talk(fd, 'well? ', key => ({ say: '[' + key + ']', over: false }), 700)
    console.log(how)`
  const its = terminal(world, [process.execPath, '--input-type=module', '-e', script])
  await its.see('well? ')
  await its.type('a\r')
  await its.see(/\[97\]\[10\]\r+\nlate\r\n/)
  t.equal(await its.end(), 0)
})
