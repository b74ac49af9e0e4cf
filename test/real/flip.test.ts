// Back and forth between two sessions, as section 4 of the paper has it, for a long time.

import t from 'tap'
import { place, shell } from './driver.js'
import { kill, look, session } from './sessions.js'

t.test('50 times each way, and not a word but the two (P28)', async t => {
  const world = place(t)
  const there = await session(world, '/bin/sh', '-i')
  const user = await shell(world, { argv: ['sess', '/bin/sh', '-i'] })
  const here = await user.answer('echo $PTY')
  const modes = user.modes()
  let shown = user.text
  for (let n = 0; n < 100; n++) {
    const [from, to] = n % 2 === 0 ? [here, there] : [there, here]
    const said = [
      `reconnect ${to}; disconnect`,
      `reconnect: will connect to session ${to} when session ${from} is done`,
      `pty: info: reconnecting to ${to}`,
      `pty: info: successfully connected to ${to}`,
      '$ ',
    ].join('\r\n')
    await user.type(`reconnect ${to}; disconnect\r`)
    await user.see(said)
    shown += said
  }
  t.equal(user.text, shown)
  t.equal(user.modes(), modes)
  t.match(await look(world, here), { state: 'connected', connection: { tty: user.device } })
  t.match(await look(world, there), { state: 'disconnected' })
  await kill(world, here, there)
  t.equal(await user.end(), 129)
})
