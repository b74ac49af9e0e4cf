import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { Frames, Rubbish, reply, request } from '../../lib/frames.js'
import { CHUNK, LONGEST, VERSION } from '../../lib/wire.js'
import type { Message, Reply, Request } from '../../lib/wire.js'
import { REPLIES, REQUESTS, bytes } from './messages.js'
import type { Samples } from './messages.js'

function frame(letter: string, body: string | Buffer, length = Buffer.byteLength(body)): Buffer {
  const head = Buffer.alloc(4)
  head.write(letter, 'latin1')
  head.writeUIntBE(length, 1, 3)
  return Buffer.concat([head, Buffer.from(body)])
}

/** What an older peer left out is taken to be this; what it runs is a session. */
function missing(value: unknown, named = ''): unknown {
  if (named === 'session') return true
  if (Array.isArray(value)) return []
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' ? '' : typeof value === 'number' ? 0 : false
  }
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, missing(one, name)]))
}

/** Is it refused as rubbish, rather than done or failed in any other way? */
function rubbish(what: () => unknown): boolean {
  try {
    what()
    return false
  } catch (error) {
    return error instanceof Rubbish
  }
}

function shown<M extends Message>(
  side: string,
  fixed: string,
  samples: Samples<M>,
  encode: (message: M) => Buffer,
  frames: () => Frames<M>,
): void {
  const arbitraries = Object.values<fc.Arbitrary<M>>(samples)
  const any = fc.oneof(...arbitraries)
  const one = arbitraries.map(arbitrary => fc.sample(arbitrary, { numRuns: 1, seed: 4 })).flat()
  const letters = one.map(message => encode(message).toString('latin1', 0, 1))
  const talk = Buffer.concat(one.map(encode))
  const told = one.filter(message => !('bytes' in message) && message.type !== 'seen')

  function read(...pieces: Buffer[]): M[] {
    const reader = frames()
    return pieces.flatMap(piece => [...reader.read(piece)])
  }

  t.test(`${side}: every message arrives as it was sent`, async t => {
    for (const arbitrary of arbitraries) {
      fc.assert(
        fc.property(arbitrary, message => deepStrictEqual(read(encode(message)), [message])),
      )
    }
    t.equal(new Set(letters).size, arbitraries.length, 'and each has its own letter')
    t.equal(letters.join(''), fixed, 'which stays, for older masters')
  })

  t.test(`${side}: however the bytes are cut and joined, the messages are the same`, async t => {
    for (let at = 0; at <= talk.length; at++) {
      const pieces = [talk.subarray(0, at), talk.subarray(at)]
      deepStrictEqual(read(...pieces), one)
    }
    t.strictSame(read(...Array.from(talk, byte => Buffer.from([byte]))), one, 'byte by byte')
    fc.assert(
      fc.property(fc.array(any), fc.array(fc.nat()), (messages, places) => {
        const all = Buffer.concat(messages.map(encode))
        const cuts = [0, ...places.map(place => place % (all.length + 1)), all.length]
        cuts.sort((a, b) => a - b)
        const pieces = cuts.map((cut, i) => all.subarray(cut, cuts[i + 1]))
        deepStrictEqual(read(...pieces), messages)
      }),
    )
  })

  t.test(`${side}: half a frame is known as such until the rest is there`, async t => {
    const reader = frames()
    t.equal(reader.half, false)
    const ends = new Set<number>()
    let end = 0
    for (const message of one) ends.add((end += encode(message).length))
    for (const [i, byte] of talk.entries()) {
      const count = [...reader.read(Buffer.from([byte]))].length
      const whole = ends.has(i + 1)
      deepStrictEqual([count, reader.half], whole ? [1, false] : [0, true], `byte ${i}`)
    }
  })

  t.test(`${side}: an unknown letter is skipped`, async () => {
    const unknown = fc.integer({ min: 0, max: 255 }).map(n => String.fromCharCode(n))
    const stranger = unknown.filter(letter => !letters.includes(letter))
    fc.assert(
      fc.property(any, stranger, bytes, (message, letter, body) => {
        const whole = encode(message)
        deepStrictEqual(read(frame(letter, body), whole, frame(letter, body), whole), [
          message,
          message,
        ])
      }),
    )
  })

  t.test(`${side}: a missing field has its default, an unknown one is ignored`, async t => {
    const more = { type: 'kill', more: { a: [1] }, toString: 1, constructor: 2 }
    for (const message of told) {
      const { type, ...fields } = message
      const letter = encode(message).toString('latin1', 0, 1)
      const empty = { type, ...(missing(fields) as object) }
      t.strictSame(read(frame(letter, '{}')), [empty], type)
      const grown = JSON.stringify({ ...more, ...fields, ['__proto__']: null })
      t.strictSame(read(frame(letter, grown)), [message], type)
      t.strictSame(read(frame(letter, '{"__proto__":{"title":"x","force":true}}')), [empty], type)
    }
    t.equal(({} as { force?: boolean }).force, undefined)
  })

  t.test(`${side}: a field of another type is rubbish`, async t => {
    const values = ['null', '"x"', '7', '1.5', '1e400', '9007199254740993', 'true', '{}', '[]']
    const others = [...values, '[null]', '[7]', '[[]]', '["x"]']
    const fits = (value: unknown, json: string) => {
      if (Array.isArray(value)) return json === '[]'
      if (typeof value === 'number') return json === '7'
      return typeof value === 'object'
        ? json === '{}'
        : json === (typeof value === 'boolean' ? 'true' : '"x"')
    }
    for (const message of told) {
      const { type, ...fields } = message
      const letter = encode(message).toString('latin1', 0, 1)
      for (const [name, value] of Object.entries(missing(fields) as object)) {
        for (const json of others.filter(json => !fits(value, json))) {
          const body = `{"${name}":${json}}`
          t.ok(
            rubbish(() => read(frame(letter, body))),
            `${type} ${body}`,
          )
        }
      }
    }
  })

  t.test(`${side}: a body that is no object, or no JSON, is rubbish`, async t => {
    const bodies = [
      '',
      '{',
      '[]',
      'null',
      '7',
      '"x"',
      'x',
      '{}{}',
      '{"a":1',
      '\0',
      '\xff',
      "{'a':1}",
    ]
    const deep = ['['.repeat(LONGEST), '{"a":'.repeat(13000)]
    for (const message of told) {
      const letter = encode(message).toString('latin1', 0, 1)
      for (const body of [...bodies, ...deep]) {
        t.ok(
          rubbish(() => read(frame(letter, body))),
          `${message.type} ${JSON.stringify(body.slice(0, 9))}`,
        )
      }
      t.ok(rubbish(() => read(frame(letter, Buffer.from([0x7b, 0xff, 0xfe])))))
    }
  })

  t.test(`${side}: what flows has an offset of six bytes`, async t => {
    for (const message of one.filter(message => !told.includes(message))) {
      const letter = encode(message).toString('latin1', 0, 1)
      for (let length = 0; length < 6; length++) {
        t.ok(
          rubbish(() => read(frame(letter, Buffer.alloc(length, 1)))),
          message.type,
        )
      }
      t.match(read(frame(letter, Buffer.alloc(6, 0xff))), [{ offset: 2 ** 48 - 1 }])
    }
  })

  t.test(`${side}: a length beyond the limit is refused before its body comes`, async t => {
    for (const letter of [...letters, '?', '\0', '\xff']) {
      for (const length of [LONGEST + 1, 0x020000, 0xffffff]) {
        t.ok(rubbish(() => read(frame(letter, '', length))))
      }
    }
    t.strictSame(read(frame('?', '', LONGEST)), [])
    t.strictSame(read(frame('?', Buffer.alloc(LONGEST)), talk), one)
  })

  t.test(`${side}: what comes before rubbish is read`, async t => {
    const got: M[] = []
    const refused = rubbish(() => {
      const bytes = Buffer.concat([talk, frame('?', '', 0xffffff)])
      for (const message of frames().read(bytes)) got.push(message)
    })
    t.ok(refused)
    t.strictSame(got, one)
  })

  t.test(`${side}: any bytes at all are messages, half a frame or rubbish`, async () => {
    const letter = fc.constantFrom(...letters)
    const body = fc.oneof(
      bytes,
      fc.json().map(json => Buffer.from(json)),
      whole(told),
    )
    const framed = fc.tuple(letter, body).map(([letter, body]) => frame(letter, body))
    const random = fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes))
    fc.assert(
      fc.property(fc.array(fc.oneof(framed, random)), pieces => {
        try {
          read(...pieces)
        } catch (error) {
          if (!(error instanceof Rubbish)) throw error
        }
      }),
      { numRuns: 1000 },
    )
  })
}

