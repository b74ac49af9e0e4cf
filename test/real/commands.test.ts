// The small commands: which session they are about, and what sesslist and sessname show.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { alive, place, run, shell } from './driver.js'
import { becomes, kill, lines, look, session, sessions, sh } from './sessions.js'

t.test('-s names a session, else PTY does, else that is said (P35)', async t => {
  const world = place(t)
  const name = await session(world, 'cat')
  for (const [command, operand] of [
    ['disconnect', ''],
    ['reconnect', 'p0'],
    ['sessname', 'x'],
    ['sesskill', '-y'],
  ] as const) {
    const argv = [command, ...operand.split(' ').filter(Boolean)]
    t.match(await run(world, argv), {
      status: 2,
      stderr: `${command}: fatal: no -s specified, and PTY not set; are we under a session?\n`,
    })
    const missing = await run(world, [command, '-sezzf', ...argv.slice(1)])
    t.match(missing, {
      status: 2,
      stderr: `${command}: fatal: cannot find session ezzf; if it exists, do you own it?\n`,
    })
  }
  for (const argv of [['-s', name], [`-s${name}`], []])
    t.match(await run(world, ['disconnect', ...argv], { env: { PTY: name } }), {
      status: 2,
      stderr: `disconnect: fatal: session ${name} not connected\n`,
    })
  t.match(await run(world, ['reconnect', '-s', name, 'p0']), {
    status: 2,
    stderr: `reconnect: fatal: session ${name} not connected\n`,
  })
  await run(world, ['sessname', 'by its name'], { env: { PTY: name } })
  await run(world, ['sessname', '-s', name, '-x'])
  t.equal((await look(world, name))?.title, 'by its name', '-x is an option, and unknown')

  const user = await shell(world, { argv: ['sess', '/bin/sh', '-i'] })
  const own = await user.answer('echo $PTY')
  t.equal(
    await user.answer(`sessname -s ${name} other; sessname mine; sessname`),
    `session ${own}: mine`,
  )
  t.equal(await user.answer(`sessname -s ${name}`), `session ${name}: other`)
  await kill(world, name, own)
  t.equal(await user.end(), 129)
})

t.test('sesslist tells of each session in a line (P21, P23)', async t => {
  const world = place(t)
  t.match(await run(world, ['sesslist']), { status: 0, stderr: '' }, 'none')
  const user = await shell(world, { argv: ['sess', '-N', 'mine', '/bin/sh', '-i'] })
  const own = await user.answer('echo $PTY')
  const waiting = await session(world, 'cat')
  const ended = await session(world, '-N', 'build', ...sh('exit 2'))
  await becomes(world, ended, { state: 'ended' })
  await user.answer(`reconnect ${waiting}`)
  writeFileSync(join(world.sessions, 'notes\n.txt'), '')
  mkdirSync(join(world.sessions, 'ezze'))
  const all = await sessions(world)
  const of = (name: string) => all.find(one => one.name === name)
  const expected = [
    `session ${own} pid ${of(own)?.pid ?? ''} slave ${of(own)?.slave ?? ''} connected (will drop into ${waiting}): mine`,
    `session ${waiting} pid ${of(waiting)?.pid ?? ''} slave ${of(waiting)?.slave ?? ''} disconnected`,
    `session ${ended} pid ${of(ended)?.pid ?? ''} ended with status 2 at DATE: build`,
    'non-session ezze',
    'non-session notes^J.txt',
  ]
  const dated = (line: string): string => line.replace(/[A-Z][a-z]{2} [ \d]\d \d\d:\d\d/, 'DATE')
  const { stdout } = await run(world, ['sesslist'])
  t.strictSame(lines(stdout).map(dated).sort(), [...expected].sort())
  const zero = await run(world, sh('sesslist -0 | xargs -0 -n1 printf "<%s>\\n"'))
  t.strictSame(lines(zero.stdout).map(dated).sort(), expected.map(line => `<${line}>`).sort())
  for (const { pid, slave } of all) t.ok(alive(pid) && (slave === null || alive(slave)))

  t.match(of(own), { state: 'connected', next: waiting, title: 'mine', status: null })
  t.match(of(own)?.connection, { tty: user.device, from: '' })
  t.match(of(waiting), { state: 'disconnected', next: null, connection: null, viewers: [] })
  t.match(of(ended), { state: 'ended', status: 2, slave: null })
  await run(world, ['rm', '-r', join(world.sessions, 'notes\n.txt'), join(world.sessions, 'ezze')])
  await kill(world, own)
  await user.see(`pty: info: successfully connected to ${waiting}`)
  await kill(world, waiting, ended)
  t.equal(await user.end(), 129)
})

const skip = process.getuid?.() === 0 ? false : 'only root can be somebody else'

t.test('everybody lists his own sessions only (P22)', { skip }, async t => {
  const world = place(t)
  const name = await session(world, 'cat')
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
  const options = { cwd: '/', env: { SESS_DIR: undefined, XDG_RUNTIME_DIR: undefined } }
  const theirs = await run(world, [...nobody, 'sesslist'], options)
  if (theirs.status === 126 || theirs.stderr.includes('node')) t.comment(theirs.stderr)
  else t.notMatch(theirs.stdout.toString(), `session ${name} `)
  const ours = await run(world, [...nobody, 'sesslist'], { cwd: '/' })
  t.notMatch(ours.stdout.toString(), name)
  t.not(ours.status, 0, 'not even with the directory in the environment')
  await kill(world, name)
})

t.test('a title is shown so that it cannot disturb a terminal (P20)', async t => {
  const world = place(t)
  const name = await session(world, '-N', 'from the start', 'cat')
  const shown = async (): Promise<string> =>
    (await run(world, ['sessname', '-s', name])).stdout.toString()
  t.equal(await shown(), `session ${name}: from the start\n`)
  for (const [title, said] of [
    ['\x1b[2J\x07', ': ^[[2J^G'],
    ['zwei\nZeilen', ': zwei^JZeilen'],
    ['größer', ': größer'],
    ['x'.repeat(255), `: ${'x'.repeat(255)}`],
    ['', ''],
  ] as const) {
    t.match(await run(world, ['sessname', '-s', name, title]), { status: 0, stderr: '' })
    t.equal(await shown(), `session ${name}${said}\n`)
  }
  const long = await run(world, ['sessname', '-s', name, 'x'.repeat(256)])
  t.match(long, { status: 2, stderr: 'sessname: fatal: a title has at most 255 bytes\n' })
  await kill(world, name)
})
