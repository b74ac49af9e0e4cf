// The letters of -p, told by what stty would make of its words on a terminal that has each mode the other way.
import t from 'tap'
import { Fatal } from '../../lib/die.js'
import { tuned } from '../../lib/tuning.js'

/** stty's words that stand for more than one, as far as these letters are concerned. */
const STANDS: Record<string, string> = {
  raw: '-ignbrk -brkint -inlcr -igncr -icrnl -ixon -istrip -opost -isig -icanon',
}

/** The modes that the words leave set (true) or not, of all that they touch. */
function modes(letters: string): Record<string, boolean> {
  const words = tuned(letters).replace(/min 1 time 0/g, '')
  const flat = words.split(/\s+/).flatMap(word => (STANDS[word] ?? word).split(' '))
  const pairs = flat.filter(Boolean).map(word => [word.replace(/^-/, ''), !word.startsWith('-')])
  return Object.fromEntries(pairs) as Record<string, boolean>
}

const on = (names: string) => Object.fromEntries(names.split(' ').map(name => [name, true]))
const off = (names: string) => Object.fromEntries(names.split(' ').map(name => [name, false]))

const COOKED = { ...off('ignbrk inlcr igncr'), ...on('brkint ixon isig iexten opost') }
const RAW = {
  ...off('ignbrk brkint inlcr igncr icrnl ixon istrip opost isig icanon'),
}

t.test('each letter decides one thing, and its capital the other', async t => {
  const table: [letters: string, expected: Record<string, boolean>][] = [
    ['', {}],
    ['c', off('icanon')],
    ['C', on('icanon')],
    ['e', on('echo')],
    ['E', off('echo')],
    ['n', on('icrnl onlcr')],
    ['N', off('icrnl onlcr')],
    ['r', RAW],
    ['R', { ...COOKED, ...on('icrnl onlcr icanon') }],
    ['s', on('echoe echoctl echoke')],
    ['S', off('echoe echoctl echoke')],
    ['8', off('istrip')],
    ['7', on('istrip')],
    ['0', { ...RAW, ...off('echo') }],
    ['cE8', { ...off('icanon echo istrip') }],
    ['NS', off('icrnl onlcr echoe echoctl echoke')],
  ]
  for (const [letters, expected] of table) t.strictSame(modes(letters), expected, letters)
  t.match(tuned('c'), /-icanon min 1 time 0/, 'a character is enough')
})

t.test('the later one counts', async t => {
  for (const pair of ['cC', 'eE', 'nN', 'rR', 'sS', '87']) {
    const [small = '', capital = ''] = pair
    t.equal(tuned(small + capital), tuned(capital), pair)
    t.equal(tuned(capital + small), tuned(small), capital + small)
  }
  t.equal(tuned('CRen0'), tuned('0'))
  t.equal(tuned('0'), tuned('crEN'), 'as the manual has it')
  t.strictSame(modes('0e'), { ...RAW, ...on('echo') })
  t.strictSame(modes('0R'), { ...COOKED, ...off('icanon echo icrnl onlcr') })
  t.strictSame(modes('0CR'), { ...COOKED, ...on('icanon'), ...off('echo icrnl onlcr') })
})

t.test('raw mode has no lines, and changes no characters', async t => {
  for (const letters of ['rn', 'nr', 'rC', 'Cr', 'rc']) t.equal(tuned(letters), tuned('r'), letters)
  t.strictSame(modes('r7'), { ...RAW, ...on('istrip') }, 'but it may be of seven bits')
})

t.test('a letter that there is not', async t => {
  for (const letter of ['d', 'D', 'x', '1', '-', 'é', '_']) {
    const refused = new Fatal(`unrecognized terminal mode option -p${letter}`, 1)
    t.throws(() => tuned(`c${letter}e`), refused, letter)
  }
})
