// Whatever is read of kernels and OpenSSH: numbers or nothing, a verdict, and lines of one form.

import fc from 'fast-check'
import t from 'tap'
import { advice } from '../../lib/alive/advice.js'
import type { Link } from '../../lib/alive/link.js'
import { report } from '../../lib/alive/report.js'
import { dumped, version, type Settings } from '../../lib/alive/ssh.js'
import { configured } from '../../lib/alive/sshd-config.js'
import { kernel } from '../../lib/alive/tcp.js'

const facts = ({ tcp, interval, count }: Settings): unknown[] => [tcp, interval, count]

t.test('any numbers give lines of one form, and a verdict', async () => {
  const number = fc.option(fc.nat(), { nil: undefined })
  const flag = fc.option(fc.boolean(), { nil: undefined })
  const settings = fc.record({ tcp: flag, interval: number, count: number })
  const its = fc.record(
    {
      limit: fc.integer({ min: 1, max: 1e9 }).map(tenths => tenths / 10),
      by: fc.constantFrom<Link['by'][]>('linux', 'windows', 'node'),
      kernel: fc.record({
        time: number,
        intvl: number,
        probes: number,
        retries2: number,
        synRetries: number,
        synLinear: fc.nat(),
        rtoMin: fc.integer({ min: 1 }).map(us => us / 1e6),
        rtoMax: fc.integer({ min: 1 }).map(ms => ms / 1e3),
        conntrack: number,
      }),
      client: settings,
      server: fc.record({
        tcp: flag,
        interval: number,
        count: number,
        version: number,
        match: fc.boolean(),
      }),
    },
    { requiredKeys: ['limit', 'by', 'kernel'] },
  )
  fc.assert(
    fc.property(its, (one: Link) => {
      const { lines, verdict } = report(one)
      const nat = lines.find(line => line.startsWith('nat ')) ?? ''
      return (
        lines.every(line => /^[a-z0-9.-]+ [^ #]+( [^ #]+){0,2}( +# [ -~]+)?$/.test(line)) &&
        !lines.some(line => /NaN|Infinity|undefined|null/.test(line)) &&
        nat.split(' ')[3] === verdict &&
        advice(one, verdict).every(
          line => /^[ -~]+$/.test(line) && !/NaN|Infinity|undefined/.test(line),
        )
      )
    }),
  )
})

t.test('rubbish gives numbers or nothing', async t => {
  const line = fc.oneof(
    fc.constantFrom(
      'Include a',
      'Match',
      'ClientAliveInterval ',
      'clientalivecountmax=',
      'TCPKeepAlive "',
      'OpenSSH_',
      '9.',
    ),
    fc.string({ unit: 'binary' }),
    fc.nat().map(String),
  )
  const text = fc
    .array(line)
    .map(lines => lines.join('\n'))
    .chain(joined => fc.constantFrom(joined, joined.replaceAll('\n', '')))
  const sane = (it: unknown): boolean =>
    it === undefined || typeof it === 'boolean' || (Number.isSafeInteger(it) && Number(it) >= 0)
  fc.assert(
    fc.property(text, fc.option(text, { nil: undefined }), (text, other) => {
      const its = [
        ...facts(dumped(text, 'client')),
        ...facts(dumped(text, 'server')),
        ...facts(configured(text, () => (other === undefined ? undefined : [other])).settings),
        version(text),
      ]
      return its.every(sane)
    }),
  )
  fc.assert(
    fc.property(fc.string(), text => {
      const its = kernel(() => text)
      return (
        [its.time, its.intvl, its.probes, its.retries2, its.synRetries].every(sane) &&
        its.rtoMin > 0 &&
        its.rtoMax > 0
      )
    }),
  )
  const begin = performance.now()
  for (const long of [
    '1'.repeat(1e6),
    '1m'.repeat(5e5),
    ' '.repeat(1e6),
    '"'.repeat(1e6),
    '#'.repeat(1e6),
    'a'.repeat(1e6),
  ]) {
    configured(`ClientAliveInterval ${long}x`, () => undefined)
    configured(long, () => undefined)
    dumped(`clientaliveinterval ${long}x`, 'server')
    version(`OpenSSH_${long}`)
  }
  t.ok(performance.now() - begin < 3000, 'and soon, however long it is')
})
