// What a master does about each thing that happens. No input or output here, and no bytes of the session's:
// run.ts carries out the effects.
import type { Reply } from '../wire.js'
import type { Asked, Connect, Effect, Event, Leaving, State, Step } from './state.js'

/** What follows from an event at the time `now`. */
export function step(state: State, event: Event, now: number): Step {
  switch (event.type) {
    case 'asked':
      return asked(state, event.id, event.request, now)
    case 'gone':
    case 'late':
      return gone(state, event.id, event.type === 'late', now)
    case 'stopped':
      return stopped(state, event.signal)
    case 'exited':
      return exited(state)
    case 'ended':
      return ended(state, event.status)
    case 'unrecorded':
      return [{ ...state, recording: '' }, []]
    case 'end':
      return kill(state, undefined, false, now)
  }
}

function asked(state: State, id: number, request: Asked, now: number): Step {
  const { connection, viewers } = state
  const own = connection?.id === id
  if (viewers.has(id) && CHANGING.has(request.type)) return [state, [{ type: 'drop', id }]]
  switch (request.type) {
    case 'connect':
      return connect(state, id, request, now)
    case 'typist':
      return typist(state, id)
    case 'size':
      return [state, own ? resize(request) : []]
    case 'continue':
      return own ? [{ ...state, stopped: 0 }, [{ type: 'continue' }]] : [state, []]
    case 'eof':
      return [state, own && !state.session ? [{ type: 'eof' }] : []]
    case 'leave':
      return leave(state, id, request.ended, now)
    case 'disconnect':
      return disconnect(state, id, now)
    case 'reconnect':
      return reconnect(state, id, request)
    case 'title':
      return title(state, id, request.title)
    case 'info':
      return [state, [{ type: 'inform', id }]]
    case 'kill':
      return kill(state, id, request.force, now)
    case 'record':
      return record(state, id, request)
    case 'unrecord':
      return unrecord(state, id)
  }
}

/** What no viewer may ask. Its size, which it tells as everybody does, does not count. */
const CHANGING = new Set<Asked['type']>([
  'typist',
  'disconnect',
  'reconnect',
  'title',
  'kill',
  'record',
  'unrecord',
])

const say = (id: number, reply: Reply): Effect => ({ type: 'say', id, reply })
const ok = (id: number, said = false): Effect => say(id, { type: 'ok', said })

function refuse(state: State, id: number, reason: string): Step {
  return [state, [say(id, { type: 'refused', reason })]]
}

function no(state: State, id: number, reason: string): Step {
  return [state, [say(id, { type: 'no', reason })]]
}

function connect(state: State, id: number, said: Connect, now: number): Step {
  // Where somebody says he is goes into what others are told, which must fit into frames.
  const request = { ...said, tty: said.tty.slice(0, 255), from: said.from.slice(0, 255) }
  const { connection, leaving, device, name } = state
  if (state.over) return refuse(state, id, `session ${name} is gone`)
  if (state.typists.has(id) || present(state, id)) return refuse(state, id, 'already connected')
  if (request.tty === device) {
    return refuse(state, id, `session ${name} cannot be connected to its own terminal`)
  }
  if (request.viewer) return view(state, id, request)
  if (connection && !request.force) {
    const { tty, from } = connection
    return refuse(state, id, `session already connected somewhere else: ${tty || from || 'a pipe'}`)
  }
  if (connection && !state.session) return refuse(state, id, `pty ${name} cannot be taken over`)
  if (connection) {
    const by = request.tty || request.from || 'a pipe'
    return sever(state, 'taken', by, { waiting: [], successor: { id, request } }, now)
  }
  if (!leaving) return admit(state, id, request, now)
  if (leaving.successor) return refuse(state, id, 'session already connected somewhere else')
  return [{ ...state, leaving: { ...leaving, successor: { id, request } } }, []]
}

/** Is it connected, on its way out or in, or a viewer? */
function present({ connection, leaving, viewers }: State, id: number): boolean {
  const ids = [connection?.id, leaving?.id, leaving?.successor?.id]
  return ids.includes(id) || viewers.has(id)
}

