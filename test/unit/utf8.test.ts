import fc from 'fast-check'
import t from 'tap'
import { Characters } from '../../lib/utf8.js'

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')

t.test('only what may be the beginning of a character waits', async t => {
  const table: [piece: string, whole: string, waits: string][] = [
    ['61 62', '61 62', ''],
    ['61 c3', '61', 'c3'],
    ['c3 a9', 'c3 a9', ''],
    ['e2 82', '', 'e2 82'],
    ['f0 9f 98', '', 'f0 9f 98'],
    ['f0 9f 98 80', 'f0 9f 98 80', ''],
    ['a9', 'a9', ''],
    ['a9 a9 a9 a9', 'a9 a9 a9 a9', ''],
    ['c0', 'c0', ''],
    ['ff 80', 'ff 80', ''],
    ['e9 41', 'e9 41', ''],
    ['41 e9', '41', 'e9'],
    ['c3 a9 a9', 'c3 a9 a9', ''],
  ]
  for (const [piece, whole, waits] of table) {
    const characters = new Characters()
    t.same(characters.whole(bytes(piece)), bytes(whole), piece)
    t.same(characters.end(), bytes(waits), piece)
    t.same(characters.end(), Buffer.alloc(0), 'and once only')
  }
})

t.test('text survives any cut, and bytes that are no text, too', async t => {
  const content = fc.oneof(
    fc.string({ unit: 'grapheme' }).map(text => Buffer.from(text)),
    fc.uint8Array().map(array => Buffer.from(array)),
  )
  fc.assert(
    fc.property(content, fc.array(fc.nat(9)), (content, cuts) => {
      const characters = new Characters()
      const out: Buffer[] = []
      let at = 0
      for (const length of cuts) {
        out.push(characters.whole(content.subarray(at, at + length)))
        at += length
      }
      out.push(characters.whole(content.subarray(at)), characters.end())
      t.same(Buffer.concat(out), content)
      const text = content.toString()
      if (Buffer.from(text).equals(content))
        t.equal(out.map(piece => piece.toString()).join(''), text)
    }),
  )
})