/** Objects with the right names and any values. */
function whole(messages: Message[]): fc.Arbitrary<Buffer> {
  const names = [...new Set(messages.flatMap(message => Object.keys(message)))]
  return fc
    .dictionary(fc.constantFrom(...names), fc.jsonValue())
    .map(fields => Buffer.from(JSON.stringify(fields)))
}

shown('to a master', 'HCISYWGFBLEDRTQKMNPA', REQUESTS, request, () => Frames.requests())
shown('from a master', 'hcrosmfudwntzybekxigv', REPLIES, reply, () => Frames.replies())

t.test('a message too long for a frame is refused by its sender', async t => {
  const full = Buffer.alloc(CHUNK, 0xff)
  t.equal(request({ type: 'input', offset: 0, bytes: full }).length, 4 + LONGEST)
  t.equal(reply({ type: 'output', offset: 0, bytes: full }).length, 4 + LONGEST)
  const [message] = Frames.replies().read(reply({ type: 'output', offset: 7, bytes: full }))
  t.strictSame(message, { type: 'output', offset: 7, bytes: full })
  const longer = Buffer.alloc(CHUNK + 1)
  t.ok(rubbish(() => request({ type: 'input', offset: 0, bytes: longer })))
  t.ok(rubbish(() => reply({ type: 'output', offset: 0, bytes: longer })))
  const room = LONGEST - '{"text":""}'.length
  t.equal(reply({ type: 'notice', text: 'x'.repeat(room) }).length, 4 + LONGEST)
  t.ok(rubbish(() => reply({ type: 'notice', text: 'x'.repeat(room + 1) })))
  t.ok(rubbish(() => reply({ type: 'notice', text: 'é'.repeat(room / 2 + 1) })))
  t.ok(rubbish(() => reply({ type: 'notice', text: '\x1b'.repeat(room / 2) })))
})

