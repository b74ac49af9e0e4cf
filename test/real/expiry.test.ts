// How long a session waits for somebody to come (-x), which is counted in minutes.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { place, run, terminal, until } from './driver.js'
import { becomes, kill, session, sessions, sh } from './sessions.js'

const skip = process.env['SESS_SLOW'] ? false : 'takes more than a minute: SESS_SLOW=1'

t.test('a session ends when nobody was connected for so long (C30)', { skip }, async t => {
  const world = place(t)
  const script = 'trap "echo hup >told; exit" HUP; while :; do sleep 1; done'
  const left = await session(world, '-x', '1', ...sh(script))
  const begin = performance.now()
  const ended = await session(world, '-x1', 'true')
  const seen = await session(world, '-x1', 'cat')
  const forever = await session(world, '-x', '0', 'cat')
  const attached = terminal(world, ['sess', '-x1', 'cat'])
  const visit = terminal(world, ['sess', 'reconnect', seen])
  await visit.see('successfully connected')
  await wait(20_000)
  await run(world, ['disconnect', '-s', seen])
  await visit.end()
  const names = async (): Promise<string[]> => (await sessions(world)).map(one => one.name)
  await wait(35_000)
  t.ok((await names()).includes(left), 'not before its time')
  await until(async () => !(await names()).includes(left), 'it has gone', 15_000)
  const after = performance.now() - begin
  t.ok(after > 59_000 && after < 75_000, `after ${after} ms`)
  await until(() => existsSync(join(world.home, 'told')), 'its program got HUP')
  await until(async () => !(await names()).includes(ended), 'what has ended goes, too', 15_000)
  t.ok((await names()).includes(seen), 'the time begins anew when somebody leaves')
  t.match(await becomes(world, forever, { state: 'disconnected' }), { name: forever })
  await attached.type('typed\r')
  await attached.see('typed\r\ntyped\r\n')
  await kill(world, ...(await names()))
  t.equal(await attached.end(), 129)
})