function view(state: State, id: number, request: Connect): Step {
  const viewers = new Map(state.viewers).set(id, { tty: request.tty, from: request.from })
  return [{ ...state, viewers }, [{ type: 'admit', id, request }, ...ending(state, id)]]
}

function admit(state: State, id: number, request: Connect, now: number): Step {
  const { tty, from, terminal } = request
  const connection = { id, tty, from, terminal, next: undefined }
  const effects: Effect[] = [{ type: 'admit', id, request }, ...resize(request)]
  if (state.stopped) effects.push(...held(state, id))
  effects.push(...ending(state, id))
  const stopped = state.awaited ? state.stopped : 0
  const after = { ...state, connection, leaving: undefined, stopped, awaited: false }
  return [{ ...after, since: now }, effects]
}

/** What has no size says so with noughts. */
function resize({ rows, columns }: { rows: number; columns: number }): Effect[] {
  return rows > 0 && columns > 0 ? [{ type: 'resize', rows, columns }] : []
}

/** A program that stopped before its starter came stops him, too; another waited to be continued. */
function held({ stopped, awaited }: State, id: number): Effect[] {
  if (!awaited) return [{ type: 'continue' }]
  return [{ type: 'tell', id, reply: { type: 'stopped', signal: stopped } }]
}

/** What somebody who comes to an ended session is told after its output. */
function ending({ ended }: State, id: number): Effect[] {
  if (ended === undefined) return []
  return [{ type: 'tell', id, reply: { type: 'ended', status: ended } }]
}

type Why = 'disconnect' | 'taken' | 'killed'

/** Tells the connection to go, and lets `after` happen when it has gone. */
function sever(state: State, why: Why, by: string, after: Omit<Leaving, 'id'>, now: number): Step {
  const { connection } = state
  if (!connection) return [state, []]
  const { id } = connection
  const left = { ...state, connection: undefined, leaving: { id, ...after }, since: now }
  return [left, [say(id, { type: 'bye', why, by }), { type: 'part', id }]]
}

function disconnect(state: State, id: number, now: number): Step {
  if (!state.session) return no(state, id, `pty ${state.name} does not support disconnects`)
  if (!state.connection) return no(state, id, `session ${state.name} not connected`)
  return sever(state, 'disconnect', '', { waiting: [id], successor: undefined }, now)
}

/** A client goes of its own will. One that has seen the end was the last that the session waited for. */
function leave(state: State, id: number, sawEnd: boolean, now: number): Step {
  const { connection, leaving, ended } = state
  const last = connection?.id === id || (leaving?.id === id && !leaving.successor)
  const over = sawEnd && ended !== undefined && last
  const [after, effects] = gone({ ...state, over: over || state.over }, id, true, now)
  return [after, over ? [...effects, { type: 'finish' }] : effects]
}

function gone(state: State, id: number, drop: boolean, now: number): Step {
  const effects: Effect[] = drop ? [{ type: 'drop', id }] : []
  const { connection, leaving } = state
  if (connection?.id === id) {
    const left = { ...state, connection: undefined, since: now }
    if (state.session || state.over) return [left, effects]
    // What is no session ends with its connection, as with a terminal that hangs up.
    const [after, more] = kill(left, undefined, false, now)
    return [after, [...effects, ...more]]
  }
  if (leaving?.id === id) {
    const [after, more] = succeed({ ...state, leaving: undefined }, leaving, now)
    return [after, [...effects, ...more]]
  }
  if (leaving?.successor?.id === id) {
    return [{ ...state, leaving: { ...leaving, successor: undefined } }, effects]
  }
  const [viewers, typists] = [new Map(state.viewers), new Set(state.typists)]
  const known = viewers.delete(id) || typists.delete(id)
  return [known ? { ...state, viewers, typists } : state, effects]
}

function typist(state: State, id: number): Step {
  const { name, exited, over } = state
  if (exited || over) return no(state, id, `session ${name} has ended`)
  if (present(state, id)) return no(state, id, 'already connected')
  return [{ ...state, typists: new Set(state.typists).add(id) }, [ok(id)]]
}

