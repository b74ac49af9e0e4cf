// The lines that listings print. No line break at their ends, and nothing in them that could disturb a
// terminal. Where the facts come from, and where the lines go, is left to the commands.

import { printable, printableJson, short } from './printable.js'
import { when } from './when.js'
import type { Direct, Info, Place, Recorded } from './wire.js'

/** A session of somebody's: since when (milliseconds since 1970), and the master's pid. */
export interface Owned {
  name: string
  since: number
  user: string
  pid: number
}

/** What last became of a session's connection, since when, and from where. */
export interface Whereabouts {
  name: string
  since: number
  what: 'connect' | 'disconnect'
  place: string
}

/** A session as `sesslist` shows it; with `verbose` (-v) also how its bytes travel, and where they are recorded. */
export function listed(info: Info, verbose = false): string {
  const what = info.session ? 'session' : 'non-session'
  const begin = `${what} ${printable(info.name)} pid ${info.pid}`
  const title = info.title === '' ? '' : `: ${printable(info.title)}`
  if (info.state === 'ended') return `${begin} ended with status ${info.status}${at(info)}${title}`
  const next = info.next === '' ? '' : ` (will drop into ${printable(info.next)})`
  const stopped = info.stopped === 0 ? '' : ' stopped'
  const travels = info.state === 'connected' ? ` ${pathOf(info)}` : ''
  const path = verbose ? travels + taped(info) : ''
  const state = `${printable(info.state)}${next}${stopped}${watched(info.viewers.length)}${path}`
  return `${begin} slave ${info.slave} ${state}${title}`
}

/** Does the master use the user's descriptors itself, or are the bytes relayed by the signaller? */
function pathOf({ direct: { input, output } }: Info): string {
  if (input === output) return output ? 'direct' : 'relay'
  return output ? 'direct output' : 'direct input'
}

function taped({ recording }: Info): string {
  return recording === '' ? '' : ` recorded to ${printable(recording)}`
}

/** What became of a recording that has ended. */
export function recorded(name: string, { path, length, missing }: Recorded): string {
  const gaps = missing === 0 ? '' : `, ${missing} bytes are missing`
  return `session ${name} recorded to ${printable(path)}: ${length} bytes${gaps}`
}

function at(info: Info): string {
  return info.since === 0 ? '' : ` at ${when(info.since)}`
}

function watched(viewers: number): string {
  if (viewers === 0) return ''
  return viewers === 1 ? ' with 1 viewer' : ` with ${viewers} viewers`
}

/** A session whose master says nothing. */
export function unanswered(name: string, pid = 0): string {
  return `session ${printable(name)}${pid === 0 ? '' : ` pid ${pid}`} does not answer`
}

/** Something in the session directory that is no session. */
export function stray(entry: string): string {
  return `non-session ${short(printable(entry), 255)}`
}

/** A session as `sesswho` shows it: `r7  Dec 20 01:29  bernstei          2174`. */
export function who({ name, since, user, pid }: Owned): string {
  const padded = `${printable(user)} `.padEnd(16)
  return `${printable(name)}  ${when(since)}  ${padded}${String(pid).padStart(6)}`
}

/** A session as `sesswhere` shows it: `r7  Dec 20 01:29  connect host`. */
export function where({ name, since, what, place }: Whereabouts): string {
  return `${printable(name)}  ${when(since)}  ${`${what} ${printable(place)}`.trimEnd()}`
}

/** A session as `sesslist --json` gives it; null is unknown, or does not apply. Keys are only ever added. */
export interface Listing {
  name: string
  title: string
  state: string
  pid: number | null
  slave: number | null
  status: number | null
  stopped: number | null
  next: string | null
  since: number | null
  begun: number | null
  connection: Place | null
  viewers: Place[]
  command: string
  direct: Direct | null
  recording: string | null
  session: boolean | null
}

/** What a program may know of a session. Times stay milliseconds since 1970. */
export function listing(info: Info): Listing {
  const ended = info.state === 'ended'
  return {
    name: info.name,
    title: info.title,
    state: info.state,
    pid: info.pid || null,
    slave: info.slave || null,
    status: ended ? info.status : null,
    stopped: info.stopped || null,
    next: info.next || null,
    since: info.since || null,
    begun: info.begun || null,
    connection: info.state === 'connected' ? info.connection : null,
    viewers: info.viewers,
    command: info.command,
    direct: info.state === 'connected' ? info.direct : null,
    recording: info.recording || null,
    session: info.session,
  }
}

/** The same keys for a session whose master says nothing. */
export function unansweredListing(name: string, pid = 0): Listing {
  const unknown = { status: null, stopped: null, next: null, since: null, begun: null }
  const nobody = { connection: null, viewers: [], command: '', direct: null }
  const untold = { recording: null, session: null }
  return {
    name,
    title: '',
    state: 'unanswered',
    pid: pid || null,
    slave: null,
    ...unknown,
    ...nobody,
    ...untold,
  }
}

/** The values as one JSON array, a line each. */
export function json(values: readonly object[]): string {
  return values.length === 0 ? '[]' : `[\n${values.map(printableJson).join(',\n')}\n]`
}
