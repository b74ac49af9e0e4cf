// disconnect: lets go of a session's terminal. It has happened when this exits.
import { ask, target } from '../lib/ask.js'
import { command } from '../lib/main.js'
import { options } from '../lib/options.js'

export const disconnect = command('disconnect', async argv => {
  const { values } = options(argv, 's:', 'disconnect [-s name]', 0)
  await ask(target(values.get('s')), { type: 'disconnect' })
  return 0
})
