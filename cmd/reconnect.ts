// reconnect: decides where this terminal goes when the current session ends or is disconnected, and not before.
import { ask, target } from '../lib/ask.js'
import { command } from '../lib/main.js'
import { deviceOf } from '../lib/name.js'
import { options, sessionName } from '../lib/options.js'
import { complain } from '../lib/sys/say.js'
import { terminalOf } from '../lib/sys/terminal.js'

export const reconnect = command('reconnect', async argv => {
  const { on, values, operands } = options(argv, 's:fr', 'reconnect [-s name] [-fr] [next]', 1)
  const here = target(values.get('s'))
  const to = operands[0] === undefined ? '' : sessionName(operands[0])
  const text = `reconnect: will connect to session ${to} when session ${here} is done`
  // On the session's own terminal it would go where the session's output goes: into a recording, perhaps.
  const notice = to && terminalOf(2) === deviceOf(here) ? text : ''
  const how = { force: on('f'), viewer: on('r') }
  const answer = await ask(here, { type: 'reconnect', to, ...how, notice })
  if (to && !(answer.type === 'ok' && answer.said)) complain(text)
  return 0
})
