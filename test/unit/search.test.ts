import fc from 'fast-check'
import t from 'tap'
import { Search } from '../../lib/search.js'

/** How much of the text is read until the string is found, by a reader who takes all he may each time. */
function read(sought: string, text: string): number | undefined {
  const search = new Search(Buffer.from(sought))
  const bytes = Buffer.from(text)
  let at = 0
  while (search.most > 0) {
    if (at === bytes.length) return undefined
    const piece = bytes.subarray(at, at + search.most)
    search.feed(piece)
    at += piece.length
  }
  return at
}

t.test('a string is read up to its end, and not further', async t => {
  const table: [sought: string, text: string, read: number | undefined][] = [
    ['', 'abc', 0],
    ['a', 'abc', 1],
    ['c', 'abc', 3],
    ['login: ', 'last login: Mon\nlogin: ', 12],
    ['aab', 'aaaab', 5],
    ['abab', 'abaabab', 7],
    ['abcabd', 'abcabcabd', 9],
    ['abc', 'ab', undefined],
    ['x', '', undefined],
    ['ß', 'Straße', 6],
  ]
  for (const [sought, text, expected] of table) t.equal(read(sought, text), expected, sought)
})

t.test('it is found in pieces of any size, too', async t => {
  const find = (sought: string, ...pieces: string[]): boolean[] => {
    const search = new Search(Buffer.from(sought))
    return pieces.map(piece => search.find(Buffer.from(piece)))
  }
  t.strictSame(find('login: ', 'last login: Mon'), [true])
  t.strictSame(find('aab', 'xa', 'a', 'a', 'b and more'), [false, false, false, true])
  t.strictSame(find('abc', 'ab', 'abab', ''), [false, false, false])
})

t.test('it is found where it is first, whatever it repeats', async t => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 200 })
  const sought = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 })
  fc.assert(
    fc.property(sought, word, (sought, text) => {
      const at = text.indexOf(sought)
      t.equal(read(sought, text), at < 0 ? undefined : at + sought.length)
    }),
  )
})
