import fc from 'fast-check'
import t from 'tap'
import { Modes } from '../../lib/modes.js'

// In these tables ^ stands for ESC.
const raw = (text: string) => Buffer.from(text.replaceAll('^', '\x1b'))
const seen = ({ set, undo }: Modes) => [set, undo].map(text => text.replaceAll('\x1b', '^'))
const ABORT = '\x18^\\'

function fed(output: string | Buffer, rows = 0): Modes {
  const modes = new Modes()
  modes.resize(rows)
  modes.feed(typeof output === 'string' ? raw(output) : output)
  return modes
}

type Row = [output: string, set: string, undo: string]

function holds(title: string, table: Row[]): void {
  t.test(title, async t => {
    for (const [output, ...both] of table)
      t.strictSame(seen(fed(`some ${output}text`)), both, output)
  })
}

holds('a mode is set again, and undone by its inverse', [
  ['', '', ''],
  ['^[?1000h', '^[?1000h', '^[?1000l'],
  ['^[?1000;1006h', '^[?1000h^[?1006h', '^[?1006l^[?1000l'],
  ['^[?1002h^[?1002l', '', ''],
  ['^[?2004h', '^[?2004h', '^[?2004l'],
  ['^[?25l', '^[?25l', '^[?25h'],
  ['^[?25l^[?25h', '', ''],
  ['^[?7l', '^[?7l', '^[?7h'],
  ['^[?7;8;25h', '', ''],
  ['^[?1;12h', '^[?1h^[?12h', '^[?12l^[?1l'],
  ['^[?1h^=', '^[?1h^=', '^>^[?1l'],
  ['^=^[?66l', '', ''],
  ['^[?1004;2048h', '^[?1004h^[?2048h', '^[?2048l^[?1004l'],
  ['^[?4242h', '^[?4242h', '^[?4242l'],
  ['^[4h', '^[4h', '^[4l'],
  ['^[12l^[20h', '^[12l^[20h', '^[20l^[12h'],
  ['^[34h', '', ''],
  ['^[?2l', '^[?2l', '^<'],
  ['^[?2l^<', '', ''],
  ['^[?6h', '^[?6h', '^[?6l'],
  ['^ G^%@', '^ G^%@', '^%G^ F'],
  ['^ G^%@^ F^%G', '', ''],
])

holds('a mode that is set once more counts as the latest', [
  ['^[?1000h^[?1003h^[?1000h', '^[?1003h^[?1000h', '^[?1000l^[?1003l'],
])

holds('an update of the screen is ended, and never begun', [['^[?2026h', '', '^[?2026l']])

holds('attributes and character sets are undone too', [
  ['^[1;31m', '^[1;31m', '^[m'],
  ['^[1;31m^[m', '', ''],
  ['^(0^[7m', '^(0^[7m', '^[m^(B'],
  ['^)0\x0e', '^)0\x0e', '\x0f^)B'],
  ['^)0\x0e\x0f', '^)0', '^)B'],
  ['\x0e', '\x0e', '\x0f'],
  ['^n', '^n', '\x0f'],
  ['^o\x0f', '', ''],
])

holds('a scroll region is set and undone without moving the cursor', [
  ['^[5;20r', '^7^[5;20r^8', '^7^[r^8'],
  ['^[5r', '^7^[5r^8', '^7^[r^8'],
  ['^[5;20r^[r', '', ''],
  ['^[5;20r^[1r', '', ''],
  ['^[5;20r^[9;9r', '^7^[5;20r^8', '^7^[r^8'],
  ['^[5;9s', '', ''],
  ['^[?69h^[5;9s', '^[?69h^7^[5;9s^8', '^[?69l'],
  ['^[?69h^[5;9s^[s', '^[?69h', '^[?69l'],
])

