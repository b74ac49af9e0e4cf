// sessname: tells or sets a session's title.
import { ask, inform, target } from '../lib/ask.js'
import { command } from '../lib/main.js'
import { options } from '../lib/options.js'
import { printable } from '../lib/printable.js'
import { print } from '../lib/sys/say.js'

export const sessname = command('sessname', async argv => {
  const { values, operands } = options(argv, 's:', 'sessname [-s name] [title]', 1)
  const here = target(values.get('s'))
  const [title] = operands
  if (title !== undefined) {
    await ask(here, { type: 'title', title })
    return 0
  }
  const info = await inform(here)
  print(`session ${here}${info.title && ': '}${printable(info.title)}`)
  return 0
})