function succeed(state: State, { waiting, successor }: Leaving, now: number): Step {
  const answers = waiting.map(id => ok(id))
  if (!successor) return [state, answers]
  const [after, effects] = admit(state, successor.id, successor.request, now)
  return [after, [...answers, ...effects]]
}

function reconnect(state: State, id: number, request: Asked & { type: 'reconnect' }): Step {
  const { connection, name } = state
  const { to, force, viewer, notice } = request
  if (!connection) return no(state, id, `session ${name} not connected`)
  if (to === name) return no(state, id, `session ${name} is this one: it cannot drop into itself`)
  const next = { to, force, viewer }
  const effects = [say(connection.id, { type: 'next', ...next })]
  const elsewhere = notice !== '' && !connection.terminal
  if (elsewhere) effects.push(say(connection.id, { type: 'notice', text: notice }))
  effects.push(ok(id, elsewhere))
  return [{ ...state, connection: { ...connection, next: to ? next : undefined } }, effects]
}

function title(state: State, id: number, text: string): Step {
  if (Buffer.byteLength(text) > 255) return no(state, id, 'a title has at most 255 bytes')
  return [{ ...state, title: text }, [ok(id)]]
}

/** The longest path that there is (limits.h), in bytes. */
const PATH_MAX = 4096

function record(state: State, id: number, request: Asked & { type: 'record' }): Step {
  const { name, recording, ended, over } = state
  const { path } = request
  if (over || ended !== undefined) return no(state, id, `session ${name} has ended`)
  if (recording) return no(state, id, `session ${name} is recorded already, to ${recording}`)
  if (!path.startsWith('/') || Buffer.byteLength(path) >= PATH_MAX)
    return no(state, id, 'that is no path to record to')
  return [{ ...state, recording: path }, [{ type: 'record', id, request }]]
}

function unrecord(state: State, id: number): Step {
  if (!state.recording) return no(state, id, `session ${state.name} is not recorded`)
  return [{ ...state, recording: '' }, [{ type: 'unrecord', id, status: undefined }]]
}

function stopped(state: State, signal: number): Step {
  const { connection } = state
  const effects: Effect[] = connection
    ? [{ type: 'tell', id: connection.id, reply: { type: 'stopped', signal } }]
    : []
  return [{ ...state, stopped: signal }, effects]
}

/** Those who have the session's output. */
function readers({ viewers, connection }: State): number[] {
  return connection ? [...viewers.keys(), connection.id] : [...viewers.keys()]
}

/** Whoever types need not wait until somebody has seen the output. */
function exited(state: State): Step {
  const { connection, typists } = state
  const told = [...typists].map(id => say(id, { type: 'bye', why: 'ended', by: '' }))
  const own = connection ? [say(connection.id, { type: 'exited' })] : []
  return [{ ...state, exited: true, typists: new Set() }, [...told, ...own]]
}

function ended(state: State, status: number): Step {
  if (state.over) return [state, []]
  const after = { ...state, ended: status, stopped: 0, recording: '' }
  const told = readers(state).flatMap(id => ending(after, id))
  return [after, [...recorded(state, status), ...told]]
}

/** Whoever hears of the end finds the recording whole. */
function recorded({ recording }: State, status?: number): Effect[] {
  return recording ? [{ type: 'unrecord', id: undefined, status }] : []
}

function kill(state: State, id: number | undefined, force: boolean, now: number): Step {
  const { over, leaving } = state
  const reason = `session ${state.name} is gone`
  if (over) return id === undefined ? [state, []] : no(state, id, reason)
  const all = [...readers(state), ...state.typists]
  const byes = all.map(id => say(id, { type: 'bye', why: 'killed', by: '' }))
  const late = leaving?.successor ? refuse(state, leaving.successor.id, reason)[1] : []
  const left = leaving && { ...leaving, successor: undefined }
  const severed = { connection: undefined, typists: new Set<number>(), recording: '' }
  const after = { ...state, ...severed, over: true, leaving: left, since: now }
  return [after, [...recorded(state), ...byes, ...late, { type: 'hangup', force, id }]]
}