t.test('the bytes of a message do not change with the buffer that they were read from', async t => {
  const from = reply({ type: 'output', offset: 1, bytes: Buffer.from('abc') })
  const [message] = Frames.replies().read(from)
  from.fill(0)
  t.strictSame(message, { type: 'output', offset: 1, bytes: Buffer.from('abc') })
})

t.test('the bytes stay: what an old master says and hears is fixed', async t => {
  const said: [message: Request, frame: string][] = [
    [{ type: 'hello', version: VERSION }, 'H\0\0\x0d{"version":1}'],
    [
      { type: 'input', offset: 258, bytes: Buffer.from('\xff') },
      'I\0\0\x08\0\0\0\0\x01\x02\xc3\xbf',
    ],
    [{ type: 'seen', offset: 1 }, 'S\0\0\x06\0\0\0\0\0\x01'],
    [{ type: 'disconnect' }, 'D\0\0\x02{}'],
    [{ type: 'info' }, 'Q\0\0\x02{}'],
  ]
  for (const [message, frame] of said) t.equal(request(message).toString('latin1'), frame)
  const heard: [message: Reply, frame: string][] = [
    [{ type: 'hello', version: VERSION }, 'h\0\0\x0d{"version":1}'],
    [{ type: 'output', offset: 2, bytes: Buffer.from('a') }, 'o\0\0\x07\0\0\0\0\0\x02a'],
    [{ type: 'ended', status: 137 }, 'e\0\0\x0e{"status":137}'],
    [{ type: 'ok', said: false }, 'k\0\0\x0e{"said":false}'],
  ]
  for (const [message, frame] of heard) t.equal(reply(message).toString('latin1'), frame)
})
