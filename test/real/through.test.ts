// A reconnect with pipes and files about: what is recorded, what is fed, what the user is told meanwhile.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { place, run, shell, terminal, until } from './driver.js'
import { becomes, kill, only, session, sh } from './sessions.js'

t.test('what is typed meanwhile is for the session that it leads to', async t => {
  const world = place(t)
  const name = await session(world, 'cat')
  const user = await shell(world)
  await user.type(`sess reconnect ${name}\r`)
  await user.see('reconnect: will connect')
  await user.type('typed early\r')
  await user.see(`successfully connected to ${name}`)
  await user.see('typed early\r\ntyped early\r\n')
  await user.type('\x04')
  await user.prompt()
  t.equal(await user.answer('echo $?'), '0')
  await user.type('exit\r')
  await user.end()
})

t.test('in a recorded session the user is told, and the record is not (P31)', async t => {
  const world = place(t)
  const next = await session(world, 'cat')
  const user = await shell(world)
  const before = user.modes()
  await user.command('sess sh -i | tee record')
  await user.prompt()
  const { name } = await only(world)
  await user.type(`reconnect ${next}; echo $?\r`)
  await user.see(`reconnect: will connect to session ${next} when session ${name} is done\r\n`)
  await user.see('0\r\n$ ')
  await user.type('exit\r')
  await user.see(`pty: info: successfully connected to ${next}\r\n`)
  await user.type('recorded\r')
  await user.see('recorded\r\nrecorded\r\n')
  await user.type('\x04')
  await user.prompt()
  const typed = `reconnect ${next}; echo $?\r\n0\r\n`
  const record = readFileSync(join(world.home, 'record'), 'utf8')
  t.equal(record, `$ ${typed}$ exit\r\nrecorded\r\nrecorded\r\n`)
  t.equal(user.modes(), before)
  await user.type('exit\r')
  await user.end()
})

t.test('a script is fed from a terminal as from anywhere (P34)', async t => {
  const world = place(t)
  const name = await session(world, ...sh('stty -echo; while read x; do echo "done $x"; done'))
  const user = await shell(world)
  const before = user.modes()
  await user.answer('printf "1\\n2\\n" >script')
  t.match(
    await user.answer(`sess reconnect ${name} <script | tee log; echo left`),
    /^reconnect: will connect .*\npty: info: reconnecting .*\npty: info: successfully .*\n[^]*left$/,
  )
  t.equal(user.modes(), before)
  t.notMatch(readFileSync(join(world.home, 'log'), 'utf8'), /pty|reconnect|\x1b/)
  await becomes(world, name, { state: 'disconnected' })
  await user.type('exit\r')
  await user.end()
  await kill(world, name)
})

t.test('a FIFO whose writer has long gone is an input that has ended', async t => {
  const world = place(t)
  const script = 'mkfifo fifo; echo one >fifo & { sleep .3; sess cat; echo status $?; } <fifo'
  const { stdout, stderr } = await run(world, sh(script))
  t.equal(stderr, '')
  t.match(stdout.toString(), /status 0\n$/)
  await kill(world, (await run(world, sh('sesslist | cut -d" " -f2'))).stdout.toString().trim())
})

t.test('a viewer may record, too', async t => {
  const world = place(t)
  const name = await session(world, ...sh('stty -echo; while read x; do echo "done $x"; done'))
  const record = run(world, sh(`sess -R reconnect -r ${name} >log; echo status $?`))
  await until(() => existsSync(join(world.home, 'log')), 'it has begun')
  await until(async () => (await becomes(world, name, {})).viewers.length === 1, 'he looks')
  const user = terminal(world, ['sess', 'reconnect', name])
  await user.see('successfully connected')
  await user.type('1\r2\r')
  await user.see('done 1\r\ndone 2\r\n')
  await user.type('\x04')
  t.equal(await user.end(), 0)
  t.equal((await record).stdout.toString(), 'status 0\n')
  t.equal(readFileSync(join(world.home, 'log'), 'utf8'), 'done 1\r\ndone 2\r\n')
})
