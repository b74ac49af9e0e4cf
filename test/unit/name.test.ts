import fc from 'fast-check'
import t from 'tap'
import { deviceOf, nameOf, nameOfDevice, numberOf } from '../../lib/name.js'

const MOST = 2 ** 20 - 1

t.test('a name and the number of a pty tell each other', async t => {
  const table: [n: number, name: string][] = [
    [0, 'p0'],
    [7, 'p7'],
    [10, 'pa'],
    [15, 'pf'],
    [16, 'q0'],
    [31, 'qf'],
    [0x27, 'r7'],
    [0xaf, 'zf'],
    [0xb0, 'a0'],
    [255, 'ef'],
    [256, 'qp0'],
    [0xabc, 'zac'],
    [4095, 'eef'],
    [4096, 'qpp0'],
    [MOST, 'eeeef'],
  ]
  for (const [n, name] of table) {
    t.equal(nameOf(n), name)
    t.equal(numberOf(name), n)
    t.equal(deviceOf(name), `/dev/pts/${n}`)
  }
})

t.test('every pty has a name of its own', async t => {
  fc.assert(fc.property(fc.nat(MOST), n => numberOf(nameOf(n)) === n))
  const names = Array.from({ length: 70000 }, (_, n) => nameOf(n))
  t.equal(new Set(names).size, names.length)
  t.ok(names.every(name => /^[a-ep-z]+[0-9a-f]$/.test(name)))
})

t.test('anything else is no name', async t => {
  const table = [
    ...['', ' ', 'p', '7', 'pp', 'p7 ', ' p7', 'p7\n', '\np7', 'p7\0', 'p7/', '/dev/ttyp7'],
    ...['P7', 'pA', 'pg', 'f0', 'o0', '70', '7p', 'pp0', 'ppp7', '../x', '.', '..', '~', '-y', '*'],
    ...[
      '--help',
      'p\x1b7',
      'é7',
      'p７',
      'ｐ7',
      'p٣',
      '__proto__',
      'toString',
      'p7p7',
      'p-1',
      'p7'.repeat(9),
    ],
    ...['p'.repeat(5000), `${'q'.repeat(5000)}0`, `q${'p'.repeat(30)}0`],
  ]
  for (const text of table) t.equal(numberOf(text), undefined, JSON.stringify(text).slice(0, 40))
})

t.test('no text is taken for a name that is not exactly one', async () => {
  const likely = fc.stringMatching(/^[a-z]{0,8}[0-9a-f]{0,2}$/)
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), likely), text => {
      const n = numberOf(text)
      return n === undefined || (Number.isSafeInteger(n) && n >= 0 && nameOf(n) === text)
    }),
    { numRuns: 1000 },
  )
})

t.test('a device number tells the session, if it is a pty', async t => {
  /** As the kernel packs them. */
  const device = (major: number, minor: number) =>
    ((minor & 0xff) | (major << 8) | ((minor & 0xfff00) << 12)) >>> 0
  const table: [major: number, minor: number, name: string | undefined][] = [
    [136, 0, 'p0'],
    [136, 31, 'qf'],
    [136, 256, 'qp0'],
    [136, MOST, 'eeeef'],
    [1, 3, undefined],
    [4, 1, undefined],
    [5, 0, undefined],
    [5, 2, undefined],
    [128, 7, undefined],
    [135, 0, undefined],
    [144, 0, undefined],
    [0, 0, undefined],
  ]
  for (const [major, minor, name] of table) {
    t.equal(nameOfDevice(device(major, minor)), name, `${major}, ${minor}`)
  }
  fc.assert(fc.property(fc.nat(MOST), n => nameOfDevice(device(136, n)) === nameOf(n)))
})