t.test('a region of all rows is none, and one for other rows is not set again', async t => {
  t.strictSame(seen(fed('^[1;24r', 24)), ['', ''])
  t.strictSame(seen(fed('^[1;24r', 25)), ['^7^[1;24r^8', '^7^[r^8'])
  const modes = fed('^[1;23r', 24)
  t.equal(modes.resize(50), true)
  t.strictSame(seen(modes), ['', '^7^[r^8'])
})

holds('the shape of the cursor and the options of the keyboard come and go', [
  ['^[5 q', '^[5 q', '^[0 q'],
  ['^[5 q^[2 q', '^[2 q', '^[0 q'],
  ['^[5 q^[ q', '', ''],
  ['^[>4;2m', '^[>4;2m', '^[>4m'],
  ['^[>4;2m^[>4m', '', ''],
  ['^[>4;2m^[>4;0m', '', ''],
  ['^[>4;2m^[>4n', '', ''],
  ['^[>4;2m^[>1;3m^[>m', '', ''],
  ['^[>1;0m', '^[>1;0m', '^[>1m'],
  ['^[>4;2n', '', ''],
  ['^[>n', '^[>2n', '^[>2m'],
  ['^[>4;1f', '^[>4;1f', '^[>4f'],
  ['^[>99;1m', '', ''],
])

holds('the kitty keyboard is a stack', [
  ['^[>1u', '^[>1u', '^[<1u'],
  ['^[>1u^[>5u', '^[>1u^[>5u', '^[<2u'],
  ['^[>1u^[>5u^[<u', '^[>1u', '^[<1u'],
  ['^[>1u^[<u', '', ''],
  ['^[>1u^[<9u', '', ''],
  ['^[=5u', '^[=5u', '^[=0u'],
  ['^[=5u^[=2;2u^[=1;3u', '^[=6u', '^[=0u'],
  ['^[=5u^[=0;1u', '', ''],
  ['^[>1u^[=3u', '^[>3u', '^[<1u'],
  ['^[=1u^[>3u', '^[=1u^[>3u', '^[<1u^[=0u'],
])

holds('the alternate screen is left in order', [
  ['^[?1049h', '^[?1049h', '^[?1049l'],
  ['^[?1049h^[?1049l', '', ''],
  ['^[?1049h^[?47l', '', ''],
  ['^[>1u^[?1049h^[>3u', '^[>1u^[?1049h^[>3u', '^[<1u^[?1049l^[<1u'],
  ['^[?1049h^[>3u^[?1049l', '', ''],
  [
    '^[?1049h^[>1u^[?1h^=^[?1006h^[?25l^[5;9r^[7m',
    '^[?1049h^[>1u^[5;9r^[7m^[?1h^=^[?1006h^[?25l',
    '^[?1006l^>^[?1l^[m^[<1u^[r^[?1049l^[?25h',
  ],
  ['^[5;9r^[?1049h^[2;3r', '^7^[5;9r^8^[?1049h^[2;3r', '^[r^[?1049l^7^[r^8'],
  ['^[31m^[?1049h^[m^[1m', '^[31m^[?1049h^[m^[1m', '^[m^[?1049l^[m'],
  ['^[31m^[?1049h^[m^[?1049l', '^[31m', '^[m'],
  ['^[?47h', '^[?47h', '^[?47l'],
  ['^[?47h^[5;9r', '^[?47h^7^[5;9r^8', '^7^[r^8^[?47l'],
  ['^7^[?47h', '^7^[?47h', '^[?47l^8'],
  ['^7^8^[?47h', '^[?47h', '^[?47l'],
  ['^[?1048h^[?1047h', '^7^[?1047h', '^[?1047l^8'],
  ['^[?1048h^[?1047h^[?1047l^[?1048l', '', ''],
])

holds('restoring the cursor restores how text is written', [
  ['^7^[7m^(0\x0e^[?6h^8', '', ''],
  ['^[1m^7^[0;7m^8', '^[1m', '^[m'],
  ['^[1m^[s^[m^[u', '^[1m', '^[m'],
  ['^[1m^8', '', ''],
  ['^[1m^7^[?1049h^[m^8', '^[1m^[?1049h^[m', '^[?1049l^[m'],
])

