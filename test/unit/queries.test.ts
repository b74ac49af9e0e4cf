import fc from 'fast-check'
import t from 'tap'
import { Queries } from '../../lib/queries.js'

// In these tables ^ stands for ESC.
const raw = (text: string) => Buffer.from(text.replaceAll('^', '\x1b'), 'latin1')
const seen = (bytes: Buffer) => bytes.toString('latin1').replaceAll('\x1b', '^')
const words = (text: string) => text.trim().split(/\s+/)

/** What is left of output that comes in these pieces. */
function left(...pieces: (Buffer | string)[]): string {
  const queries = new Queries()
  const out = pieces.map(piece => queries.strip(typeof piece === 'string' ? raw(piece) : piece))
  return seen(Buffer.concat([...out, queries.end()]))
}

const ASKING = words(`
  c 0c >c >0c =c =0c 5n 6n ?6n ?15n ?996n 4$p ?2026$p >q >0q ?u x 1x 11t 13t 13;2t 14t 14;2t 15t
  16t 18t 19t 20t 21t 1;1;1;1;9;9*y ?1;1S ?2;4S ?4m ?4g 1$u &u 1$w "v '| 1;1;5;5#| #R #S 1,u`)

const TELLING = words(`
  m 1m 4:3m ?1h ?1000;1006h ?2004l 4h 5;20r >4;2m >4n >1n >4;1f >1u <u =1;1u !p 2J K 5A 10;10H 2S
  ?1c ?1;14;255c 1t 2t 8;24;80t 10;1t 22;0t 23;0t >1t 1"q 1$x 1*x 1*q 1$r ?25s ?25r s u 6i ?5W
  1;1;5;5$z 0$} 1'z #{ #}`)

t.test('control sequences and characters that ask are taken out', async t => {
  for (const what of ASKING) t.equal(left(`a^[${what}b`), 'ab', what)
  t.equal(left('a\x05b^Zc'), 'abc')
  t.equal(left('^[c^[6n\x05'), '')
})

t.test('all other control sequences pass', async t => {
  for (const what of TELLING) t.equal(left(`a^[${what}b`), `a^[${what}b`, what)
  for (const what of ['^7', '^8', '^c', '^=', '^(0', '^#8', '^%G', '^\\', '^M', '^kname^\\', '^ Z'])
    t.equal(left(`a${what}b`), `a${what}b`)
})

const ASKING_STRINGS = words(`
  ]4;1;? ]4;1;?;2;? ]4;1;red;2;? ]5;0;? ]10;? ]11;? ]12;? ]19;? ]10;red;? ]011;? ]52;c;? ]52;;?
  ]50;? ]702;? ]21;foreground=? ]22;?__current__ ]60 ]61;x ]99;i=1:p=?; ]1337;ReportCellSize
  ]1337;RequestUpload=format=tgz ]5522;type=read P$qm P$q"p P1$qr P+q544e P+Qx P@kitty-cmd{}
  _Ga=q;AAAA _Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA _Gi=1,a=q`)

const TELLING_STRINGS = words(`
  ]0;what? ]2;? ]0;a;? ]1;? ]7;file://h/a;? ]8;;http://x/;? ]9;? ]133;A;? ]777;notify;?;? ]4;1;red
  ]4;1;#fff ]10;#ffffff ]11;rgb:1/2/3 ]52;c;AAAA ]52;c;! ]104 ]110 ]22;pointer ]1337;File=a:AAAA
  ]99;i=1;hello ]P1aabbcc P0;0;0q#0 P1$r0m P1+r544e=78 Ptmux;a _Ga=T;AAAA _Ga=t,i=1;a=q
  _Gi=1;OK _a=q ^]11;? X]11;?`)

t.test('strings that ask are taken out with their terminators', async t => {
  for (const what of ASKING_STRINGS) {
    t.equal(left(`a^${what}\x07b`), 'ab', what)
    t.equal(left(`a^${what}^\\b`), 'ab', what)
    t.equal(left(`a^${what}^`, '\\b'), 'ab', what)
    t.equal(left(`a^${what}^[1mb`), 'a^[1mb', what)
  }
})

t.test('all other strings pass with theirs', async t => {
  for (const what of TELLING_STRINGS) {
    const string = raw('^').toString() + what
    t.equal(left(Buffer.from(`a${string}\x07b`)), `a^${what}\x07b`, what)
    t.equal(left(Buffer.from(`a${string}\x1b\\b`)), `a^${what}^\\b`, what)
  }
})

