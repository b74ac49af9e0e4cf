// What Linux does with a silent TCP connection: the arithmetic. Times are in seconds; undefined is what
// nobody knows.

type Known = number | undefined

/** SO_KEEPALIVE's numbers: silence before the first probe, time between probes, unanswered ones until the end. */
export interface Keepalive {
  time: Known
  intvl: Known
  probes: Known
}

/** The kernel's settings that matter here. */
export interface Kernel extends Keepalive {
  retries2: Known
  synRetries: Known
  synLinear: number
  rtoMin: number
  rtoMax: number
  /** After how long this machine forgets a connection that it routes. */
  conntrack: Known
}

/** A whole number as /proc/sys has it. */
function whole(text: string | undefined): Known {
  const digits = /^\s*(\d{1,10})\s*$/.exec(text ?? '')?.[1]
  const number = Number(digits)
  return digits !== undefined && number <= 0x7fffffff ? number : undefined
}

/** The settings, from what `read` gives for the files of /proc/sys/net. */
export function kernel(read: (name: string) => string | undefined): Kernel {
  const tcp = (name: string): Known => whole(read(`ipv4/tcp_${name}`))
  return {
    time: tcp('keepalive_time'),
    intvl: tcp('keepalive_intvl'),
    probes: tcp('keepalive_probes'),
    retries2: tcp('retries2'),
    synRetries: tcp('syn_retries'),
    // Kernels without these three files do as follows.
    synLinear: tcp('syn_linear_timeouts') ?? 0,
    rtoMin: (tcp('rto_min_us') || 200_000) / 1e6,
    rtoMax: (tcp('rto_max_ms') || 120_000) / 1e3,
    conntrack: whole(read('netfilter/nf_conntrack_tcp_timeout_established')),
  }
}

/** How far apart packets are on an idle healthy connection: an answered probe does not shorten the wait for the next. */
export function period({ time, intvl }: Keepalive): Known {
  return time === undefined || intvl === undefined ? undefined : Math.max(time, intvl)
}

/** How long after its last packet an idle connection ends whose other end is gone. */
export function idle({ time, intvl, probes }: Keepalive): Known {
  if (time === undefined || intvl === undefined || probes === undefined) return undefined
  return time + intvl * probes
}

/** The least time until a connection ends that has data underway: retransmissions wait twice as long each time. */
export function busy({ retries2, rtoMin, rtoMax }: Kernel): Known {
  if (retries2 === undefined) return undefined
  const doublings = Math.max(0, Math.floor(Math.log2(rtoMax / rtoMin)))
  const waits = Math.min(retries2, doublings) + 1
  return (2 ** waits - 1) * rtoMin + Math.max(0, retries2 - doublings) * rtoMax
}

/** How long connecting to a host takes that does not answer: it waits a second at first. */
export function connect({ synRetries, synLinear, rtoMax }: Kernel): Known {
  if (synRetries === undefined) return undefined
  const waits = Array.from({ length: Math.min(synRetries, 255) + 1 }, (_, n) =>
    Math.min(2 ** n, rtoMax),
  )
  return waits.reduce((sum, wait) => sum + wait, synLinear)
}

/** A number as short as it can be written, to a thousandth. */
export function rounded(number: number): string {
  return String(Number(number.toFixed(3)))
}
