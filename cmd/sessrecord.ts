// sessrecord: begins or ends a recording of a running session, which its master makes.
import { askNewer, target } from '../lib/ask.js'
import { Fatal, Usage, line } from '../lib/die.js'
import { recorded } from '../lib/lines.js'
import { command } from '../lib/main.js'
import { options } from '../lib/options.js'
import { complain, print } from '../lib/sys/say.js'
import { printable } from '../lib/printable.js'

const USAGE = 'sessrecord [-a] [-s name] file | sessrecord -e [-s name]'

export const sessrecord = command('sessrecord', async argv => {
  const { on, values, operands } = options(argv, 's:ae', USAGE, 1)
  const file = operands[0] ?? ''
  if (on('e') ? on('a') || operands.length > 0 : file === '') throw new Usage(USAGE)
  const name = target(values.get('s'))
  // It is the master who opens it, and he is somewhere else.
  const path = file.startsWith('/') ? file : `${process.cwd()}/${file}`
  const answer = on('e')
    ? await askNewer(name, { type: 'unrecord' })
    : await askNewer(name, { type: 'record', path, append: on('a') })
  if (answer.type !== 'recorded') throw new Fatal(`session ${name} does not answer`, 111)
  if (on('e')) print(recorded(name, answer))
  if (answer.trouble) complain(line('sessrecord', 'warning', printable(answer.trouble)))
  return answer.missing === 0 ? 0 : 111
})
