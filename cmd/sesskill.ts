// sesskill: hangs up on a session's programs and ends it.
import { ask, target } from '../lib/ask.js'
import { Fatal } from '../lib/die.js'
import { command } from '../lib/main.js'
import { options } from '../lib/options.js'
import { printable, short } from '../lib/printable.js'
import { userNumber } from '../lib/sys/directory.js'

export const sesskill = command('sesskill', async argv => {
  const { on, values } = options(argv, 'ymfs:u:', 'sesskill [-ymf] [-s name] [-u user]', 0)
  const name = target(values.get('s'))
  const user = values.get('u')
  const uid = user === undefined ? undefined : userNumber(user)
  if (user !== undefined && uid === undefined)
    throw new Fatal(`no user ${short(printable(user), 40)}`)
  if (!on('y')) throw new Fatal('-y not specified, so no action taken')
  const own = name === process.env['PTY'] && (uid === undefined || uid === process.geteuid?.())
  if (own && !on('m'))
    throw new Fatal('that session is us, and -m not specified, so no action taken')
  await ask(name, { type: 'kill', force: on('f') }, uid)
  return 0
})
