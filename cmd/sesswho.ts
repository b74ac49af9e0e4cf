// Everybody's sessions on this machine, by the process table.
import { Fatal } from '../lib/die.js'
import { json, who } from '../lib/lines.js'
import { command } from '../lib/main.js'
import { options } from '../lib/options.js'
import { userName } from '../lib/sys/directory.js'
import { permitted } from '../lib/sys/permit.js'
import { masters } from '../lib/sys/processes.js'
import { write } from '../lib/sys/say.js'

export const sesswho = command('sesswho', argv => {
  const { on } = options(argv, '--json', 'sesswho [--json]', 0)
  if (!permitted('sesswho')) throw new Fatal('the administrator does not allow this here')
  const sessions = masters().map(({ name, begun, uid, pid }) => {
    return { name, since: begun, user: userName(uid), pid }
  })
  const lines = on('json') ? [json(sessions)] : sessions.map(who)
  write(1, lines.map(line => `${line}\n`).join(''))
  return 0
})
