// sesstail: what a session has written, byte for byte, and on with it.
import { reach, target } from '../lib/ask.js'
import { Fatal, Trouble, code, reason } from '../lib/die.js'
import { command } from '../lib/main.js'
import { count, options } from '../lib/options.js'
import { sink } from '../lib/sys/flow.js'
import { complain } from '../lib/sys/say.js'
import { leaveAlone, reopen } from '../lib/sys/terminal.js'
import { watch } from '../lib/watch.js'

export const sesstail = command('sesstail', async argv => {
  const { on, values } = options(argv, 's:n:fF', 'sesstail [-f] [-s name] [-n bytes]', 0)
  const name = target(values.get('s'))
  const bytes = values.get('n')
  const kept = bytes === undefined ? Infinity : count(bytes, 0, Number.MAX_SAFE_INTEGER, 'bytes')
  const socket = await reach(name, '')
  if (!socket) throw new Fatal(`cannot find session ${name}; if it exists, do you own it?`)
  leaveAlone()
  const to = sink(reopen(1, 'write'))
  try {
    const { why } = await watch(socket, Math.min(kept, Number.MAX_SAFE_INTEGER), {
      output: async bytes => {
        await to.write(bytes)
        return false
      },
      caughtUp: () => !on('f'),
      notice: text => complain(text.replace(/^pty/, 'sesstail')),
    })
    if (why === 'gone') throw new Trouble(`session ${name} is gone`)
  } catch (error) {
    if (error instanceof Fatal) throw error
    if (code(error) !== 'EPIPE') throw new Trouble(`cannot write: ${reason(error)}`)
  }
  return 0
})
