// What a program has set on its terminal while nobody saw it holds for whoever comes, also where the
// output that set it is not kept.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { place, terminal, until } from './driver.js'
import { kill, session, sh } from './sessions.js'

const MODES = [
  ['\x1b[?1049h', '\x1b[?1049l'],
  ['\x1b[?25l', '\x1b[?25h'],
  ['\x1b[?2004h', '\x1b[?2004l'],
] as const

const SCRIPT = `rm -f done; printf '\\033[?1049h\\033[?25l\\033[?2004h'; seq 2000; echo >done; cat`

t.test('what was set unseen is set for who comes, and undone when he goes', async t => {
  const world = place(t)
  for (const options of [['-b', '1000'], ['-b', '0'], ['-d', 'drop'], []]) {
    for (const how of [[], ['-r']]) {
      const name = await session(world, ...options, ...sh(SCRIPT))
      await until(() => existsSync(join(world.home, 'done')), 'it is written')
      const user = terminal(world, ['sess', 'reconnect', ...how, name])
      const shown = [...options, ...how].join(' ')
      await user.see('successfully connected')
      await until(() => MODES.every(([set]) => user.text.includes(set)), `all is set ${shown}`)
      user.signal('SIGTERM')
      await user.end()
      const last = (text: string): number => user.text.lastIndexOf(text)
      for (const [set, undo] of MODES) t.ok(last(set) < last(undo), `${set.slice(2)} ${shown}`)
      await kill(world, name)
    }
  }
})
