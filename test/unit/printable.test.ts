import fc from 'fast-check'
import t from 'tap'
import { printable, printableJson, short } from '../../lib/printable.js'

const text = fc.string({ unit: 'binary', maxLength: 60 })
const raw = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map(n => String.fromCharCode(n)),
})

/** What no terminal may ever be sent by a listing. */
const HARMFUL = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff\ufffd]/u

t.test('what a terminal would act on is shown instead', async t => {
  const table: [name: string, text: string, shown: string][] = [
    ['NUL', 'a\0b', 'a^@b'],
    ['a colour', '\x1b[31mred', '^[[31mred'],
    ['a title', '\x1b]0;x\x07', '^[]0;x^G'],
    ['a new line', 'a\r\nb', 'a^M^Jb'],
    ['a tab', 'a\tb', 'a^Ib'],
    ['the last of C0', '\x1f', '^_'],
    ['DEL', 'a\x7f', 'a^?'],
    ['C1 CSI', '\x9b31m', '\\u{9b}31m'],
    ['the ends of C1', '\x80\x9f', '\\u{80}\\u{9f}'],
    ['an override of direction', 'a\u202egnp.exe', 'a\\u{202e}gnp.exe'],
    ['isolates and marks', '\u2066\u2069\u200e\u061c', '\\u{2066}\\u{2069}\\u{200e}\\u{61c}'],
    ['line and paragraph separators', '\u2028\u2029', '\\u{2028}\\u{2029}'],
    ['a byte order mark', '\ufeffa', '\\u{feff}a'],
    ['a zero-width space', 'p\u200b7', 'p\\u{200b}7'],
    ['a soft hyphen', 'p\u00ad7', 'p\\u{ad}7'],
    ['tags', 'a\u{e0041}', 'a\\u{e0041}'],
    ['interlinear notes', '\ufff9', '\\u{fff9}'],
    ['no characters', '\uffff\u{1fffe}', '\\u{ffff}\\u{1fffe}'],
    ['lone surrogates', '\ud83d \udcbb', '\\u{d83d} \\u{dcbb}'],
    ['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0x9b]).toString(), 'a\\u{fffd}\\u{fffd}'],
  ]
  for (const [name, text, shown] of table) t.equal(printable(text), shown, name)
})

t.test('ordinary text is left as it is', async t => {
  const table = [
    '',
    'writing net test program',
    'é e\u0301 ß Ω я',
    '日本語 한국어 繁體',
    'שלום مرحبا',
    'می\u200cخواهم',
    'क्\u200dष',
    '👩\u200d💻 ❤\ufe0f 🇩🇪 👍🏽',
    '葛\u{e0100}',
    '~/src\\x {9b} ^[ "quoted"',
    '\u00a0\u3000',
  ]
  for (const text of table) t.equal(printable(text), text, text)
})

t.test('nothing harmful is left of any text', async () => {
  fc.assert(fc.property(fc.oneof(text, raw), text => !HARMFUL.test(printable(text))))
})

t.test('what has been made printable stays as it is', async () => {
  fc.assert(fc.property(raw, text => printable(printable(text)) === printable(text)))
})

t.test('JSON of any text is harmless, one line, and parses to that text', async t => {
  fc.assert(
    fc.property(fc.oneof(text, raw), text => {
      const json = printableJson({ text })
      return !HARMFUL.test(json) && (JSON.parse(json) as { text: string }).text === text
    }),
  )
  t.equal(
    printableJson('\x1b\x7f\x9b\u202eé👩\u200d💻'),
    '"\\u001b\\u007f\\u009b\\u202eé👩\u200d💻"',
  )
  t.equal(
    printableJson('\u{e0041}'),
    '"\\udb40\\udc41"',
    'a pair for what is beyond the first plane',
  )
})

t.test('a text is cut by characters, with an ellipsis in place of what is gone', async t => {
  const table: [text: string, length: number, cut: string][] = [
    ['', 1, ''],
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['abcd', 1, '…'],
    ['💻💻💻', 3, '💻💻💻'],
    ['💻💻💻', 2, '💻…'],
    ['x'.repeat(5000), 40, `${'x'.repeat(39)}…`],
  ]
  for (const [text, length, cut] of table) t.equal(short(text, length), cut)
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 80 }), (text, length) => {
      const cut = Array.from(short(text, length))
      return cut.length <= length && (cut.at(-1) === '…' || cut.join('') === text)
    }),
  )
})
