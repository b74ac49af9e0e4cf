// What a person is told about a link besides its facts: what would keep it, and what that costs.
import { line, type Level } from '../die.js'
import { probed, sources, type Link } from './link.js'
import { idle, rounded } from './tcp.js'
import { together, type Verdict } from './verdict.js'

/** What is recommended where it is enough, in seconds. */
const TIME = 300
const INTERVAL = 30

/** Probes that are over sooner than that bridge no outage worth the name. */
const BRIEF = 60

/** Lines for stderr; those between them are to be copied. */
export function advice(link: Link, its: Verdict): string[] {
  return [...(its === 'dies' ? remedy(link) : []), ...warnings(link)]
}

const say = (level: Level, what: string): string => line('sessalive', level, what)
const info = (what: string): string => say('info', what)

/** The longest that still leaves room for a packet that is lost. */
function suited(most: number, limit: number): number {
  return Math.max(1, Math.min(most, Math.floor(limit / 2)))
}

function remedy(link: Link): string[] {
  const { client, server, limit } = link
  const interval = suited(INTERVAL, limit)
  const count = client?.count === 0 ? ['  ServerAliveCountMax 3'] : []
  const accepted = [
    info('for what sshd takes, in /etc/ssh/sshd_config:'),
    `ClientAliveInterval ${suited(2 * INTERVAL, limit)}`,
    'ClientAliveCountMax 10',
  ]
  return [
    ...(probed(link) === true ? SYSTEMS[link.by](link) : []),
    info('for what ssh begins, in ~/.ssh/config:'),
    'Host *',
    `  ServerAliveInterval ${interval}`,
    ...count,
    ...(server ? accepted : []),
  ]
}

const SYSTEMS = { linux, windows, node }

function linux({ limit, kernel }: Link): string[] {
  const time = suited(TIME, limit)
  const names = [
    ['time', kernel.time],
    ['intvl', kernel.intvl],
  ] as const
  // Whichever is longer counts.
  const long = names.filter(([, now]) => now === undefined || now >= limit).map(([name]) => name)
  if (long.length === 0) return []
  const sysctl = (name: string): string => `net.ipv4.tcp_keepalive_${name} = ${time}`
  return [
    info('to send a packet soon enough, as root:'),
    ...long.map(name => `echo ${time} > /proc/sys/net/ipv4/tcp_keepalive_${name}`),
    info('and to have that after the next boot, in /etc/sysctl.conf:'),
    '# help to prevent disconnects',
    ...long.map(sysctl),
  ]
}

function windows({ limit }: Link): string[] {
  const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters'
  return [
    info('to send a packet soon enough, in the registry, and boot again:'),
    `${key}\\KeepAliveTime REG_DWORD ${suited(TIME, limit) * 1000}`,
  ]
}

function node({ limit }: Link): string[] {
  return [
    info('to send a packet soon enough, in the program:'),
    `socket.setKeepAlive(true, ${suited(TIME, limit) * 1000})`,
  ]
}

function warnings(link: Link): string[] {
  const { limit, kernel, client, server } = link
  const ends = [
    ...(client?.interval && client.count !== undefined ? [client.interval * client.count] : []),
    ...(server?.interval && server.count ? [server.interval * server.count] : []),
  ]
  const probing = probed(link) === true
  const { intvl, probes } = kernel
  const brief = probing && intvl !== undefined && probes ? intvl * probes : Infinity
  const soonest = Math.min(...ends, brief)
  const longest = probing ? idle(kernel) : undefined
  const lines: string[] = []
  const warn = (what: string): void => void lines.push(say('warning', what))

  if (longest !== undefined && longest > limit)
    warn(
      `probes give up ${rounded(longest)} s after the last packet; a NAT may forget the link after ${rounded(limit)} s`,
    )
  if (soonest < Infinity)
    warn(
      `an outage of ${rounded(soonest)} s may end an idle link, which without keepalive it would not`,
    )
  if (brief < BRIEF)
    warn(
      `the probes are over in ${rounded(brief)} s: ten of them 60 to 75 s apart bridge longer outages`,
    )
  if (ends.length > 0 && probing)
    lines.push(
      info('ssh asks by itself: TCPKeepAlive no leaves an outage one way less to end the link'),
    )
  if (!together(sources(link)).sure) lines.push(info('not all is known here: see what is unknown'))
  return lines
}
