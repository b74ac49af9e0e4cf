// The one protocol (DESIGN 4): what is said to a master, and what a master says, as framed messages.
// A frame is a letter, the length of its body in three bytes, and the body: JSON for what is said,
// an offset of six bytes (and the bytes from there on) for what flows. Unknown letters are skipped,
// bodies only grow, letters are never reused: some masters are older than you are.

export const VERSION = 1

/** The longest body, in bytes. */
export const LONGEST = 65536

/** The most bytes of output or input that a frame carries. */
export const CHUNK = LONGEST - 6

/** Where a terminal goes next; `to` is '' for nowhere. */
export interface Next {
  to: string
  force: boolean
  viewer: boolean
}

/** Who is connected: a terminal's device or '', and the address that it came from or ''. */
export interface Place {
  tty: string
  from: string
}

/** Escape sequences that put back, and undo, what programs have set on a terminal. */
export interface Modes {
  set: string
  undo: string
}

/** What a master tells about its session. Times are milliseconds since 1970; pids are 0 when unknown. */
export interface Info {
  name: string
  title: string
  /** The master's pid, and the program's. */
  pid: number
  slave: number
  state: 'connected' | 'disconnected' | 'ended'
  /** The exit status of an ended session. */
  status: number
  /** The signal that stopped the program, or 0. */
  stopped: number
  /** The session that the connected terminal will drop into, or ''. */
  next: string
  /** When it was last connected or disconnected, and when it began. */
  since: number
  begun: number
  connection: Place
  viewers: Place[]
  command: string
}

export type Request =
  | { type: 'hello'; version: number }
  | ({ type: 'connect'; terminal: boolean; rows: number; columns: number } & Place &
      Viewing &
      Saved)
  | { type: 'input'; offset: number; bytes: Buffer }
  | { type: 'seen'; offset: number }
  | { type: 'size'; rows: number; columns: number }
  | { type: 'continue' }
  | { type: 'leave'; ended: boolean }
  | { type: 'disconnect' }
  | ({ type: 'reconnect'; notice: string } & Next)
  | { type: 'title'; title: string }
  | { type: 'info' }
  | { type: 'kill'; force: boolean }

/** How to connect: as a viewer, or by force; a viewer only looks. */
interface Viewing {
  viewer: boolean
  force: boolean
}

/** The signaller's process, and its terminal's own modes (as stty -g has them), so that they can be put back when it is killed. */
interface Saved {
  pid: number
  saved: string
}

export type Reply =
  | { type: 'hello'; version: number }
  | ({ type: 'connected'; offset: number; live: number; lost: number; input: number } & Modes)
  | { type: 'refused'; reason: string }
  | { type: 'output'; offset: number; bytes: Buffer }
  | { type: 'seen'; offset: number }
  | ({ type: 'modes' } & Modes)
  | ({ type: 'next' } & Next)
  | { type: 'notice'; text: string }
  | { type: 'stopped'; signal: number }
  | { type: 'bye'; why: string; by: string }
  | { type: 'ended'; status: number }
  | { type: 'ok'; said: boolean }
  | { type: 'no'; reason: string }
  | ({ type: 'info' } & Info)

export type Message = Request | Reply

/** A field's default, which is also its type: what an older peer left out is taken to be this. */
type Fields = Record<string, unknown>

type Shape = 'offset' | 'data' | Fields

type Shapes<M extends Message> = { [T in M['type']]: readonly [letter: string, shape: Shape] }

const NEXT = { to: '', force: false, viewer: false }
const MODES = { set: '', undo: '' }
const PLACE = { tty: '', from: '' }

/** What is told of a session, for whoever keeps it. */
export const INFO = {
  name: '',
  title: '',
  pid: 0,
  slave: 0,
  state: '',
  status: 0,
  stopped: 0,
  next: '',
  since: 0,
  begun: 0,
  connection: PLACE,
  viewers: [PLACE],
  command: '',
}

const REQUESTS: Shapes<Request> = {
  hello: ['H', { version: 0 }],
  connect: [
    'C',
    {
      terminal: false,
      rows: 0,
      columns: 0,
      ...PLACE,
      viewer: false,
      force: false,
      pid: 0,
      saved: '',
    },
  ],
  input: ['I', 'data'],
  seen: ['S', 'offset'],
  size: ['W', { rows: 0, columns: 0 }],
  continue: ['G', {}],
  leave: ['L', { ended: false }],
  disconnect: ['D', {}],
  reconnect: ['R', { notice: '', ...NEXT }],
  title: ['T', { title: '' }],
  info: ['Q', {}],
  kill: ['K', { force: false }],
}

const REPLIES: Shapes<Reply> = {
  hello: ['h', { version: 0 }],
  connected: ['c', { offset: 0, live: 0, lost: 0, input: 0, ...MODES }],
  refused: ['r', { reason: '' }],
  output: ['o', 'data'],
  seen: ['s', 'offset'],
  modes: ['m', MODES],
  next: ['n', NEXT],
  notice: ['t', { text: '' }],
  stopped: ['z', { signal: 0 }],
  bye: ['b', { why: '', by: '' }],
  ended: ['e', { status: 0 }],
  ok: ['k', { said: false }],
  no: ['x', { reason: '' }],
  info: ['i', INFO],
}

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
    if (typeof shape === 'object') return { type, ...read(shape, content.toString()) } as M
    if (content.length < 6) throw new Rubbish(`a ${type} without its offset`)
    const offset = content.readUIntBE(0, 6)
    return (shape === 'data' ? { type, offset, bytes: content.subarray(6) } : { type, offset }) as M
  }
  return undefined
}

/** The JSON object of that shape; what else is in it is left out. Throws Rubbish. */
export function read(shape: Fields, text: string): Fields {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return fields(shape, value)
  } catch (error) {
    if (error instanceof Rubbish) throw error
  }
  throw new Rubbish('a body that is no object')
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// Whoever lists a hundred sessions does this a hundred times, before it is compiled: no step is needless.
function fields(shape: Fields, from: Fields): Fields {
  const made: Fields = {}
  for (const name of Object.keys(shape)) made[name] = field(name, shape[name], from[name])
  return made
}

function field(name: string, otherwise: unknown, value: unknown): unknown {
  if (typeof otherwise !== 'object') {
    if (value === undefined) return otherwise
    if (typeof value !== typeof otherwise) throw new Rubbish(`${name} is no ${typeof otherwise}`)
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw new Rubbish(`${name} is no whole number`)
    return value
  }
  if (Array.isArray(otherwise)) {
    if (value === undefined) return []
    if (!Array.isArray(value)) throw new Rubbish(`${name} is no list`)
    return value.map(one => field(name, otherwise[0], one))
  }
  if (value === undefined) return fields(otherwise as Fields, {})
  if (!isObject(value)) throw new Rubbish(`${name} is no object`)
  return fields(otherwise as Fields, value)
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
