// What OpenSSH and the kernel say of themselves, as it is read: also when it is not what it should be.

import t from 'tap'
import { asksTheBusy, dotted, dumped, late, version } from '../../lib/alive/ssh.js'
import { configured, type Configured } from '../../lib/alive/sshd-config.js'

const UNKNOWN = { tcp: undefined, interval: undefined, count: undefined }
const DEFAULT = { tcp: true, interval: 0, count: 3 }

t.test('a dump of settings', async t => {
  const dump = (asks: string, more = ''): string =>
    `host x\ntcpkeepalive yes\n${asks}alivecountmax 3\n${asks}aliveinterval 30\n${more}`
  const its = { tcp: true, interval: 30, count: 3 }
  t.strictSame(dumped(dump('server'), 'client'), its)
  t.strictSame(dumped(dump('client'), 'server'), its)
  t.strictSame(dumped(dump('server'), 'server'), { ...UNKNOWN, tcp: true }, 'of the other end')
  t.strictSame(dumped(dump('client', 'clientaliveinterval 60\n'), 'server'), its)
  for (const text of [
    '',
    'tcpkeepalive maybe\nserveraliveinterval -1\nserveralivecountmax 1e3',
    'tcpkeepalive yes \nserveraliveinterval 99999999999\nserveralivecountmax 4294967296',
    ' tcpkeepalive yes\nxserveraliveinterval 3\nserveralivecountmax\n3',
    'tcpkeepalive\x1b[31m yes\nserveraliveinterval \x1b30\nserveralivecountmax 3\x07',
  ])
    t.strictSame(dumped(text, 'client'), UNKNOWN, JSON.stringify(text))
})

t.test('versions, and what is peculiar to them', async t => {
  const table: [text: string, version: number | undefined, late?: boolean, busy?: boolean][] = [
    ['OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19 27 Jan 2026', 902, true, false],
    ['OpenSSH_9.2, OpenSSL 3.0.19 27 Jan 2026\n', 902, true, false],
    ['unknown option -- V\nOpenSSH_8.4p1 Debian-5\nusage: sshd', 804, false, true],
    ['SSH-2.0-OpenSSH_9.1', 901, false, true],
    ['OpenSSH_9.4p1', 904, true, false],
    ['OpenSSH_9.5p1', 905, false, false],
    ['OpenSSH_10.0p2', 1000, false, false],
    ['OpenSSH_9', undefined],
    ['dropbear_2022.83', undefined],
    ['OpenSSH_9.2345', undefined],
    ['', undefined],
  ]
  for (const [text, expected, lateness, busy] of table) {
    const its = version(text)
    t.strictSame([its, late(its), asksTheBusy(its)], [expected, lateness, busy], text)
  }
  t.strictSame([dotted(902), dotted(1000)], ['9.2', '10.0'])
})

/** A configuration with other files beside it; a name without a file is one that cannot be read. */
function read(text: string | undefined, files: Record<string, string> = {}): Configured {
  return configured(text, pattern => {
    const its = files[pattern]
    return pattern === 'none' ? [] : its === undefined ? undefined : [its]
  })
}

t.test('sshd_config: the first value counts, a comment stands for the default (K18)', async t => {
  const table: [text: string, settings: object][] = [
    ['', DEFAULT],
    ['#TCPKeepAlive yes\n#ClientAliveInterval 0\n#ClientAliveCountMax 3\n', DEFAULT],
    ['#TCPKeepAlive no\n# ClientAliveInterval 60\n', DEFAULT],
    [
      'TCPKeepAlive no\nClientAliveInterval 60\nClientAliveCountMax 2\n',
      { tcp: false, interval: 60, count: 2 },
    ],
    ['  tcpkeepalive\tno\r\nCLIENTALIVEINTERVAL 60\r\n', { ...DEFAULT, tcp: false, interval: 60 }],
    ['ClientAliveInterval=60\nClientAliveCountMax = 0', { ...DEFAULT, interval: 60, count: 0 }],
    ['ClientAliveInterval "60" # a minute', { ...DEFAULT, interval: 60 }],
    ['ClientAliveInterval"60"', { ...DEFAULT, interval: 60 }],
    ['ClientAliveInterval 60\nClientAliveInterval 30', { ...DEFAULT, interval: 60 }],
    ['ClientAliveInterval 1m', { ...DEFAULT, interval: 60 }],
    ['ClientAliveInterval 1H1m30s', { ...DEFAULT, interval: 3690 }],
    ['ClientAliveInterval 1m30', { ...DEFAULT, interval: 90 }],
    ['KeepAlive no', { ...DEFAULT, tcp: false }],
    ['TCPKeepAlive maybe\nClientAliveInterval soon\nClientAliveCountMax -1', UNKNOWN],
    ['ClientAliveInterval 99999w\nClientAliveCountMax', { ...UNKNOWN, tcp: true }],
    ['Port 22\nxClientAliveInterval 5\nClientAliveIntervals 6', DEFAULT],
  ]
  for (const [text, settings] of table)
    t.strictSame(read(text), { settings, match: false }, JSON.stringify(text))
  t.strictSame(read(undefined).settings, UNKNOWN, 'there is none')
})

t.test('Match blocks are left out, files that are included are not', async t => {
  const table: [text: string, files: Record<string, string>, settings: object, match: boolean][] = [
    [
      'ClientAliveInterval 60\nMatch User x\nTCPKeepAlive no\n',
      {},
      { ...DEFAULT, interval: 60 },
      true,
    ],
    ['Include none\n', {}, DEFAULT, false],
    [
      'Include a b\n',
      { a: 'TCPKeepAlive no', b: 'ClientAliveInterval 5' },
      { tcp: false, interval: 5, count: 3 },
      false,
    ],
    [
      'Include a\nClientAliveInterval 60\n',
      { a: 'ClientAliveInterval 5' },
      { ...DEFAULT, interval: 5 },
      false,
    ],
    [
      'Include a\nClientAliveInterval 60\n',
      { a: 'Match all\nClientAliveInterval 5' },
      { ...DEFAULT, interval: 60 },
      true,
    ],
    [
      'TCPKeepAlive no\nInclude secret\nClientAliveInterval 60\n',
      {},
      { ...UNKNOWN, tcp: false },
      false,
    ],
    ['Match User x\nInclude secret\n', {}, DEFAULT, true],
    ['Include a\nTCPKeepAlive no\n', { a: 'Include a\nInclude a' }, UNKNOWN, false],
  ]
  for (const [text, files, settings, match] of table)
    t.strictSame(read(text, files), { settings, match }, JSON.stringify(text))
})
