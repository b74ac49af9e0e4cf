// What is printed of a link: a fact a line, `name value unit # remark`.
import { cut, sources, type Link, type Server } from './link.js'
import { asksTheBusy, dotted, late, type Settings } from './ssh.js'
import { busy, connect, idle, period, rounded } from './tcp.js'
import { together, verdict, type Period, type Verdict } from './verdict.js'

/** What RFCs ask of NATs at least: REQ-5 of 5382 and of 4787, in seconds. */
const RFC5382 = 7440
const RFC4787 = 120

const COLUMN = 29

/** The lines, without line breaks; and does the link survive the NAT that was asked about? */
export function report(link: Link): { lines: string[]; verdict: Verdict } {
  const all = together(sources(link))
  const own = judge(link, all, link.limit)
  const { conntrack } = link.kernel
  const nat = (name: string, limit: number): string => {
    const its = judge(link, all, limit)
    return fact(name, `${seconds(limit)} ${its.verdict}`, its.why)
  }
  const lines = [
    ...tcp(link),
    ...(link.client ? client(link.client) : []),
    ...(link.server ? server(link.server) : []),
    whole(all),
    nat('nat', link.limit),
    ...(conntrack === undefined ? [] : [nat('nat.here', conntrack)]),
    nat('nat.rfc5382', RFC5382),
    nat('nat.rfc4787-udp', RFC4787),
  ]
  return { lines, verdict: own.verdict }
}

function fact(name: string, value: string | number | undefined, remark = ''): string {
  const begin = `${name} ${value ?? 'unknown'}`
  return remark === '' ? begin : `${begin.padEnd(COLUMN - 1)} # ${remark}`
}

function seconds(time: number | undefined): string | undefined {
  return time === undefined ? undefined : `${rounded(time)} s`
}

const NAMES = {
  linux: ['if SO_KEEPALIVE is on, which ss -to shows', '', ''],
  windows: [
    'KeepAliveTime, in the registry in ms',
    'KeepAliveInterval, in the registry in ms',
    'fixed; up to 2003 TcpMaxDataRetransmissions, 5',
  ],
  node: ['setKeepAlive; 0 leaves the system its own', 'fixed', 'fixed'],
}

function tcp(link: Link): string[] {
  const { kernel, by } = link
  const [time, intvl, probes] = NAMES[by]
  const foreign = by === 'windows'
  const until = foreign ? undefined : busy(kernel)
  return [
    fact('tcp.keepalive.time', seconds(kernel.time), time),
    fact('tcp.keepalive.intvl', seconds(kernel.intvl), intvl),
    fact('tcp.keepalive.probes', kernel.probes, probes),
    fact(
      'tcp.period',
      seconds(period(kernel)),
      'one packet on an idle healthy link, max(time,intvl)',
    ),
    fact('tcp.detect.idle', seconds(idle(kernel)), 'time + intvl*probes'),
    until === undefined
      ? fact('tcp.detect.busy', undefined)
      : fact(
          'tcp.detect.busy',
          `${until.toFixed(1)} s`,
          `at least; data unacknowledged, tcp_retries2=${kernel.retries2 ?? ''}: keepalive is not used`,
        ),
    foreign || kernel.synRetries === undefined
      ? fact('tcp.connect', undefined)
      : fact(
          'tcp.connect',
          seconds(connect(kernel)),
          `tcp_syn_retries=${kernel.synRetries}, linear ${kernel.synLinear}: use ConnectTimeout`,
        ),
  ]
}

/** How a link fares under a NAT, and why. */
function judge(link: Link, all: Period, limit: number): { verdict: Verdict; why: string } {
  const ended = cut(link)
  if (ended !== undefined)
    return { verdict: 'dies', why: `ssh itself ends it after ${rounded(ended)} s of silence` }
  const its = verdict(all, limit)
  const { nominal, most } = all
  if (its === 'survives') return { verdict: its, why: `${rounded(nominal)} < ${rounded(limit)}` }
  if (its === 'unknown')
    return { verdict: its, why: nominal < limit ? `sshd may take ${rounded(most)} s` : '' }
  const why = nominal === Infinity ? 'nothing is sent' : `${rounded(nominal)} >= ${rounded(limit)}`
  return { verdict: its, why }
}

function whole({ nominal, sure }: Period): string {
  if (nominal === Infinity)
    return sure
      ? fact('period', 'off', 'nothing is sent on an idle link')
      : fact('period', undefined)
  return sure
    ? fact('period', seconds(nominal), 'shortest of the above that is on')
    : fact('period', undefined, `at most ${rounded(nominal)} s`)
}

function yes(its: boolean | undefined): string | undefined {
  return its === undefined ? undefined : its ? 'yes' : 'no'
}

/** What an interval and a count come to: from the outage until it is noticed. */
function noticed({ interval, count }: Settings): string | undefined {
  if (interval === 0) return 'off'
  if (interval === undefined || count === undefined) return undefined
  return `${interval}x${count} ${count * interval}..${(count + 1) * interval} s`
}

const SECURE = 'asks through the encrypted channel'
const PLAIN = 'plain packets, which others can forge'

function client(its: Settings): string[] {
  const remark = its.count === 0 ? 'asks nothing, ends the link after one silent interval' : SECURE
  return [
    fact('ssh.client.serveralive', noticed(its), its.interval ? remark : ''),
    fact('ssh.client.tcpkeepalive', yes(its.tcp), its.tcp ? PLAIN : ''),
  ]
}

function server(its: Server): string[] {
  const { interval, count, match } = its
  const never = interval !== undefined && interval > 0 && count === 0
  const remarks = [
    ...(never ? ['never disconnects'] : []),
    ...(interval && count !== undefined ? habits(its, interval, count) : []),
    ...(match ? ['Match blocks may say otherwise'] : []),
  ]
  return [
    fact('sshd.clientalive', never ? `${interval}x0 never` : noticed(its), remarks.join('; ')),
    fact('sshd.tcpkeepalive', yes(its.tcp), its.tcp ? PLAIN : ''),
  ]
}

/** What is peculiar to a version of sshd. */
function habits({ version }: Server, interval: number, count: number): string[] {
  const who = version === undefined ? 'sshd 9.2 to 9.4' : `sshd ${dotted(version)}`
  const most =
    count === 0 ? `asks every ${interval * 2} s at worst` : `up to ${2 * interval * (count + 1)} s`
  return [
    ...(late(version) === false ? [] : [`${who}: ${most}`]),
    ...(asksTheBusy(version) === true ? [] : ['only while the remote side is silent']),
    SECURE,
  ]
}
