// How a program on a terminal that is no session meets the world: jobs, scripts, and each way to end it.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  alive,
  place,
  processes,
  run,
  shell,
  stateOf,
  terminal,
  until,
  type World,
} from './driver.js'
import { becomes, lines, only, sessions, sh } from './sessions.js'

const PLAIN = ['/bin/bash', '--norc', '--noprofile', '--noediting', '-i']

/** The pids of those whose command line is that. */
const pids = (world: World, command: RegExp): number[] =>
  processes(world)
    .filter(one => command.test(one.command))
    .map(one => one.pid)

/** The one signaller. */
const signaller = (world: World): Promise<number> =>
  until(async () => pids(world, /^\S*node .* (pty|ttyprotect|nobuf) /)[0], 'a signaller')

const none = (world: World) =>
  until(async () => (await sessions(world)).length === 0, 'none is left')

t.test('an interactive program begins in the background, and comes to the front', async t => {
  const world = place(t)
  const user = await shell(world, { argv: PLAIN })
  const before = user.modes()
  await user.command(`sess -R sh -c 'sessname; exec sh -i' &`)
  const name = await user.see(/session ([a-ep-z]+[0-9a-f])\r+\n/)
  await user.see('$ ')
  t.equal(user.modes(), before)
  await user.command('%1')
  await user.see('sess -R sh')
  await user.type('\x03')
  await user.prompt()
  await becomes(world, name, { state: 'disconnected' })
  await user.command(`sess reconnect ${name}`)
  await user.see(`successfully connected to ${name}\r\n`)
  t.equal(await user.answer('echo $PTY'), name)
  await user.command('exit')
  await user.prompt()

  await user.command('pty sh -i &')
  await until(() => pids(world, / pty sh -i$/).some(pid => stateOf(pid) === 'T'), 'it waits')
  t.equal(user.modes(), before)
  await user.command('fg')
  await user.see('pty sh -i\r\n')
  await user.prompt()
  t.match(await user.answer('tty'), /^\/dev\/pts\//)
  await user.command('exit')
  await user.prompt()
  await user.type('exit\r')
  await user.end()
})

t.test('pty stops as its program does; under -J it does not', async t => {
  const world = place(t)
  const user = await shell(world, { argv: PLAIN })
  const before = user.modes()
  for (const options of ['', '-Jj ']) {
    await user.command(`pty ${options}cat`)
    await only(world)
    await user.type('\x1a')
    await user.see('Stopped')
    await user.prompt()
    t.equal(user.modes(), before)
    await user.command('fg')
    await user.type('line\r')
    await user.see('line\r\nline\r\n')
    await user.type('\x04')
    await user.prompt()
  }
  await user.command(`pty -J sh -c 'kill -TSTP $$; echo went on'`)
  await user.see('went on\r\n')
  await user.prompt()
  await user.type('exit\r')
  await user.end()
})

t.test('under -R nothing is read, and the terminal is left alone', async t => {
  const world = place(t)
  const user = await shell(world)
  const before = user.modes()
  await user.command(`pty -R sh -c 'echo begun; read x; echo "<$x>"'`)
  await user.see('begun\r\r\n')
  t.equal(user.modes(), before)
  await user.type('typed\r')
  await user.see('typed\r\n')
  await user.type('\x03')
  await user.prompt()
  t.equal(await user.answer('echo $?'), '130')
  await none(world)
  await user.command(`pty -Rr sh -c 'echo begun; read x; echo "<$x>"'`)
  await user.see('begun\r\n')
  await user.type('typed\r')
  await user.see('<typed>\r\n')
  await user.prompt()
  await user.type('exit\r')
  await user.end()
})

t.test('a program that asks twice is answered from a script, with time between', async t => {
  const world = place(t)
  const asks = `exec </dev/tty >/dev/tty; stty -echo
printf 'New password: '; read -r a; echo; printf 'Retype: '; read -r b; echo
test "$a" = "$b" && echo "set to <$a>"`
  writeFileSync(join(world.home, 'asks'), asks)
  const script = `mkfifo input output
pty -d sh asks <input >output & exec 4>input 5<output
waitfor 'New password: ' <&5 2>/dev/null && echo secret >&4
waitfor 'Retype: ' <&5 2>/dev/null && echo secret >&4
cat <&5; wait $!; echo "[$?]"`
  const { stdout, stderr } = await run(world, sh(script))
  t.strictSame([lines(stdout), stderr], [['', 'set to <secret>', '[0]'], ''])
})

t.test('a reader that never reads: the program waits, and a signal ends all', async t => {
  const world = place(t)
  for (const [signal, status] of [
    ['TERM', 143],
    ['HUP', 129],
    ['INT', 130],
  ] as const) {
    for (const command of ['pty -d', 'ttyprotect', 'nobuf']) {
      const script = `mkfifo pipe; exec 5<>pipe
${command} yes >pipe & echo $!; wait $!; echo $?; rm pipe`
      const ended = run(world, ['bash', '-c', script])
      const { pid } = await only(world)
      const yes = await until(async () => pids(world, /^yes$/)[0], 'yes')
      await until(() => waits(yes), 'yes waits')
      const began = Date.now()
      process.kill(await signaller(world), `SIG${signal}`)
      const { stdout } = await ended
      const what = `${command}, ${signal}`
      t.equal(lines(stdout)[1], String(status), what)
      t.ok(Date.now() - began < 5000, `${what}: prompt`)
      await until(() => !alive(yes) && !alive(pid), 'both are gone')
    }
  }
})

t.test('at a terminal ^C ends the program first, then what waits for the reader', async t => {
  const world = place(t)
  const user = await shell(world, { argv: PLAIN })
  const before = user.modes()
  await user.command('pty yes | sleep 1000')
  await only(world)
  const yes = await until(async () => pids(world, /^yes$/)[0], 'yes')
  await until(() => waits(yes), 'yes waits')
  await user.type('\x03')
  await until(() => !alive(yes), 'yes is gone')
  await until(() => user.modes() === before, 'the terminal is the user’s')
  await user.type('\x03')
  await user.prompt()
  // Both get the ^C: the reader may have gone before pty hears of its own.
  t.match(await user.answer('echo "${PIPESTATUS[*]}"'), /^(129|130) 130$/)
  await none(world)
  await user.type('exit\r')
  await user.end()
})

/** Does it wait until its terminal takes more? */
const waits = (pid: number): boolean => {
  const [first, second] = [0, 1].map(() => written(pid))
  return stateOf(pid) === 'S' && first === second
}

const written = (pid: number): string =>
  /wchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'latin1'))?.[1] ?? ''

