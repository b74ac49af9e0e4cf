// How messages are framed: a letter, the length of the body in three bytes, and the body, which is JSON for
// what is said, an offset of six bytes (and the bytes from there on) for what flows. Unknown letters are
// skipped.
import { Rubbish, read } from './shape.js'
import {
  LONGEST,
  REPLIES,
  REQUESTS,
  type Message,
  type Reply,
  type Request,
  type Shape,
  type Shapes,
} from './wire.js'

export { Rubbish }

function encode<M extends Message>(shapes: Shapes<M>, message: M): Buffer {
  const [letter, shape] = shapes[message.type as M['type']]
  const content = body(shape, message)
  const data = shape === 'data' && 'bytes' in message ? message.bytes : undefined
  const length = content.length + (data?.length ?? 0)
  if (length > LONGEST) throw new Rubbish(`a ${message.type} of ${length} bytes is too long`)
  const frame = Buffer.alloc(4 + length)
  frame.write(letter, 'latin1')
  frame.writeUIntBE(length, 1, 3)
  content.copy(frame, 4)
  data?.copy(frame, 4 + content.length)
  return frame
}

function body(shape: Shape, message: Message): Buffer {
  if (typeof shape === 'object') return Buffer.from(JSON.stringify({ ...message, type: undefined }))
  const offset = Buffer.alloc(6)
  if ('offset' in message) offset.writeUIntBE(message.offset, 0, 6)
  return offset
}

/** The bytes of a message to a master. Throws Rubbish if it is too long for a frame. */
export const request = (message: Request): Buffer => encode(REQUESTS, message)

/** The bytes of a message from a master. Throws Rubbish if it is too long for a frame. */
export const reply = (message: Reply): Buffer => encode(REPLIES, message)

function decode<M extends Message>(
  shapes: Shapes<M>,
  letter: string,
  content: Buffer,
): M | undefined {
  for (const [type, [its, shape]] of Object.entries<readonly [string, Shape]>(shapes)) {
    if (its !== letter) continue
    if (typeof shape === 'object') return { type, ...read(shape, content.toString()) } as M
    if (content.length < 6) throw new Rubbish(`a ${type} without its offset`)
    const offset = content.readUIntBE(0, 6)
    return (shape === 'data' ? { type, offset, bytes: content.subarray(6) } : { type, offset }) as M
  }
  return undefined
}

/** Cuts a stream of bytes into messages; half a frame waits for the rest of it. */
export class Frames<M extends Message> {
  readonly #shapes: Shapes<M>
  #rest: Buffer = Buffer.alloc(0)

  private constructor(shapes: Shapes<M>) {
    this.#shapes = shapes
  }

  /** Reads what is said to a master. */
  static requests(): Frames<Request> {
    return new Frames(REQUESTS)
  }

  /** Reads what a master says. */
  static replies(): Frames<Reply> {
    return new Frames(REPLIES)
  }

  /** Is a frame begun but not complete? */
  get half(): boolean {
    return this.#rest.length > 0
  }

  /** The messages that these bytes complete. The bytes in a message are its own. Throws Rubbish. */
  *read(bytes: Buffer): Generator<M> {
    let rest = Buffer.concat([this.#rest, bytes])
    this.#rest = Buffer.alloc(0)
    while (rest.length >= 4) {
      const length = rest.readUIntBE(1, 3)
      if (length > LONGEST) throw new Rubbish(`a frame of ${length} bytes`)
      if (rest.length < 4 + length) break
      const message = decode(
        this.#shapes,
        rest.toString('latin1', 0, 1),
        rest.subarray(4, 4 + length),
      )
      rest = rest.subarray(4 + length)
      if (message) yield message
    }
    this.#rest = rest
  }
}
