import fc from 'fast-check'
import t from 'tap'
import { nameOf } from '../../lib/name.js'
import { parseTitle, title, type Titled } from '../../lib/title.js'

const since = 1766190540000

t.test('a title tells who is connected from where, since when', async t => {
  const table: [titled: Titled, text: string][] = [
    [{ name: 'p7' }, 'sessmaster p7'],
    [
      { name: 'p7', last: { what: 'connect', since, from: '10.0.0.1' } },
      'sessmaster p7 connect 1766190540 10.0.0.1',
    ],
    [
      { name: 'qp0', last: { what: 'connect', since, from: '/dev/pts/3' } },
      'sessmaster qp0 connect 1766190540 /dev/pts/3',
    ],
    [
      { name: 'p7', last: { what: 'disconnect', since, from: '' } },
      'sessmaster p7 disconnect 1766190540',
    ],
  ]
  for (const [titled, text] of table) {
    t.equal(title(titled), text)
    t.strictSame(parseTitle(text), titled)
  }
})

t.test('where somebody is from is one short word, whatever his environment says', async t => {
  const table: [from: string, shown: string][] = [
    ['', 'unknown'],
    ['a b', 'a?b'],
    ['\x1b]0;x\x07\n', '?]0;x?'],
    ['x'.repeat(200), 'x'.repeat(64)],
    ['fe80::1%eth0', 'fe80::1%eth0'],
  ]
  for (const [from, shown] of table) {
    const text = title({ name: 'p7', last: { what: 'connect', since, from } })
    t.equal(text, `sessmaster p7 connect 1766190540 ${shown}`)
  }
})

t.test('what is no title of a master is none', async t => {
  const table = [
    '',
    'sessmaster',
    'sessmaster ',
    'sessmaster ../x',
    'sessmaster 7p',
    'sessmaster P7',
    'sessmaster pp7',
    'sessmaster p7 ',
    ' sessmaster p7',
    'sessmaster p7 conn',
    'sessmaster p7 connect 1766190540',
    'sessmaster p7 connect 1766190540 ',
    'sessmaster p7 connect -1 10.0.0.1',
    'sessmaster p7 connect 1e9 10.0.0.1',
    'sessmaster p7 connect 9999999999999 10.0.0.1',
    'sessmaster p7 connect 1766190540 10.0.0.1 and more',
    `sessmaster p7 connect 1766190540 ${'x'.repeat(65)}`,
    'sessmaster p7 disconnect',
    'sessmaster p7 disconnect 1766190540 10.0.0.1',
    'sessmaster p7\n',
    'vi sessmaster p7',
  ]
  for (const text of table) t.equal(parseTitle(text), undefined, JSON.stringify(text))
})

t.test('any title that is made can be read', async () => {
  const last = fc.record({
    what: fc.constantFrom('connect' as const, 'disconnect' as const),
    since: fc.integer({ min: 0, max: 4e12 }),
    from: fc.string({ unit: 'binary', maxLength: 100 }),
  })
  fc.assert(
    fc.property(fc.nat(0xffffff), fc.option(last, { nil: undefined }), (n, last) => {
      const name = nameOf(n)
      const read = parseTitle(title(last ? { name, last } : { name }))
      return (
        read?.name === name &&
        read.last?.what === last?.what &&
        read.last?.since === (last && Math.floor(last.since / 1000) * 1000)
      )
    }),
  )
})

t.test('no text can do more than be no title', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      parseTitle(text)
      parseTitle(`sessmaster p7 connect ${text}`)
    }),
  )
})
