import fc from 'fast-check'
import t from 'tap'
import { Sequences } from '../../lib/sequences.js'

/** What is found in output that comes in these pieces; in it ^ stands for ESC. */
function found(...pieces: string[]): string[] {
  const cut = new Sequences([0x0e, 0x05])
  const list: string[] = []
  for (const piece of pieces) {
    const bytes = Buffer.from(piece.replaceAll('^', '\x1b'))
    for (let at = 0; at < bytes.length;) {
      at = cut.next(bytes, at)
      const numbers = Array.from(cut.params.subarray(0, cut.count), String)
      const between = (i: number) => (i === 0 ? ' ' : cut.colons[i] ? ':' : ';')
      const all = numbers.map((n, i) => between(i) + n).join('')
      if (cut.kind === 'control') list.push(`control ${cut.control}`)
      else if (cut.kind === 'csi') list.push(cut.name === '' ? 'csi' : `csi ${cut.name}${all}`)
      else if (cut.kind === 'broken') list.push(cut.open ? 'broken open' : 'broken')
      else if (cut.kind !== '') list.push(`${cut.kind} ${cut.name}${cut.open ? ' open' : ''}`)
    }
  }
  return cut.inside ? [...list, 'inside'] : list
}

t.test('output is cut into sequences and the controls that were asked for', async t => {
  const table: [output: string, ...found: string[]][] = [
    [''],
    ['plain\r\ntext \x0f\x07\x18é\u009bm'],
    ['a\x0eb\x05', 'control 14', 'control 5'],
    ['^[m', 'csi m -1'],
    ['^[0;31m', 'csi m 0;31'],
    ['^[38:2::1m', 'csi m 38:2:-1:1'],
    ['^[;5H', 'csi H -1;5'],
    ['^[?1000;1006h', 'csi ?h 1000;1006'],
    ['^[>4;2m^[!p^[5 q^[?25$p', 'csi >m 4;2', 'csi !p -1', 'csi  q 5', 'csi ?$p 25'],
    ['^[99999999m', 'csi m 65535'],
    ['^[1?2m^[ 1m^[?>m', 'csi', 'csi', 'csi'],
    [`^[${' '.repeat(9)}q^${'('.repeat(9)}B`, 'csi', 'escape '],
    ['^7^(0^#8^\\^("?', 'escape 7', 'escape (0', 'escape #8', 'escape \\', 'escape ("?'],
    ['^]0;a\x07^P1$q\x05m^\\', 'string ]', 'string P open', 'escape \\'],
    ['^_G^[m', 'string _ open', 'csi m -1'],
    ['^^[1^[m', 'broken open', 'broken open', 'csi m -1'],
    ['^[1\x18m^(\x1a0^]0;\x18', 'broken', 'broken', 'broken'],
    ['^[1\x0e;\r2m', 'control 14', 'csi m 1;2'],
    ['^', 'inside'],
    ['^[1;', 'inside'],
    ['^]0;a', 'inside'],
    ['^]0;a^', 'string ] open', 'inside'],
  ]
  for (const [output, ...expected] of table) t.strictSame(found(output), expected, output)
})

t.test('of very many numbers the first and the last are kept', async t => {
  const [all = ''] = found(`^[${'7;'.repeat(100000)}8m`)
  t.equal(all, `csi m ${'7;'.repeat(255)}8`)
})

t.test('it does not matter where the output is cut', async () => {
  const parts = '^,^,^[,^],^P,\\,6,38:2,;,?,>,$,(,m,h,\x07,\x18,\x05,\x0e,\n,é,text'.split(',')
  parts.push('far '.repeat(30), 'far '.repeat(30))
  const piece = fc.array(fc.constantFrom(...parts), { maxLength: 9 }).map(texts => texts.join(''))
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), pieces => {
      const whole = String(found(pieces.join('')))
      const single = Array.from(pieces.join(''))
      return whole === String(found(...pieces)) && whole === String(found(...single))
    }),
    { numRuns: Number(process.env['FC_RUNS'] ?? 300) },
  )
})

t.test('a clone goes on where the other was', async t => {
  const cut = new Sequences([])
  cut.next(Buffer.from('\x1b[?38:2;1'), 0)
  const other = cut.clone()
  for (const one of [cut, other]) {
    const bytes = Buffer.from('2;5$p')
    t.equal(one.next(bytes, 0), bytes.length)
    t.strictSame([one.name, one.count, one.param(2, 0), one.colons[1]], ['?$p', 4, 12, 1])
  }
})