const MUCH = '^[?1049h^[?1003h^[?1h^[?7l^[?25l^[1m^(0^[>1u^[2;3r^[4h^[>4;1m'

holds('a reset resets all, a soft one part', [
  [`${MUCH}^c`, '', ''],
  [`${MUCH}^[!p`, '^[?1049h^[>1u^[?1003h^[>4;1m', '^[>4m^[?1003l^[<1u^[?1049l'],
])

t.test('questions, movements, strings and 8-bit introducers set nothing', async t => {
  const asking = 'c,>c,=c,6n,?6n,?25$p,4$p,>q,?u,14t,21t,x,?4m,?1;1S,1$r,"q,?25s,?25r'.split(',')
  const moving = 'H,2J,K,10;10H,S,T,5X,3 @,>1t,?1J,?1$h'.split(',')
  for (const what of [...asking, ...moving]) t.strictSame(seen(fed(`^[${what}`)), ['', ''], what)
  for (const what of 'D,E,M,Z,#8,H,\\,k,F,|'.split(','))
    t.strictSame(seen(fed(`^${what}`)), ['', ''], what)
  for (const text of [']0;a[?1h', 'P$q\x0em', 'Ptmux;[?1h', '_Gi=1;[1m', 'X[1m'])
    for (const end of ['\x07', '^\\']) t.strictSame(seen(fed(`^${text}${end}`)), ['', ''], text)
  t.strictSame(seen(fed('[?1h\u009b?1h')), ['', ''])
  t.strictSame(seen(fed(Buffer.from('\x9b?1h', 'latin1'))), ['', ''])
})

holds('a sequence may hold controls, and is given up at CAN, SUB and ESC', [
  ['^[?10\r\n00\x7f\0h', '^[?1000h', '^[?1000l'],
  ['^[?10\x0e00h', '\x0e^[?1000h', '^[?1000l\x0f'],
  ['^[?1000\x18h', '', ''],
  ['^[?1000\x1ah', '', ''],
  ['^[?1000^[?1002h', '^[?1002h', '^[?1002l'],
  ['^]0;title^[1m', '^[1m', '^[m'],
  ['^]0;title\x18\x0e', '\x0e', '\x0f'],
  ['^[1?1h^[? 1h^[1 2m', '', ''],
  [`^[?${'0'.repeat(9999)}5h`, '^[?5h', '^[?5l'],
  [`^[${'1;'.repeat(9999)}7m`, '^[1;7m', '^[m'],
  ['^[?99999999999999999999h', '^[?65535h', '^[?65535l'],
])

t.test('what is in the middle of a sequence is brought out of it first', async t => {
  for (const half of ['^', '^[', '^[?10', '^(', '^]0;title', '^Pq#0', '^]0;^']) {
    const modes = fed('^[1m')
    t.equal(modes.feed(raw(half)), true)
    t.strictSame(seen(modes), ['^[1m', `${ABORT}^[m`], half)
  }
})

t.test('feed and resize tell whether anything changed', async t => {
  const modes = new Modes()
  const table: [output: string, changed: boolean][] = [
    ['text', false],
    ['^[?1000h', true],
    ['^[?1000h', false],
    ['^[1mbold^[m', false],
    ['^[1mbold', true],
    ['^[H^[c', false],
    ['^[', true],
    ['m', true],
    ['\x0e', true],
    ['\x0e', false],
  ]
  for (const [output, changed] of table) t.equal(modes.feed(raw(output)), changed, output)
  t.equal(modes.resize(24), false)
})

