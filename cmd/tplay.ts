// tplay: plays a recording as it was made.
import { Usage } from '../lib/die.js'
import { command } from '../lib/main.js'
import { decimal, options } from '../lib/options.js'
import { play } from '../lib/play/run.js'
import { kindOf } from '../lib/sys/terminal.js'

const USAGE = 'tplay [-s speed] [-i seconds] [file]'

export const tplay = command('tplay', async argv => {
  const { values, operands } = options(argv, 's:i:', USAGE, 1)
  const [path] = operands
  // Nobody types a recording.
  if (path === undefined && kindOf(0) === 'terminal') throw new Usage(USAGE)
  const idle = values.get('i')
  return play({
    path,
    speed: decimal(values.get('s') ?? '1', 0.001, 1e6, 'speed'),
    idle: idle === undefined ? undefined : decimal(idle, 0, 1e6, 'seconds'),
  })
})
