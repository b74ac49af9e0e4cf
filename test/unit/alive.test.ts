// What silent links do, in numbers: of TCP, of ssh, and of both together; and what is advised.

import t from 'tap'
import { advice } from '../../lib/alive/advice.js'
import { chosen } from '../../lib/alive/chosen.js'
import type { Link, Server } from '../../lib/alive/link.js'
import { report } from '../../lib/alive/report.js'
import type { Settings } from '../../lib/alive/ssh.js'
import { busy, connect, idle, kernel, period, type Kernel } from '../../lib/alive/tcp.js'

/** A kernel as Linux is at first. */
const FILES: Record<string, string> = {
  'ipv4/tcp_keepalive_time': '7200\n',
  'ipv4/tcp_keepalive_intvl': '75\n',
  'ipv4/tcp_keepalive_probes': '9\n',
  'ipv4/tcp_retries2': '15\n',
  'ipv4/tcp_syn_retries': '6\n',
}
const DEFAULT = kernel(name => FILES[name])

const OFF: Settings = { tcp: true, interval: 0, count: 3 }
const every = (interval: number, count: number): Settings => ({ tcp: true, interval, count })
const sshd = (its: Settings, version: number | undefined = 905, match = false): Server => ({
  ...its,
  version,
  match,
})

/** A link by options' words, `-t300 -n10`, and what else is known of it. */
function link(words: string, more: Partial<Link> = {}): Link {
  const pairs = words.split(' ').filter(Boolean)
  const values = new Map(
    pairs.map(word => {
      const [, name = '', value = ''] = /^(?:-(\w)|--(?:\w+)=)(.*)$/.exec(word) ?? []
      return [name || (/^--(\w+)/.exec(word)?.[1] ?? ''), value]
    }),
  )
  const { limit, by, onto } = chosen({ values })
  return { limit, by, kernel: onto(DEFAULT), ...more }
}

/** What is said of `name`, without the remark; and the remark. */
function said(its: Link, name: string): [what: string | undefined, remark: string] {
  const line = report(its).lines.find(line => line.startsWith(`${name} `)) ?? ''
  const [fact = '', ...remark] = line.split(' # ')
  return [fact.trimEnd().slice(name.length + 1), remark.join(' # ')]
}

const warned = (its: Link): boolean =>
  advice(its, report(its).verdict).some(line => line.includes('a NAT may forget'))

t.test(
  'keepalive numbers: period, time to detect, the fate under a NAT (K4-K12, K16, K24)',
  async t => {
    const table: [words: string, period: string, idle: string, verdict: string, warned: boolean][] =
      [
        ['-t7200 -i75 -p9', '7200 s', '7875 s', 'dies', true],
        ['-t300 -i75 -p9 -n10', '300 s', '975 s', 'survives', true],
        ['-t300 -i60 -p10', '300 s', '900 s', 'survives', true],
        ['-t300 -i75 -p10', '300 s', '1050 s', 'survives', true],
        ['-t300 -i1 -p10', '300 s', '310 s', 'survives', false],
        ['--windows=300000', '300 s', '310 s', 'survives', false],
        ['--windows=300000,60000', '300 s', '900 s', 'survives', true],
        ['--windows=7200000', '7200 s', '7210 s', 'dies', true],
        ['--windows=300000,1000,5', '300 s', '305 s', 'survives', false],
        ['--windows=1500,4294967295,0', '4294967.295 s', '1.5 s', 'dies', false],
        ['-t60 -i75 -p9 -n1', '75 s', '735 s', 'dies', true],
        ['-t3 -i75 -p3 -n.0833', '75 s', '228 s', 'dies', true],
        ['-t3 -i1 -p3 -n.0833', '3 s', '6 s', 'survives', true],
        ['-t600 -n10', '600 s', '1275 s', 'dies', true],
        ['-t599 -n10 -p0001', '599 s', '674 s', 'survives', true],
        ['--node=300000', '300 s', '310 s', 'survives', false],
        ['--node=3999', '3 s', '13 s', 'survives', false],
        ['--node=0', '7200 s', '7210 s', 'dies', true],
        ['--node=999 -t30', '30 s', '40 s', 'survives', false],
      ]
    for (const [words, period, idle, verdict, warn] of table) {
      const its = link(words)
      t.strictSame(
        [
          said(its, 'tcp.period')[0],
          said(its, 'tcp.detect.idle')[0],
          report(its).verdict,
          warned(its),
        ],
        [period, idle, verdict, warn],
        words,
      )
      t.equal(said(its, 'period')[0], period)
    }
    t.equal(said(link(''), 'nat.rfc5382')[0], '7440 s survives')
    t.strictSame(said(link('-t300'), 'nat'), ['600 s survives', '300 < 600'])
    t.strictSame(said(link('-t600'), 'nat'), ['600 s dies', '600 >= 600'])
  },
)

