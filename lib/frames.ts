// How messages are framed: a letter, the length of the body in three bytes, and the body, which is JSON for
// what is said, an offset of six bytes (and the bytes from there on) for what flows. Unknown letters are
// skipped.
import {
  LONGEST,
  REPLIES,
  REQUESTS,
  type Fields,
  type Message,
  type Reply,
  type Request,
  type Shape,
  type Shapes,
} from './wire.js'

/** A frame that its sender must not have sent. */
export class Rubbish extends Error {}

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
    if (typeof shape === 'object') return { type, ...fields(shape, parse(content)) } as M
    if (content.length < 6) throw new Rubbish(`a ${type} without its offset`)
    const offset = content.readUIntBE(0, 6)
    return (shape === 'data' ? { type, offset, bytes: content.subarray(6) } : { type, offset }) as M
  }
  return undefined
}

function parse(content: Buffer): Fields {
  try {
    const value: unknown = JSON.parse(content.toString())
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  } catch {
    // said below
  }
  throw new Rubbish('a body that is no object')
}

function fields(shape: Fields, from: Fields): Fields {
  const made: Fields = {}
  for (const [name, otherwise] of Object.entries(shape)) {
    const value = Object.hasOwn(from, name) ? from[name] : Array.isArray(otherwise) ? [] : otherwise
    made[name] = field(name, otherwise, value)
  }
  return made
}

function field(name: string, otherwise: unknown, value: unknown): unknown {
  if (Array.isArray(otherwise)) {
    if (!Array.isArray(value)) throw new Rubbish(`${name} is no list`)
    return value.map(one => field(name, otherwise[0], one))
  }
  if (typeof value !== typeof otherwise || value === null || Array.isArray(value)) {
    throw new Rubbish(`${name} is no ${typeof otherwise}`)
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new Rubbish(`${name} is no whole number`)
  return typeof value === 'object' ? fields(otherwise as Fields, value as Fields) : value
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
