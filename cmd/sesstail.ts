// sesstail: what a session has written, byte for byte, and on with it.
import { find, target } from '../lib/ask.js'
import { Fatal, Trouble, code, reason } from '../lib/die.js'
import { command } from '../lib/main.js'
import { count, options } from '../lib/options.js'
import { sink } from '../lib/pieces.js'
import { complain } from '../lib/sys/say.js'
import { leaveAlone, reopen, terminalOf } from '../lib/sys/terminal.js'
import { watch } from '../lib/watch.js'

const MOST = Number.MAX_SAFE_INTEGER

export const sesstail = command('sesstail', async argv => {
  const { on, values } = options(argv, 's:n:fF', 'sesstail [-f] [-s name] [-n bytes]', 0)
  const name = target(values.get('s'))
  const kept = count(values.get('n') ?? String(MOST), 0, MOST, 'bytes')
  const follow = on('f')
  // What a session's own terminal shows of it is its output again, and so on without end.
  const tty = (follow && terminalOf(1)) || ''
  const socket = await find(name, tty)
  leaveAlone()
  const to = sink(reopen(1, 'write'))
  try {
    await watch(name, socket, {
      tty,
      kept,
      follow,
      output: async bytes => {
        await to.write(bytes)
        return false
      },
      lost: text => complain(text.replace(/^pty/, 'sesstail')),
    })
  } catch (error) {
    if (error instanceof Fatal) throw error
    if (code(error) !== 'EPIPE') throw new Trouble(`cannot write: ${reason(error)}`)
  }
  return 0
})
