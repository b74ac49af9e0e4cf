// Where everybody's sessions are connected from, by the process table.
import { Fatal } from '../lib/die.js'
import { json, where } from '../lib/lines.js'
import { command } from '../lib/main.js'
import { options } from '../lib/options.js'
import { permitted } from '../lib/sys/permit.js'
import { masters } from '../lib/sys/processes.js'
import { write } from '../lib/sys/say.js'

export const sesswhere = command('sesswhere', argv => {
  const { on } = options(argv, '--json', 'sesswhere [--json]', 0)
  if (!permitted('sesswhere')) throw new Fatal('the administrator does not allow this here')
  const sessions = masters().flatMap(({ name, last }) => {
    return last ? [{ name, since: last.since, what: last.what, place: last.from }] : []
  })
  const lines = on('json') ? [json(sessions)] : sessions.map(where)
  write(1, lines.map(line => `${line}\n`).join(''))
  return 0
})