t.test('a clone goes its own way, from the middle of a sequence too', async t => {
  const modes = fed('^[?1049h^[>1u^[1m^[?100', 24)
  const other = modes.clone()
  t.strictSame(seen(other), seen(modes))
  other.feed(raw('2h^[>3u^[4m^[?25l'))
  t.equal(seen(modes)[1], `${ABORT}^[m^[<1u^[?1049l`)
  t.equal(seen(other)[1], '^[?1002l^[m^[<2u^[?1049l^[?25h')
  modes.feed(raw('4h'))
  t.equal(seen(modes)[1], '^[?1004l^[m^[<1u^[?1049l')
})

t.test('hostile output sets little, and leaves room for what matters', async t => {
  const unknown = Array.from({ length: 5000 }, (_, i) => `^[?${i + 3000}h`).join('')
  const modes = fed(`${unknown}${'^[>1u'.repeat(9999)}^[?1003h^[?25l`)
  t.ok(modes.set.length < 2000 && modes.undo.length < 2000)
  t.ok(modes.undo.startsWith('\x1b[?1003l') && modes.undo.endsWith('\x1b[?25h'))
})

t.test('an endless sequence costs its time only', async t => {
  const modes = new Modes()
  for (const endless of ['^]0;', '^P', '^_G', '^[', '^[1;', '^[ ', '^(', '^\x80', '^'])
    for (let i = 0; i < 20; i++)
      modes.feed(Buffer.alloc(65536, i > 0 ? raw(endless.slice(-1)) : raw(`\x18${endless}`)))
  t.ok(modes.set.length < 100)
})

const oneOf = (texts: string) => fc.constantFrom(...texts.split(','))
const NUMBERS = ',0,1,2,4,5,6,24,25,38,47,66,69,1000,1047,1048,1049,2004,2026,3000,99999'
const csi = fc
  .tuple(
    oneOf(',,?,?,>,<,='),
    fc.array(fc.tuple(oneOf(NUMBERS), oneOf(';,;,:')), { maxLength: 6 }),
    oneOf('h,l,m,m,r,u, q,s,n,f,!p,c,H'),
  )
  .map(([prefix, numbers, last]) => `^[${prefix}${numbers.flat().join('').slice(0, -1)}${last}`)
const other = oneOf('^7,^8,^=,^>,^(0,^(B,^)0,^n,^o,^c,^<,^ G,^%@,^]0;t\x07,^]0;,^Pq,^\\,\x0e,\x0f')
const broken = oneOf('text,\x18,\x1a,^,^[,^[?,é,m,;,1,?,:,h,\x05,\x07,\x9b')
const output = fc
  .array(fc.oneof(csi, csi, other, broken), { maxLength: 40 })
  .map(parts => raw(parts.join('')))
const RUNS = { numRuns: Number(process.env['FC_RUNS'] ?? 300) }

t.test('it does not matter where the output is cut', async () => {
  fc.assert(
    fc.property(output, fc.array(fc.nat(300), { maxLength: 9 }), (bytes, cuts) => {
      const [whole, parts, single] = [new Modes(), new Modes(), new Modes()]
      whole.feed(bytes)
      const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length]
      ends.forEach((end, i) => parts.feed(bytes.subarray(ends[i - 1] ?? 0, end)))
      bytes.forEach(byte => single.feed(Buffer.of(byte)))
      const expected = String(seen(whole))
      return String(seen(parts)) === expected && String(seen(single)) === expected
    }),
    RUNS,
  )
})

t.test('once it is undone nothing is set; once it is set again all is as it was', async () => {
  fc.assert(
    fc.property(output, bytes => {
      const modes = fed(bytes)
      const [set = '', undo = ''] = seen(modes)
      const expected = [set, undo.replace(ABORT, '').replace('^[?2026l', '')]
      modes.feed(raw(undo))
      return String(seen(modes)) === ',' && String(seen(fed(set))) === String(expected)
    }),
    RUNS,
  )
})

t.test('any bytes are taken', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ size: 'max', maxLength: 5000 }), bytes => {
      const { set, undo } = fed(Buffer.from(bytes))
      return set.length < 4000 && undo.length < 4000
    }),
    RUNS,
  )
})
