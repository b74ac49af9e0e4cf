// The transcripts of the paper, word for word, but for the names of sessions, pids and dates.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { alive, DASH, place, run, terminal, until, type Terminal } from './driver.js'
import { kill, look, session, sessions, sh } from './sessions.js'

/** A csh of today: bash without a line editor, and the prompt of the paper. */
const CSH = ['/bin/bash', '--norc', '--noprofile', '--noediting', '-i']

/** What the screen shows between two of its places, with sessions' names and pids masked in order. */
function masked(text: string, ...names: string[]): string {
  const shown = names.reduce(
    (text, name, n) => text.replace(new RegExp(`\\b${name}\\b`, 'g'), `<${n}>`),
    text,
  )
  return shown.replaceAll('\r\n', '\n').replace(/\b(pid|slave) \d+/g, '$1 N')
}

async function type(its: Terminal, line: string): Promise<void> {
  await its.type(`${line}\r`)
  await its.see(`${line}\r\n`)
}

t.test(
  'section 2: a session outlives its connection; disconnect brings the user back quietly (P1, P6)',
  async t => {
    const world = place(t)
    const user = terminal(world, DASH, { env: { PS1: 'csh% ' } })
    await user.see('csh% ')
    await type(user, "PS1='ksh% ' sess sh")
    await user.see('ksh% ')
    await type(user, 'trap "echo HUP >told" HUP; echo $$ $PTY')
    const [pid = '', name = ''] = (await user.see(/(\d+ \S+)\r\nksh% $/)).split(' ')
    await user.type('disconnect\r')
    t.equal(await user.see(/^([^]*)csh% $/), 'disconnect\r\n')
    t.match(await look(world, name), { state: 'disconnected', slave: Number(pid) })

    const again = terminal(world, ['sess', 'reconnect', name])
    await again.see('successfully connected')
    await again.see('ksh% ')
    await type(again, 'echo $$')
    await again.see(`${pid}\r\n`)
    again.hangup()
    await until(async () => (await look(world, name))?.state === 'disconnected', 'it waits')
    t.ok(alive(Number(pid)))
    t.notOk(existsSync(join(world.home, 'told')))
    await kill(world, name)
    await type(user, 'exit')
    await user.end()
  },
)

t.test('section 3: sessname and sesslist (P19, P21)', async t => {
  const world = place(t)
  const other = await session(world, '-N', 'finishing up paper.3', 'cat')
  const user = terminal(world, ['sess', ...CSH], { env: { PS1: 'csh% ' } })
  await user.see('csh% ')
  await type(user, 'echo $PTY')
  const name = await user.see(/^([^]*)\r\ncsh% $/)
  const begin = user.text.length
  for (const line of [
    'sessname',
    "sessname 'writing net test program'",
    'sessname',
    'sesslist | sort',
  ]) {
    await type(user, line)
    await user.see('csh% ')
  }
  const listed = [
    `session <0> pid N slave N connected: writing net test program`,
    `session <1> pid N slave N disconnected: finishing up paper.3`,
  ]
  if (name > other) listed.reverse()
  t.equal(
    masked(`csh% ${user.text.slice(begin)}`, name, other),
    `csh% sessname
session <0>
csh% sessname 'writing net test program'
csh% sessname
session <0>: writing net test program
csh% sesslist | sort
${listed.join('\n')}
csh% `,
  )
  for (const one of await sessions(world)) t.ok(alive(one.pid) && alive(one.slave ?? 0))
  await kill(world, name, other)
  t.equal(await user.end(), 129)
})

t.test('section 4: a program that runs already is recorded (P30, P31, P32)', async t => {
  const world = place(t)
  const idle = terminal(world, ['true'])
  await idle.end()
  const user = terminal(world, ['sess', ...CSH], { env: { PS1: 'csh% ' } })
  await user.see('csh% ')
  await type(user, 'echo $PTY')
  const p8 = await user.see(/^([^]*)\r\ncsh% $/)
  const talk = 'n=0; while :; do n=$((n+1)); echo "talk $n"; read -t .05 x && echo "heard $x"; done'
  await type(user, `bash -c '${talk}; : $$'`)
  await user.see('talk 3\r\n')
  await user.type('\x1a')
  await user.see('Stopped')
  await user.see('csh% ')

  const begin = user.text.length
  await type(user, "PS1='$ ' sess sh")
  await user.see('$ ')
  await type(user, 'sessname; disconnect')
  const rf = await user.see(/session (\S+)\r\n/)
  await user.see('csh% ')
  await type(user, `reconnect ${rf}; disconnect`)
  await user.see('successfully connected to')
  await user.see('$ ')
  await type(user, `sess reconnect ${p8} | tee talk-record`)
  const q0 = await user.see(/when session (\S+) is done/)
  await user.see('successfully connected to')
  await user.see('csh% ')
  t.equal(
    masked(`csh% ${user.text.slice(begin)}`, rf, p8, q0),
    `csh% PS1='$ ' sess sh
$ sessname; disconnect
session <0>
csh% reconnect <0>; disconnect
reconnect: will connect to session <0> when session <1> is done
pty: info: reconnecting to <0>
pty: info: successfully connected to <0>
$ sess reconnect <1> | tee talk-record
reconnect: will connect to session <1> when session <2> is done
pty: info: reconnecting to <1>
pty: info: successfully connected to <1>
csh% `,
  )
  const recorded = user.text.length - 'csh% '.length
  await type(user, 'fg')
  const first = Number(await user.see(/talk (\d+)\r\n/))
  await user.type('hello\r')
  await user.see('heard hello\r\n')
  await user.see(`talk ${first + 10}\r\n`)
  await run(world, ['disconnect', '-s', p8])
  await user.see('$ ')
  const record = readFileSync(join(world.home, 'talk-record'), 'utf8')
  t.ok(user.text.slice(recorded).startsWith(record), 'the record is what was seen')
  t.match(record, /^csh% fg\r\n/)
  t.notMatch(record, /pty:|reconnect|\x1b/, 'and nothing of ours')
  const numbers = record.match(/(?<=^talk )\d+/gm)?.map(Number) ?? []
  t.strictSame(
    numbers,
    Array.from(numbers, (_, n) => first + n),
    'every line is in it, in order',
  )
  await kill(world, p8)
  await type(user, 'exit')
  t.equal(await user.end(), 0)
  t.equal(user.modes(), idle.modes(), 'the terminal is as it was')
})

t.test('section 4: a script is fed to a session, and what it says is logged (P34)', async t => {
  const world = place(t)
  const name = await session(world, ...sh('stty -echo; while read x; do echo "done $x"; done'))
  const feed = 'printf "1\\n2\\n3\\n" >script; sess reconnect NAME <script | tee log'
  const { status, stdout } = await run(world, sh(feed.replace('NAME', name)))
  t.equal(status, 0)
  t.equal((await look(world, name))?.state, 'disconnected')
  const rest = terminal(world, ['sess', 'reconnect', name])
  await rest.see('successfully connected')
  await rest.type('4\r')
  await rest.see('done 4\r\n')
  const log = readFileSync(join(world.home, 'log'), 'utf8')
  t.equal(stdout.toString(), log)
  const after = rest.text.replace(/^[^]*successfully connected to \S+\r\n/, '')
  t.equal(log + after, 'done 1\r\ndone 2\r\ndone 3\r\ndone 4\r\n', 'each byte once')
  await kill(world, name)
  t.equal(await rest.end(), 129)
})
