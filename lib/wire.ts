// The one protocol (DESIGN 4): what is said to a master, and what a master says. How it is framed is in
// frames.ts. Bodies only grow, letters are never reused: some masters are older than you are.

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

/** Which of a signaller's descriptors its master uses itself. */
export interface Direct {
  input: boolean
  output: boolean
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
  /** Which of the connection's descriptors the master uses itself. */
  direct: Direct
  viewers: Place[]
  command: string
  /** The file that it is recorded to, or ''. */
  recording: string
  /** False for a terminal that ends with its connection. */
  session: boolean
}

/** How much of the output a recording has, and should have and has not, in bytes; and why, or ''. */
export interface Recorded {
  path: string
  length: number
  missing: number
  trouble: string
}

export type Request =
  | { type: 'hello'; version: number }
  | ({ type: 'connect'; terminal: boolean; rows: number; columns: number } & Place &
      Viewing &
      Saved)
  | { type: 'input'; offset: number; bytes: Buffer }
  | { type: 'seen'; offset: number }
  /** What comes as input is typed from outside, beside the connection; its offsets begin at 0. */
  | { type: 'typist' }
  | { type: 'size'; rows: number; columns: number }
  | { type: 'continue' }
  | ({ type: 'lend' } & Ends)
  | { type: 'reclaim' }
  | { type: 'leave'; ended: boolean }
  /** There is no more input. */
  | { type: 'eof' }
  | { type: 'disconnect' }
  | ({ type: 'reconnect'; notice: string } & Next)
  | { type: 'title'; title: string }
  | { type: 'info' }
  | { type: 'kill'; force: boolean }
  /** Record the output from now on, to a file with an absolute path; and no more. */
  | { type: 'record'; path: string; append: boolean }
  | { type: 'unrecord' }
  /** What a session is to be, in pieces (orders.ts), to a master that has none yet; and that this was all. */
  | { type: 'settings'; offset: number; bytes: Buffer }
  | { type: 'start' }

/** How to connect: as a viewer, or by force; a viewer only looks. */
interface Viewing {
  viewer: boolean
  force: boolean
  /** How much of the output before now a viewer begins with, in bytes, as far as it is kept. */
  kept: number
}

/** The signaller's process, and its terminal's own modes (as stty -g has them), so that they can be put back when it is killed. */
interface Saved {
  pid: number
  saved: string
}

/** What the signaller's input and output are (lib/sys/ends.ts), for its master to open itself; '' for one that it carries. */
interface Ends {
  input: string
  output: string
}

/** Does it outlast its connection, as a session does? */
interface Lasting {
  session: boolean
}

export type Reply =
  | { type: 'hello'; version: number }
  | ({ type: 'connected'; offset: number; live: number; lost: number; input: number } & Modes &
      Lasting)
  | { type: 'refused'; reason: string }
  | { type: 'output'; offset: number; bytes: Buffer }
  | { type: 'seen'; offset: number }
  | ({ type: 'modes' } & Modes)
  | ({ type: 'lent' } & Direct)
  /** They are his again; what he types next has this offset. */
  | { type: 'returned'; input: number }
  /** The input that was lent has ended: did it give anything? The output takes no more: why, or '' if its reader has gone. */
  | { type: 'eof'; some: boolean }
  | { type: 'broken'; reason: string }
  | ({ type: 'next' } & Next)
  | { type: 'notice'; text: string }
  | { type: 'stopped'; signal: number }
  /** The program has exited; some of its output may not be taken yet. */
  | { type: 'exited' }
  | { type: 'bye'; why: string; by: string }
  | { type: 'ended'; status: number }
  | { type: 'ok'; said: boolean }
  | { type: 'no'; reason: string }
  | ({ type: 'info' } & Info)
  | { type: 'started'; name: string }
  | ({ type: 'recorded' } & Recorded)

export type Message = Request | Reply

/** A field's default, which is also its type: what an older peer left out is taken to be this. */
export type Fields = Record<string, unknown>

export type Shape = 'offset' | 'data' | Fields

export type Shapes<M extends Message> = {
  [T in M['type']]: readonly [letter: string, shape: Shape]
}

const NEXT = { to: '', force: false, viewer: false }
const MODES = { set: '', undo: '' }
const PLACE = { tty: '', from: '' }
const DIRECT = { input: false, output: false }

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
  direct: DIRECT,
  viewers: [PLACE],
  command: '',
  recording: '',
  session: true,
}

export const REQUESTS: Shapes<Request> = {
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
      kept: 0,
      pid: 0,
      saved: '',
    },
  ],
  input: ['I', 'data'],
  seen: ['S', 'offset'],
  typist: ['Y', {}],
  size: ['W', { rows: 0, columns: 0 }],
  continue: ['G', {}],
  lend: ['F', { input: '', output: '' }],
  reclaim: ['B', {}],
  leave: ['L', { ended: false }],
  eof: ['E', {}],
  disconnect: ['D', {}],
  reconnect: ['R', { notice: '', ...NEXT }],
  title: ['T', { title: '' }],
  info: ['Q', {}],
  kill: ['K', { force: false }],
  record: ['M', { path: '', append: false }],
  unrecord: ['N', {}],
  settings: ['P', 'data'],
  start: ['A', {}],
}

export const REPLIES: Shapes<Reply> = {
  hello: ['h', { version: 0 }],
  connected: ['c', { offset: 0, live: 0, lost: 0, input: 0, ...MODES, session: true }],
  refused: ['r', { reason: '' }],
  output: ['o', 'data'],
  seen: ['s', 'offset'],
  modes: ['m', MODES],
  lent: ['f', DIRECT],
  returned: ['u', { input: 0 }],
  eof: ['d', { some: false }],
  broken: ['w', { reason: '' }],
  next: ['n', NEXT],
  notice: ['t', { text: '' }],
  stopped: ['z', { signal: 0 }],
  exited: ['y', {}],
  bye: ['b', { why: '', by: '' }],
  ended: ['e', { status: 0 }],
  ok: ['k', { said: false }],
  no: ['x', { reason: '' }],
  info: ['i', INFO],
  started: ['g', { name: '' }],
  recorded: ['v', { path: '', length: 0, missing: 0, trouble: '' }],
}