t.test('killed with its signaller, or hung up with its terminal, nothing is left', async t => {
  const world = place(t)
  const traps = (file: string) => [
    'sh',
    '-c',
    `trap 'echo hup >${file}; exit' HUP; echo begun; while :; do sleep 0.05; done`,
  ]
  for (const [n, command] of (['pty', 'ttyprotect', 'nobuf'] as const).entries()) {
    const killed = terminal(world, [command, ...traps(`killed-${n}`)])
    await killed.see('begun')
    process.kill(await signaller(world), 'SIGKILL')
    await none(world)
    await until(() => existsSync(join(world.home, `killed-${n}`)), `${command}: it heard of it`)
    killed.hangup()
    const gone = terminal(world, [command, ...traps(`gone-${n}`)])
    await gone.see('begun')
    gone.hangup()
    await none(world)
    await until(() => existsSync(join(world.home, `gone-${n}`)), `${command}: hung up`)
    await until(() => processes(world).length === 0, `${command}: no process is left`)
  }
})

t.test('killed in a shell, its terminal comes back', async t => {
  const world = place(t)
  const user = await shell(world)
  const before = user.modes()
  await user.command('pty cat')
  await only(world)
  t.not(user.modes(), before)
  process.kill(await signaller(world), 'SIGKILL')
  await user.see('Killed')
  await until(() => user.modes() === before, 'the modes are back')
  await none(world)
  await user.type('exit\r')
  await user.end()
})
