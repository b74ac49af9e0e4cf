// A master's status file: what it would answer when it is asked how it is, written down before anybody
// asks, and whose word that is. One line of JSON, in which later masters may say more. No input or output
// here; whether to believe it is decided on what the system shows.
import { read } from './shape.js'
import { INFO, LONGEST, type Info } from './wire.js'

/** Whose word a status is: that of the process `pid`, while it lives and listens. */
export interface Mark {
  /** When the master began, in clock ticks since the machine did: no later process of that pid has that, too. */
  started: number
  /** Its listening socket, as /proc/net/unix numbers it, and the socket's file. */
  socket: number
  file: number
}

export type Status = Info & Mark

/** No status is longer, in bytes. */
export const LONGEST_STATUS = LONGEST

/** Where the status lies of the session whose socket is there: `.p7` beside p7. */
export function besides(socket: string): string {
  const at = socket.lastIndexOf('/') + 1
  return `${socket.slice(0, at)}.${socket.slice(at)}`
}

export const format = (status: Status): string => `${JSON.stringify(status)}\n`

const SHAPE = { started: 0, socket: 0, file: 0, ...INFO }

/** Reads a status; undefined if it is none. */
export function parse(text: string): Status | undefined {
  try {
    return read(SHAPE, text) as unknown as Status
  } catch {
    return undefined
  }
}

/** What the system shows of a session. */
export interface Shown {
  name: string
  /** The process of the pid that the status has. */
  process: { state: string; started: number } | undefined
  /** The socket's file under that name. */
  file: number | undefined
  /** The sockets that somebody listens at, as /proc/net/unix numbers them. */
  listening: ReadonlySet<number>
}

/** States of a process that answers nobody: stopped, or dead (proc(5)). */
const SILENT = /^[TtZXx]$/

/** Is this the word of the session's master, and would it say it now? Else it has to be asked. */
export function holds(status: Status, { name, process, file, listening }: Shown): boolean {
  const its = status.name === name && status.file === file && listening.has(status.socket)
  return its && process?.started === status.started && !SILENT.test(process.state)
}
