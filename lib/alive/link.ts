// A link, as far as it is known, and what is sent on it while nobody has anything to say.
import { late, type Settings } from './ssh.js'
import { period, type Kernel } from './tcp.js'
import type { Source } from './verdict.js'

/** sshd's end. */
export interface Server extends Settings {
  /** 9.2 is 902. */
  version: number | undefined
  /** Does its configuration have Match blocks? */
  match: boolean
}

export interface Link {
  /** A NAT forgets it after so many seconds of silence. */
  limit: number
  /** This end's system, with what the user said in place of what it has. */
  kernel: Kernel
  /** Whose way of keepalive those numbers are. */
  by: 'linux' | 'windows' | 'node'
  client?: Settings
  server?: Server
}

/** Are the kernel's probes on? A link that is not ssh's is taken to have turned them on. */
export function probed({ client, server }: Link): boolean | undefined {
  const ends = [client, server].filter(end => end !== undefined)
  if (ends.length === 0 || ends.some(({ tcp }) => tcp === true)) return true
  return ends.every(({ tcp }) => tcp === false) ? false : undefined
}

/** How often the client asks: with a count of 0 it ends the link in place of asking. */
function asked(interval: number | undefined, count: number | undefined): Source['every'] {
  if (interval === 0 || count === 0) return 'off'
  return count === undefined ? undefined : interval
}

/** All that sends something. */
export function sources(link: Link): Source[] {
  const { client, server } = link
  const probes = probed(link)
  const its: Source[] = [
    { every: probes === true ? period(link.kernel) : probes === false ? 'off' : undefined },
  ]
  if (client) its.push({ every: asked(client.interval, client.count) })
  if (server) {
    const { interval, version } = server
    const every = interval === 0 ? 'off' : interval
    its.push({ every, late: (late(version) ?? true) ? (interval ?? 0) : 0 })
  }
  return its
}

/** After how many seconds of silence the client itself ends a healthy link (ServerAliveCountMax 0), if it does. */
export function cut({ client, server }: Link): number | undefined {
  if (client?.count !== 0 || !client.interval) return undefined
  const { interval } = server ?? {}
  return interval && interval < client.interval ? undefined : client.interval
}