t.test('data that nobody acknowledges, and hosts that do not answer', async t => {
  const table = [
    [0, '0.2'],
    [3, '3.0'],
    [4, '6.2'],
    [5, '12.6'],
    [8, '102.2'],
    [9, '204.6'],
    [10, '324.6'],
    [15, '924.6'],
  ] as const
  for (const [retries2, expected] of table)
    t.equal(busy({ ...DEFAULT, retries2 })?.toFixed(1), expected, `tcp_retries2=${retries2}`)
  t.equal(connect(DEFAULT), 127)
  t.equal(connect({ ...DEFAULT, synLinear: 4 }), 131)
  t.equal(connect({ ...DEFAULT, synRetries: 0 }), 1)
  t.equal(connect({ ...DEFAULT, synRetries: 8 }), 127 + 2 * 120, 'no wait is longer than RTO_max')
  t.equal(said(link('-n10'), 'tcp.detect.busy')[0], '924.6 s')
  t.equal(
    said(link('--windows=300000'), 'tcp.detect.busy')[0],
    'unknown',
    'not by Linux’s settings',
  )
})

t.test('newer kernels say their limits of retransmission, and routers theirs', async t => {
  const files = new Map([
    ...Object.entries(FILES),
    ['ipv4/tcp_rto_min_us', '5000\n'],
    ['ipv4/tcp_rto_max_ms', '10000\n'],
    ['ipv4/tcp_syn_linear_timeouts', '4\n'],
    ['netfilter/nf_conntrack_tcp_timeout_established', '432000\n'],
  ])
  const its = kernel(name => files.get(name))
  t.match(its, { rtoMin: 0.005, rtoMax: 10, synLinear: 4, conntrack: 432000 })
  t.equal(busy({ ...its, retries2: 10 })?.toFixed(3), '10.235')
  t.equal(busy({ ...its, retries2: 12 })?.toFixed(3), '30.235')
  t.equal(connect(its), 4 + 1 + 2 + 4 + 8 + 10 * 3)
  t.strictSame(said(link('-t300', { kernel: its }), 'nat.here'), [
    '432000 s survives',
    '7200 < 432000',
  ])
})

t.test('ssh asks: from the outage until it is noticed (K19-K21)', async t => {
  const table: [name: string, its: Partial<Link>, what: string, remark: RegExp][] = [
    [
      'sshd.clientalive',
      { server: sshd(every(60, 3)) },
      '60x3 180..240 s',
      /^only while the remote/,
    ],
    [
      'sshd.clientalive',
      { server: sshd(every(60, 3), 904) },
      '60x3 180..240 s',
      /^sshd 9.4: up to 480 s/,
    ],
    [
      'sshd.clientalive',
      { server: sshd(every(30, 2), 902) },
      '30x2 60..90 s',
      /^sshd 9.2: up to 180 s; only/,
    ],
    ['sshd.clientalive', { server: sshd(every(30, 2), 901) }, '30x2 60..90 s', /^asks through/],
    ['sshd.clientalive', { server: sshd(every(30, 2), 1000) }, '30x2 60..90 s', /^only/],
    [
      'sshd.clientalive',
      { server: { ...sshd(every(30, 2)), version: undefined } },
      '30x2 60..90 s',
      /^sshd 9.2 to 9.4: up to 180 s/,
    ],
    ['sshd.clientalive', { server: sshd(every(30, 0)) }, '30x0 never', /^never disconnects/],
    ['sshd.clientalive', { server: sshd(OFF) }, 'off', /^$/],
    [
      'sshd.clientalive',
      { server: sshd(OFF, 905, true) },
      'off',
      /^Match blocks may say otherwise$/,
    ],
    ['ssh.client.serveralive', { client: every(15, 3) }, '15x3 45..60 s', /encrypted/],
    ['ssh.client.serveralive', { client: every(15, 0) }, '15x0 0..15 s', /^asks nothing/],
    ['ssh.client.serveralive', { client: OFF }, 'off', /^$/],
  ]
  for (const [name, its, what, remark] of table) {
    const [fact, remarked] = said(link('-n10', its), name)
    t.equal(fact, what)
    t.match(remarked, remark)
  }
})

