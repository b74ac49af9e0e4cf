// What a master knows of its session, what can happen, and what it can do about it. What follows from what
// is in step.ts.
import type { Next, Place, Reply, Request } from '../wire.js'

export interface Connection extends Place {
  id: number
  /** Does its output go to a terminal? */
  terminal: boolean
  next: Next | undefined
}

export type Connect = Request & { type: 'connect' }

/** A connection that was told to go and has not gone yet, and who waits for that. */
export interface Leaving {
  id: number
  waiting: number[]
  successor: { id: number; request: Connect } | undefined
}

export interface State {
  name: string
  device: string
  title: string
  /** Does it outlast its connection? */
  session: boolean
  connection: Connection | undefined
  leaving: Leaving | undefined
  viewers: ReadonlyMap<number, Place>
  /** Who types from outside. */
  typists: ReadonlySet<number>
  /** The signal that stopped the program, or 0. */
  stopped: number
  /** Has the program exited? Then nobody reads what is typed. */
  exited: boolean
  /** The program's exit status, once all its output has been read. */
  ended: number | undefined
  /** Is nobody connected because the one who started it has still to come? */
  awaited: boolean
  /** Killed, or seen to its end: nobody can connect any more. */
  over: boolean
  /** The file that it is recorded to, or ''. */
  recording: string
  /** When it was last connected or disconnected: milliseconds since 1970. */
  since: number
}

/** What a session is asked, apart from its bytes. */
export type Asked = Exclude<
  Request,
  { type: 'hello' | 'input' | 'seen' | 'lend' | 'reclaim' | 'settings' | 'start' }
>

export type Event =
  | { type: 'asked'; id: number; request: Asked }
  /** A client's connection is closed. */
  | { type: 'gone'; id: number }
  /** It was told to go, and did not in time. */
  | { type: 'late'; id: number }
  | { type: 'stopped'; signal: number }
  /** The program has exited; and now all its output has been read, too. */
  | { type: 'exited' }
  | { type: 'ended'; status: number }
  /** The file that it was to be recorded to cannot be had. */
  | { type: 'unrecorded' }
  /** The master was told to end, or nobody connected for too long. */
  | { type: 'end' }

export type Effect =
  /** Say something now, or after all the output so far. */
  | { type: 'say'; id: number; reply: Reply }
  | { type: 'tell'; id: number; reply: Reply }
  /** Tell what there is to know of the session. */
  | { type: 'inform'; id: number }
  /** Let it have the session's output; its size and keys count unless it is a viewer. */
  | { type: 'admit'; id: number; request: Connect }
  /** It has its last word: no more output for it; it is `late` in a while. */
  | { type: 'part'; id: number }
  | { type: 'drop'; id: number }
  | { type: 'resize'; rows: number; columns: number }
  | { type: 'continue' }
  /** There is no more input. */
  | { type: 'eof' }
  /** Hang up: what is on the terminal gets SIGHUP, and the session is gone; then tell `id`. */
  | { type: 'hangup'; force: boolean; id: number | undefined }
  /** Record to a file, and tell `id` about it; record no more, the program's status last if it is known. */
  | { type: 'record'; id: number; request: Request & { type: 'record' } }
  | { type: 'unrecord'; id: number | undefined; status: number | undefined }
  | { type: 'finish' }

export type Step = [State, Effect[]]

export function begin(
  {
    name,
    device,
    title,
    session,
    awaited,
  }: Pick<State, 'name' | 'device' | 'title' | 'session' | 'awaited'>,
  now: number,
): State {
  return {
    name,
    device,
    title,
    session,
    awaited,
    connection: undefined,
    leaving: undefined,
    viewers: new Map(),
    typists: new Set(),
    stopped: 0,
    exited: false,
    ended: undefined,
    over: false,
    recording: '',
    since: now,
  }
}
