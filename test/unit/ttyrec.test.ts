import fc from 'fast-check'
import t from 'tap'
import { Fatal } from '../../lib/die.js'
import type { Moment } from '../../lib/event.js'
import { TtyrecReader, isTtyrec } from '../../lib/ttyrec.js'

function frame(seconds: number, micro: number, text: string | Buffer): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt32LE(seconds, 0)
  head.writeUInt32LE(micro, 4)
  head.writeUInt32LE(text.length, 8)
  return Buffer.concat([head, Buffer.from(text)])
}

function read(...pieces: Buffer[]): { moments: Moment[]; cut: boolean } {
  const reader = new TtyrecReader()
  const moments = pieces.flatMap(piece => [...reader.read(piece)])
  return { moments: [...moments, ...reader.end()], cut: reader.cut }
}

const shown = (moments: Moment[]): unknown[] =>
  moments.map(({ wait, event }) => [
    Math.round(wait * 1e6) / 1e6,
    event.type === 'output' && event.bytes.toString('latin1'),
  ])

t.test('frames are read with the times between them', async t => {
  const frames = [
    frame(1700000000, 900000, 'a'),
    frame(1700000001, 100000, 'b\xe9'),
    frame(3, 0, ''),
  ]
  const { moments, cut } = read(Buffer.concat(frames))
  t.strictSame(shown(moments), [
    [0, 'a'],
    [0.2, 'b\xc3\xa9'.slice(0, 2)],
    [0, ''],
  ])
  t.equal(cut, true)
  t.strictSame(read(), { moments: [], cut: false })
})

t.test('what is no ttyrec is refused', async t => {
  const long = Buffer.from(frame(1, 1, ''))
  long.writeUInt32LE(0xffffffff, 8)
  for (const [bytes, why] of [
    [frame(1, 1000000, 'a'), /^frame 1 has no time$/],
    [Buffer.concat([frame(1, 1, 'a'), long]), /^frame 2 is too long$/],
  ] as const) {
    t.throws(() => read(bytes), { message: why, status: 1 })
  }
})

t.test('it is known by its first bytes', async t => {
  t.ok(isTtyrec(frame(0x7b7b7b7b, 999999, 'x')))
  t.notOk(isTtyrec(Buffer.from('{"version": 2, "width": 80}')))
  t.notOk(isTtyrec(Buffer.from('x')))
})

t.test('however the file is cut it reads the same', async t => {
  const frames = fc.array(fc.tuple(fc.nat(1000), fc.nat(999999), fc.uint8Array({ maxLength: 40 })))
  fc.assert(
    fc.property(frames, fc.integer({ min: 1, max: 50 }), (frames, size) => {
      const bytes = Buffer.concat(frames.map(([s, us, data]) => frame(s, us, Buffer.from(data))))
      const pieces: Buffer[] = []
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
      t.strictSame(shown(read(...pieces).moments), shown(read(bytes).moments))
      t.equal(read(bytes).moments.length, frames.length)
      t.equal(read(bytes.subarray(0, -1)).cut, frames.length > 0)
    }),
  )
})

t.test('any bytes are read or refused', async t => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      try {
        read(Buffer.from(bytes))
      } catch (error) {
        t.ok(error instanceof Fatal)
      }
    }),
  )
})