t.test('a question that is given up passes', async t => {
  for (const what of ['^[6\x18n', '^[6\x1an', '^]11;?\x18', '^[6^[1mn', '^P$q\x18m'])
    t.equal(left(what), what)
})

t.test('what stands before a question and is broken by it stays broken', async t => {
  const table: [output: string, left: string][] = [
    ['^[6^[6nn', '^[6\x18n'],
    ['^]0;title^[cb\x07', '^]0;title\x18b\x07'],
    ['^^Zb', '^\x18b'],
    ['^[6^]11;?\x07n', '^[6\x18n'],
    ['^[6^]11;?^\\n', '^[6\x18n'],
    ['^[6^[6^[6n^[6nn', '^[6^[6\x18n'],
    ['^[6\x05n', ''],
    ['^\x05[6n^]\x0511;?\x07', ''],
    ['^]11;?^[6n^\\n', '^\\n'],
  ]
  for (const [output, expected] of table) {
    t.equal(left(output), expected, output)
    t.equal(left(...Array.from(raw(output), byte => Buffer.of(byte))), expected, output)
  }
})

t.test('controls inside a question pass', async t => {
  t.equal(left('a^[\r6\n\x7fnb'), 'a\r\nb')
  t.equal(left('a^[\x07Zb'), 'a^[\x07Zb')
})

t.test('no length hides a question', async t => {
  for (const zeros of [300, 5000, 70000]) t.equal(left(`a^[${'0'.repeat(zeros)}6nb`), 'ab')
  t.equal(left(`a^P$q${'m'.repeat(9000)}^\\b`), 'ab')
  t.equal(left(`a^_Ga=q;${'A'.repeat(9000)}^\\b`), 'ab')
  t.equal(left(`a^]4;1;?;${'2;?;'.repeat(9000)}\x07b`), 'ab')
  t.equal(left(`a^é]11;?\x07b`), 'ab')
})

t.test('a long string passes without being held', async t => {
  const queries = new Queries()
  t.equal(queries.strip(raw('a^Pq')).length, 1)
  t.equal(queries.strip(Buffer.alloc(4000, '#')).length, 0)
  t.equal(queries.strip(Buffer.alloc(4000, '#')).length, 8003)
  t.equal(queries.strip(Buffer.alloc(65536, '#')).length, 65536)
  t.equal(seen(queries.strip(raw('^\\b^['))), '^\\b')
  t.equal(seen(queries.end()), '^[')
  t.equal(seen(queries.end()), '')
  t.equal(seen(queries.strip(raw('6nb'))), '6nb')
})

t.test('what has no escape passes as it is', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), bytes => {
      const text = Buffer.from(bytes.filter(byte => byte !== 0x1b && byte !== 5))
      return left(text) === seen(text)
    }),
  )
})

const PARTS =
  '^,^,^[,^],^P,^_G,^\\,\\,6,n,c,Z,?,>,;,11;?,4;1;?,$q,a=q,t,18,m,h,\x07,\x18,\x05,\n,é, ,text'
const output = fc
  .array(fc.constantFrom(...PARTS.split(','), ','), { maxLength: 40 })
  .map(parts => raw(parts.join('')))
const RUNS = { numRuns: Number(process.env['FC_RUNS'] ?? 500) }

t.test('it does not matter where the output is cut', async () => {
  fc.assert(
    fc.property(output, fc.array(fc.nat(100), { maxLength: 9 }), (bytes, cuts) => {
      const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length]
      const pieces = ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end))
      const single = Array.from(bytes, byte => Buffer.of(byte))
      return left(...pieces) === left(bytes) && left(...single) === left(bytes)
    }),
    RUNS,
  )
})

t.test('what is left asks nothing', async () => {
  fc.assert(
    fc.property(output, bytes => left(raw(left(bytes))) === left(bytes)),
    RUNS,
  )
})

t.test('what is left is what there was, but for cancelled beginnings', async () => {
  fc.assert(
    fc.property(output, bytes => {
      let at = 0
      const all = seen(bytes)
      for (const character of left(bytes).replaceAll('\x18', '')) {
        at = all.indexOf(character, at) + 1
        if (at === 0) return false
      }
      return true
    }),
    RUNS,
  )
})

t.test('any bytes are taken', async () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ size: 'max', maxLength: 2000 })), all => {
      const length = all.reduce((sum, bytes) => sum + bytes.length, 0)
      return left(...all.map(bytes => Buffer.from(bytes))).length <= length
    }),
  )
})
