// What a master's clients ask of it, and what it does about that, for tables that are read.
import t from 'tap'
import { begin, type Asked, type Event, type State } from '../../lib/master/state.js'
import { step } from '../../lib/master/step.js'
import { words } from './effects.js'

export const DEVICE = '/dev/pts/39'

export const SESSION = { name: 'r7', device: DEVICE, title: 'work', session: true }

export const asked = (id: number, request: Asked): Event => ({ type: 'asked', id, request })

/** Everybody is at a terminal of his own: client 3 at /dev/pts/3. */
export function connect(id: number, how: Partial<Asked & { type: 'connect' }> = {}): Event {
  const size = { terminal: true, rows: 24, columns: 80 }
  const place = { tty: `/dev/pts/${id}`, from: '' }
  const rest = { viewer: false, force: false, kept: 0, pid: 100 + id, saved: '' }
  return asked(id, { type: 'connect', ...size, ...place, ...rest, ...how })
}

export const view = (id: number): Event => connect(id, { viewer: true })
export const force = (id: number): Event => connect(id, { force: true })
export const gone = (id: number): Event => ({ type: 'gone', id })
export const late = (id: number): Event => ({ type: 'late', id })
export const leave = (id: number, ended = false): Event => asked(id, { type: 'leave', ended })
export const size = (id: number, rows = 50, columns = 100): Event =>
  asked(id, { type: 'size', rows, columns })
export const typist = (id: number): Event => asked(id, { type: 'typist' })
export const resume = (id: number): Event => asked(id, { type: 'continue' })
export const disconnect = (id: number): Event => asked(id, { type: 'disconnect' })
export const kill = (id: number, force = false): Event => asked(id, { type: 'kill', force })
export const stopped = (signal = 20): Event => ({ type: 'stopped', signal })
export const exited = (): Event => ({ type: 'exited' })
export const ended = (status = 3): Event => ({ type: 'ended', status })
export const end: Event = { type: 'end' }
export const inform = (id: number): Event => asked(id, { type: 'info' })
export const title = (id: number, title: string): Event => asked(id, { type: 'title', title })
export const reconnect = (id: number, to: string, notice = '', viewer = false): Event =>
  asked(id, { type: 'reconnect', to, force: false, viewer, notice })

export const record = (id: number, path = '/a.cast', append = false): Event =>
  asked(id, { type: 'record', path, append })
export const unrecord = (id: number): Event => asked(id, { type: 'unrecord' })
export const unrecorded: Event = { type: 'unrecorded' }

/** The state after the events, and what the last of them brought. Event n happens at the time n. */
export function after(...events: Event[]): { state: State; did: string[] } {
  return from(begin({ ...SESSION, awaited: false }, 0), ...events)
}

export function from(state: State, ...events: Event[]): { state: State; did: string[] } {
  let did: string[] = []
  for (const [n, event] of events.entries()) {
    const [next, effects] = step(state, event, n + 1)
    state = next
    did = effects.map(words)
  }
  return { state, did }
}

export type Row = [what: string, events: Event[], did: string[]]

export function table(title: string, rows: Row[]): void {
  t.test(title, async t => {
    for (const [what, events, did] of rows) t.strictSame(after(...events).did, did, what)
  })
}
