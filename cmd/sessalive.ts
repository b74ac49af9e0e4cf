// What silent links do on this machine. Changes nothing.
import { advice } from '../lib/alive/advice.js'
import { SPEC, USAGE, chosen } from '../lib/alive/chosen.js'
import type { Link } from '../lib/alive/link.js'
import { report } from '../lib/alive/report.js'
import { kernel } from '../lib/alive/tcp.js'
import { commandApart } from '../lib/main.js'
import { options } from '../lib/options.js'
import { asking, clientOf, ownServer } from '../lib/sys/openssh.js'
import { setting } from '../lib/sys/plain.js'
import { write } from '../lib/sys/say.js'

/** How long ssh and sshd may take to answer, in milliseconds. */
const PATIENCE = 3000

const STATUS = { survives: 0, dies: 1, unknown: 2 }

export const sessalive = commandApart('sessalive', argv => {
  const { on, ...given } = options(argv, SPEC, USAGE, 0)
  const { limit, host, by, onto } = chosen(given)
  const ask = asking(PATIENCE)
  const link: Link = {
    limit,
    by,
    kernel: onto(kernel(setting)),
    ...(host === undefined ? {} : { client: clientOf(ask, host) }),
    ...(on('s') ? { server: ownServer(ask) } : {}),
  }
  const { lines, verdict } = report(link)
  write(1, lines.map(line => `${line}\n`).join(''))
  if (!on('q'))
    write(
      2,
      advice(link, verdict)
        .map(line => `${line}\n`)
        .join(''),
    )
  return STATUS[verdict]
})
