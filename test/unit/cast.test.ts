import fc from 'fast-check'
import t from 'tap'
import { CastReader, head, lines } from '../../lib/cast.js'
import { Fatal } from '../../lib/die.js'
import type { Event, Header, Moment } from '../../lib/event.js'

const HEAD = '{"version":3,"term":{"cols":80,"rows":24}}\n'
const OLD = '{"version": 2, "width": 80, "height": 24}\n'

interface Read {
  header: Header | undefined
  moments: Moment[]
  cut: boolean
}

function read(...pieces: (string | Buffer)[]): Read {
  const reader = new CastReader()
  const moments = pieces.flatMap(piece => [...reader.read(Buffer.from(piece))])
  moments.push(...reader.end())
  return { header: reader.header, moments, cut: reader.cut }
}

const output = (text: string | Buffer): Event => ({ type: 'output', bytes: Buffer.from(text) })

/** Each as [time, what], rounded as the format is. */
const shown = (moments: Moment[]): unknown[] =>
  moments.map(({ wait, event }) => {
    const what =
      'bytes' in event ? { ...event, bytes: event.bytes.toString('latin1') } : { ...event }
    return [Math.round(wait * 1e6) / 1e6, what]
  })

t.test('what is written is asciicast 3', async t => {
  t.equal(head({ columns: 80, rows: 24 }), HEAD)
  t.equal(
    head({ columns: 132, rows: 50, term: 'xterm', since: 1700000000.9 }),
    '{"version":3,"term":{"cols":132,"rows":50,"type":"xterm"},"timestamp":1700000000}\n',
  )
  const table: [event: Event, line: string][] = [
    [output('é\r\n\x1b[m"'), '[0.250000, "o", "é\\r\\n\\u001b[m\\""]\n'],
    [{ type: 'input', bytes: Buffer.from('\x7f\u009b') }, '[0.250000, "i", "\\u007f\\u009b"]\n'],
    [output('\u2028\u0085'), '[0.250000, "o", "\\u2028\\u0085"]\n'],
    [{ type: 'size', columns: 90, rows: 30 }, '[0.250000, "r", "90x30"]\n'],
    [{ type: 'mark', label: 'here' }, '[0.250000, "m", "here"]\n'],
    [{ type: 'exit', status: 1 }, '[0.250000, "x", "1"]\n'],
  ]
  for (const [event, line] of table) t.equal(lines({ wait: 0.25, event }), line)
})

t.test('bytes that are no text are text to others, and whole to us', async t => {
  const bytes = Buffer.from('caf\xe9', 'latin1')
  const written = lines({ wait: 0, event: output(bytes) })
  t.equal(written, '# bytes: Y2Fm6Q==\n[0.000000, "o", "caf\ufffd"]\n')
  t.strictSame(read(HEAD, written).moments, [{ wait: 0, event: output(bytes) }])
  const same = lines({ wait: 0, event: output('\ufffd') })
  t.equal(same, '[0.000000, "o", "\ufffd"]\n')
  for (const other of [
    '# bytes: eHh4\n[0, "o", "caf\ufffd"]\n',
    '# bytes: \ufffd\n[0, "o", "caf\ufffd"]\n',
    '# bytes: Y2Fm6Q==\n[0, "m", ""]\n[0, "o", "caf\ufffd"]\n',
  ]) {
    const its = read(HEAD, other).moments.at(-1)?.event
    t.strictSame(its, output('caf\ufffd'), 'a comment that does not fit is none')
  }
})

t.test('version 3 tells the time between events, version 2 since the beginning', async t => {
  const events = '[1, "o", "a"]\n[2.5, "?", ""]\n[3, "o", "b"]\n[2, "o", "c"]\n'
  const waits = (head: string): number[] => read(head, events).moments.map(({ wait }) => wait)
  t.strictSame(waits(HEAD), [1, 5.5, 2])
  t.strictSame(waits(OLD), [1, 2, 0])
})

t.test('headers', async t => {
  const table: [line: string, header: Header][] = [
    ['{"version":2,"width":80,"height":24}', { columns: 80, rows: 24 }],
    [
      '{"version":2,"width":80,"height":24,"timestamp":1504467315,"idle_time_limit":1.5,"title":"x","env":{"TERM":"a"}}',
      { columns: 80, rows: 24, idle: 1.5 },
    ],
    [
      '{"version":3,"term":{"cols":0,"rows":0,"type":"xterm"},"idle_time_limit":null}',
      { columns: 0, rows: 0 },
    ],
  ]
  for (const [line, header] of table) {
    t.strictSame(read(`${line}\n`).header, header)
    t.strictSame(read(line).header, header, 'also without an end of line')
  }
})

t.test('comments, empty lines and kinds unknown are passed over', async t => {
  const { moments, cut } = read(`${HEAD}# a\n\n  \n[1, "z", "", 4]\r\n[1, "o", "a", "more"]\n`)
  t.strictSame(moments, [{ wait: 2, event: output('a') }])
  t.equal(cut, false)
})

