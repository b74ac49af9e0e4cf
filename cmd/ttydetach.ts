// ttydetach: runs a program without a controlling terminal, and without PTY.
import { caller } from '../lib/caller.js'
import { Usage } from '../lib/die.js'
import { commandApart } from '../lib/main.js'
import { options } from '../lib/options.js'
import { detached } from '../lib/sys/child.js'
import { find } from '../lib/sys/find.js'
import { leaveAlone } from '../lib/sys/terminal.js'

const USAGE = 'ttydetach program [arg ...]'

export const ttydetach = commandApart('ttydetach', async argv => {
  const { operands } = options(argv, '', USAGE)
  const [program] = operands
  if (program === undefined) throw new Usage(USAGE)
  const its = caller(process.env)
  delete its.env['PTY']
  find(program, its.env['PATH'])
  leaveAlone([])
  return await detached(operands, its)
})