t.test(
  'the period is the shortest of what is on; what is unknown is no ground for a verdict',
  async t => {
    const unknown: Settings = { tcp: undefined, interval: undefined, count: undefined }
    const dark: Kernel = kernel(() => undefined)
    const deaf = { ...OFF, tcp: false }
    const table: [
      why: string,
      words: string,
      its: Partial<Link>,
      period: string,
      verdict: string,
    ][] = [
      ['the client asks', '-n10', { client: every(30, 3) }, '30 s', 'survives'],
      [
        'sshd asks, as in the document',
        '-n10',
        { client: OFF, server: sshd(every(30, 2), 902) },
        '30 s',
        'survives',
      ],
      ['sshd asks and never gives up', '-n10', { server: sshd(every(30, 0)) }, '30 s', 'survives'],
      ['nobody asks', '-n10', { client: OFF }, '7200 s', 'dies'],
      ['nobody asks, no probes', '-t300', { client: deaf }, 'off', 'dies'],
      ['no probes at either end', '-t300', { client: deaf, server: sshd(deaf) }, 'off', 'dies'],
      ['probes at one end', '-t300', { client: deaf, server: sshd(OFF) }, '300 s', 'survives'],
      ['sshd might be late', '-n10', { server: sshd(every(400, 3), 903) }, '400 s', 'unknown'],
      ['sshd is not late', '-n10', { server: sshd(every(400, 3), 905) }, '400 s', 'survives'],
      ['late, but soon enough', '-n10', { server: sshd(every(299, 3), 903) }, '299 s', 'survives'],
      ['the client hangs up on the silent', '-t300', { client: every(60, 0) }, '300 s', 'dies'],
      [
        'but sshd is not silent',
        '-t300',
        { client: every(60, 0), server: sshd(every(20, 3)) },
        '20 s',
        'survives',
      ],
      ['ssh says nothing', '-t7200', { client: unknown }, 'unknown', 'unknown'],
      [
        'ssh says nothing, sshd asks',
        '-t7200',
        { client: unknown, server: sshd(every(30, 2)) },
        'unknown',
        'survives',
      ],
      ['no /proc', '', { kernel: dark }, 'unknown', 'unknown'],
      [
        'no /proc, the client asks',
        '',
        { kernel: dark, client: every(30, 3) },
        'unknown',
        'survives',
      ],
      ['no /proc, no probes', '', { kernel: dark, client: deaf }, 'off', 'dies'],
    ]
    for (const [why, words, its, period, verdict] of table) {
      const one = link(words, its)
      t.strictSame([said(one, 'period')[0], report(one).verdict], [period, verdict], why)
      t.match(said(one, 'nat')[0], new RegExp(` s ${verdict}$`), why)
    }
    t.equal(idle(dark) ?? period(dark) ?? busy(dark) ?? connect(dark), undefined)
  },
)

t.test('advice: what to do, and what it costs (K9, K10, K13, K14, K21-K24)', async t => {
  const told = (words: string, its: Partial<Link> = {}): string =>
    advice(link(words, its), report(link(words, its)).verdict).join('\n')
  const sysctl = [
    '\necho 300 > /proc/sys/net/ipv4/tcp_keepalive_time\n',
    '\n# help to prevent disconnects\nnet.ipv4.tcp_keepalive_time = 300\n',
    '\nHost *\n  ServerAliveInterval 30\n',
  ]
  for (const part of sysctl) t.ok(told('-n10').includes(part), part)
  for (const part of sysctl) t.notOk(told('-t300').includes(part), 'none is needed')
  t.notMatch(told('-n10', { client: { ...OFF, tcp: false } }), /echo/, 'where it would not help')
  t.match(told('-n2'), /echo 60 > .*_time\n/, 'a NAT that is in a hurry')
  t.match(told('-n1 -t30'), /^(?!.*_time)[^]*echo 30 > .*_intvl\n/, 'the longer of the two counts')
  t.match(told('--windows=7200000'), /\\Tcpip\\Parameters\\KeepAliveTime REG_DWORD 300000\n/)
  t.match(told('--node=0'), /\nsocket\.setKeepAlive\(true, 300000\)\n/)
  t.match(told('-n10', { server: sshd(OFF) }), /\nClientAliveInterval 60\nClientAliveCountMax 10\n/)
  t.match(told('-t300 -i1 -p2'), /outage of 2 s may end an idle link.*\n.*over in 2 s: ten of them/)
  t.match(told('-t300', { client: every(1, 2) }), /outage of 2 s may end an idle link/)
  t.match(told('', { client: every(30, 3) }), /TCPKeepAlive no/)
  t.notMatch(told('', { client: OFF }), /TCPKeepAlive no/, 'nothing else would notice')
  t.notMatch(told('', { client: { ...every(30, 3), tcp: false } }), /TCPKeepAlive no/)
  t.equal(told('', { client: { ...OFF, tcp: false }, limit: 1e9 }).includes('outage'), false)
})
