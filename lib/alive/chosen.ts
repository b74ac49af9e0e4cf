// What sessalive is asked, from its options: what they say stands in place of what the machine has.
import { Fatal, Usage } from '../die.js'
import { count, decimal, type Options } from '../options.js'
import type { Link } from './link.js'
import type { Keepalive, Kernel } from './tcp.js'

export const USAGE =
  'sessalive [-n minutes] [-c host] [-s] [-t time] [-i intvl] [-p probes] [--windows ms[,ms[,tries]]] [-q] [--node ms]'
export const SPEC = 'n:c:sSt:i:p:qQ --windows: --node:'

/** Many routers forget what was silent for ten minutes. */
const MINUTES = '10'

/** As long as a sysctl can be, in seconds. */
const LONGEST = 0x7fffffff

/** What a registry value can hold, in milliseconds. */
const DWORD = 0xffffffff

export interface Chosen {
  /** In seconds. */
  limit: number
  /** Whose ssh settings are asked for; undefined for nobody's. */
  host: string | undefined
  by: Link['by']
  /** The kernel's settings with those that were chosen. */
  onto: (kernel: Kernel) => Kernel
}

/** Throws Fatal or Usage. */
export function chosen({ values }: Pick<Options, 'values'>): Chosen {
  const minutes = decimal(values.get('n') ?? MINUTES, 0.01, 1e6, 'minutes')
  const host = values.get('c')
  if (host !== undefined && !isHost(host)) throw new Fatal("a host's name is wanted after -c", 1)
  const [windows, node] = [values.get('windows'), values.get('node')]
  const own = keepalive(values)
  const given = Object.keys(own)
  if ([windows !== undefined, node !== undefined].filter(Boolean).length > 1)
    throw new Usage(`--windows and --node exclude each other; ${USAGE}`)
  if (windows !== undefined && given.length > 0)
    throw new Usage(`--windows has its own -t, -i and -p; ${USAGE}`)
  if (node !== undefined && given.some(name => name !== 'time'))
    throw new Usage(`--node has its own -i and -p; ${USAGE}`)
  const numbers = {
    ...own,
    ...(windows !== undefined ? ofWindows(windows) : node !== undefined ? ofNode(node) : {}),
  }
  return {
    limit: Math.round(minutes * 600) / 10,
    host,
    by: windows !== undefined ? 'windows' : node !== undefined ? 'node' : 'linux',
    onto: kernel => ({ ...kernel, ...numbers }),
  }
}

/** ssh would take a hyphen at the beginning for an option. */
function isHost(text: string): boolean {
  return text !== '' && text.length <= 1024 && !text.startsWith('-') && !/\p{Cc}/u.test(text)
}

function keepalive(values: Map<string, string>): Partial<Keepalive> {
  const [time, intvl, probes] = [values.get('t'), values.get('i'), values.get('p')]
  return {
    ...(time === undefined ? {} : { time: count(time, 1, LONGEST, 'time') }),
    ...(intvl === undefined ? {} : { intvl: count(intvl, 1, LONGEST, 'intvl') }),
    ...(probes === undefined ? {} : { probes: count(probes, 1, 255, 'probes') }),
  }
}

/** Its unit is the millisecond; an interval of a second and ten tries are its own. */
function ofWindows(text: string): Keepalive {
  const [time = '', intvl = '1000', tries = '10', ...more] = text.split(',')
  if (more.length > 0) throw new Usage(`--windows takes three numbers at most; ${USAGE}`)
  return {
    time: count(time, 0, DWORD, 'the time for --windows') / 1000,
    intvl: count(intvl, 0, DWORD, 'the interval for --windows') / 1000,
    probes: count(tries, 0, 255, 'the tries for --windows'),
  }
}

/** Socket.setKeepAlive(true, ms): whole seconds, and less than one leaves the system its own. */
function ofNode(text: string): Partial<Keepalive> {
  const time = Math.floor(count(text, 0, DWORD, 'the time for --node') / 1000)
  return { ...(time === 0 ? {} : { time }), intvl: 1, probes: 10 }
}