t.test('what is no recording is refused, and where', async t => {
  const deep = '['.repeat(1e6)
  const long = `[0, "o", "${'x'.repeat(4 * 1024 * 1024)}"]\n`
  const table: [file: string, why: string][] = [
    ['', 'there is no recording in it'],
    ['\n', 'it is no recording'],
    ['hello\n', 'it is no recording'],
    ['[]\n', 'it is no recording'],
    ['null\n', 'it is no recording'],
    ['{"version":3', 'it is no recording'],
    ['{"version":1,"width":80,"height":24,"stdout":[]}', 'it is an asciicast of no known version'],
    ['{"version":"2"}\n', 'it is an asciicast of no known version'],
    ['{"version":3}\n', 'its size is no size'],
    ['{"version":3,"term":null}\n', 'its size is no size'],
    ['{"version":2,"width":-1,"height":24}\n', 'its size is no size'],
    ['{"version":2,"width":80,"height":1e9}\n', 'its size is no size'],
    ['{"version":2,"width":"80","height":24}\n', 'its size is no size'],
    [`${HEAD}{}\n`, 'line 2 is no event'],
    [`${HEAD}[]\n`, 'line 2 is no event'],
    [`${HEAD}# ok\n[0, "o", "a"]\nnull\n`, 'line 4 is no event'],
    [`${HEAD}[0, "o"]\n`, 'line 2 is no event'],
    [`${HEAD}["0", "o", ""]\n`, 'line 2 is no event'],
    [`${HEAD}[-1, "o", ""]\n`, 'line 2 is no event'],
    [`${HEAD}[1e308, "o", ""]\n`, 'line 2 is no event'],
    [`${HEAD}[1e999, "o", ""]\n`, 'line 2 is no event'],
    [`${HEAD}[0, 1, ""]\n`, 'line 2 is no event'],
    [`${HEAD}[0, "o", {"a": 1}]\n`, 'line 2 is no event'],
    [`${HEAD}[0, "r", "80"]\n`, 'line 2 is no event'],
    [`${HEAD}[0, "r", "99999x24"]\n`, 'line 2 is no event'],
    [`${HEAD}[0, "x", "-1"]\n`, 'line 2 is no event'],
    [`${HEAD}${deep}\n`, 'line 2 is no event'],
    [`${deep}\n`, 'it is no recording'],
    [HEAD + long, 'line 2 is too long'],
  ]
  for (const [file, message] of table)
    t.throws(() => read(file), { message, status: 1 }, file.slice(0, 60))
  const reader = new CastReader()
  const before: Moment[] = []
  t.throws(() => {
    for (const moment of reader.read(Buffer.from(`${HEAD}[0, "o", "a"]\nx\n`))) before.push(moment)
  })
  t.equal(before.length, 1, 'what comes before is had')
})

t.test('a last line that is not whole is left out', async t => {
  const whole = '[0.5, "o", "ab"]'
  for (let length = 1; length < whole.length; length++) {
    const { moments, cut } = read(HEAD, whole, '\n', whole.slice(0, length))
    t.strictSame([moments.length, cut], [1, true])
  }
  t.strictSame(read(HEAD, whole).cut, false, 'an end of line is not needed')
})

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.uint8Array().map(bytes => output(Buffer.from(bytes))),
  fc.string({ unit: 'binary' }).map(text => output(text)),
  fc.uint8Array().map((bytes): Event => ({ type: 'input', bytes: Buffer.from(bytes) })),
  fc
    .record({ columns: fc.nat(65535), rows: fc.nat(65535) })
    .map((size): Event => ({ type: 'size', ...size })),
  fc.string({ unit: 'grapheme' }).map((label): Event => ({ type: 'mark', label })),
  fc.nat(255).map((status): Event => ({ type: 'exit', status })),
)
const moment = fc.record({ wait: fc.nat(1e9).map(n => n / 1e6), event })

t.test('what is written is read, byte for byte, however it is cut', async t => {
  fc.assert(
    fc.property(fc.array(moment), fc.integer({ min: 1, max: 99 }), (moments, size) => {
      const file = Buffer.from(HEAD + moments.map(lines).join(''))
      const pieces: Buffer[] = []
      for (let at = 0; at < file.length; at += size) pieces.push(file.subarray(at, at + size))
      const its = read(...pieces)
      t.strictSame(shown(its.moments), shown(moments))
      t.equal(its.cut, false)
      t.match(file.toString(), /^[^\x00-\x09\x0b-\x1f\x7f-\x9f]*$/)
    }),
  )
})

t.test('a damaged recording is read as far as it is one, or refused', async t => {
  const file = HEAD + lines({ wait: 1, event: output('caf\xe9') }) + '[0, "r", "80x24"]\n'
  const damage = fc.array(fc.tuple(fc.nat(file.length), fc.oneof(fc.nat(255), fc.constant(10))))
  fc.assert(
    fc.property(damage, fc.nat(file.length), (damage, length) => {
      const bytes = Buffer.from(file)
      for (const [at, byte] of damage) if (at < bytes.length) bytes[at] = byte
      try {
        read(bytes.subarray(0, length))
      } catch (error) {
        t.ok(error instanceof Fatal && error.status === 1)
      }
    }),
  )
})
