import fc from 'fast-check'
import t from 'tap'
import { CastReader, head, lines } from '../../lib/cast.js'
import type { Event } from '../../lib/event.js'
import { obstacle, whole } from '../../lib/resume.js'

const HEAD = head({ columns: 80, rows: 24 })
const output = (bytes: Buffer): Event => ({ type: 'output', bytes })
const BYTES = lines({ wait: 1, event: output(Buffer.from('caf\xe9', 'latin1')) })
const [COMMENT = ''] = BYTES.split('\n')

t.test('only asciicast 3 is gone on with', async t => {
  const table: [beginning: string, why: RegExp | undefined][] = [
    [HEAD, undefined],
    [HEAD.trimEnd(), undefined],
    [`${HEAD}what comes after it`, undefined],
    ['{"version":2,"width":80,"height":24}\n', /^it is an asciicast of version 2: /],
    ['{"version":1,"stdout":[]}', /^it is an asciicast of no known version$/],
    ['\x01\0\0\0\x01\0\0\0\x02\0\0\0ab', /^it is a ttyrec: /],
    ['hello\n', /^it is no recording$/],
    ['{"version":3}\n', /^its size is no size$/],
    ['{"version":3,"ter', /^it is no recording$/],
    ['\n', /^there is no recording in it$/],
  ]
  for (const [beginning, why] of table) {
    const said = obstacle(Buffer.from(beginning, 'latin1'))
    if (why) t.match(said, why, beginning)
    else t.equal(said, undefined, beginning)
  }
})

t.test('what is half written is cut off, and nothing else', async t => {
  const all = HEAD + BYTES
  const table: [end: string, stays: string, before: string][] = [
    [HEAD, HEAD, ''],
    [all, all, ''],
    [`${all}[0.1, "o", "half`, all, ''],
    [`${all}# byt`, all, ''],
    [`${all}[0.1, "o", "whole"]`, `${all}[0.1, "o", "whole"]`, '\n'],
    [`${HEAD}${COMMENT}\n`, HEAD, ''],
    [`${HEAD}${COMMENT}\n[0.1, "o", "caf`, HEAD, ''],
    [
      `${HEAD}${COMMENT}\n[0.1, "o", "caf\ufffd"]`,
      `${HEAD}${COMMENT}\n[0.1, "o", "caf\ufffd"]`,
      '\n',
    ],
    [HEAD.trimEnd(), HEAD.trimEnd(), '\n'],
  ]
  for (const [end, stays, before] of table)
    t.strictSame(whole(Buffer.from(end), true), { length: Buffer.byteLength(stays), before }, end)
  t.equal(whole(Buffer.from('[0.1, "o", "the end of a long'), false), undefined)
  t.equal(whole(Buffer.from('the end of a long"]\n[0.1, "o", "hal'), false), undefined)
  t.match(whole(Buffer.from('a long"]\n[0, "o", "x"]\n[0.1, "o", "ha'), false), { length: 23 })
})

t.test('wherever it broke off, it is a recording again, with all that was whole', async () => {
  const event = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 20 }).map(bytes => output(Buffer.from(bytes))),
    fc.string().map((label): Event => ({ type: 'mark', label })),
  )
  const read = (bytes: Buffer) => {
    const reader = new CastReader()
    return [...reader.read(bytes), ...reader.end()]
  }
  fc.assert(
    fc.property(fc.array(event, { maxLength: 5 }), fc.nat(), (events, n) => {
      const all = Buffer.from(HEAD + events.map(event => lines({ wait: 1, event })).join(''))
      const cut = all.subarray(0, HEAD.length - 1 + (n % (all.length - HEAD.length + 2)))
      const stay = whole(cut, true)
      if (!stay) return false
      const last: Event = { type: 'mark', label: 'on' }
      const on = stay.before + lines({ wait: 1, event: last })
      const now = read(Buffer.concat([cut.subarray(0, stay.length), Buffer.from(on)]))
      const expected = [...read(cut), { wait: 1, event: last }]
      return JSON.stringify(now) === JSON.stringify(expected)
    }),
  )
})
