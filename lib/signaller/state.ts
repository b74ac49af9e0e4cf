// What a signaller knows, and above all where this terminal goes next; and what it does about each thing
// that happens. No input or output here: run.ts carries out the effects.
import type { Level } from '../die.js'
import type { Direct, Next, Reply, Request } from '../wire.js'

export interface State {
  /** Calling a session, connected to it, about to stop or stopped with it, leaving it, about to die, or done. */
  phase: 'calling' | 'live' | 'stopping' | 'stopped' | 'leaving' | 'dying' | 'over'
  /** The session that it is connected to, or calls. */
  at: Next
  /** Did it come here by a reconnect? */
  hopped: boolean
  /** Where to go when the session ends or is disconnected. */
  next: Next | undefined
  /** Which of our descriptors the master uses itself. */
  direct: Direct
  /** What it exits with when it leaves and there is nowhere to go; the signal while it stops. */
  status: number
  /** What it dies of. */
  signal: NodeJS.Signals
  /** Does what it is connected to outlast the connection? Is there more input to come? */
  session: boolean
  open: boolean
  /** Has it seen the program's end, and what is there to say when it leaves? */
  ended: boolean
  farewell: Effect[]
}

/** What a master says that is not about bytes. */
export type Said = Extract<
  Reply,
  { type: 'refused' | 'next' | 'lent' | 'stopped' | 'bye' | 'ended' }
>

export type Event =
  | Said
  | { type: 'connected'; session: boolean }
  /** There is no such session, or it is not ours. */
  | { type: 'missing' }
  /** The master has closed the connection. */
  | { type: 'closed' }
  /** All output that came is written, as far as the terminal takes it. */
  | { type: 'settled' }
  /** What was lent is ours again. */
  | { type: 'returned' }
  /** The terminal is ready, and all that was missed is shown. */
  | { type: 'shown' }
  /** The signaller itself was told to stop. */
  | { type: 'stop'; signal: number }
  /** SIGCONT. */
  | { type: 'continued' }
  /** The input has ended, and all of it has been typed. Was there any, and is its terminal gone? */
  | { type: 'eof'; some: boolean; gone: boolean }
  /** The output takes no more: why, or '' if its reader has just gone. */
  | { type: 'broken'; reason: string }
  /** The signaller itself was told to die. */
  | { type: 'signal'; signal: NodeJS.Signals }

export type Effect =
  | { type: 'call'; to: Next }
  | { type: 'send'; request: Request }
  /** Let the master use our descriptors itself, or give them back, which is `returned` in any case. */
  | { type: 'lend' }
  | { type: 'reclaim' }
  /** The terminal is made ready for the session, or given back as it was. */
  | { type: 'raw' }
  | { type: 'restore' }
  | { type: 'say'; level: Level; text: string }
  /** Write what came, then be `settled`; `patient`: however long the terminal takes. */
  | { type: 'settle'; patient: boolean }
  /** Close the connection. */
  | { type: 'part' }
  | { type: 'stop'; signal: number }
  | { type: 'exit'; status: number }
  | { type: 'die'; signal: NodeJS.Signals }

export type Step = [State, Effect[]]

/** A signaller that is to connect to the session just made for it. */
export function begin(name: string): Step {
  const at = { to: name, force: false, viewer: false }
  return call({ phase: 'calling', at, hopped: false, signal: 'SIGHUP', ...NOWHERE }, at, false)
}

const OURS = { input: false, output: false }
const THEIRS = { input: true, output: true }
const FRESH = { session: true, open: true, ended: false, farewell: [] }
const NOWHERE = { next: undefined, direct: OURS, status: 0, ...FRESH }

/** Calls a session; `hopped` if it comes from another. */
function call(state: State, at: Next, hopped: boolean): Step {
  const say = hopped ? [info(`reconnecting to ${at.to}`)] : []
  return [
    { ...state, phase: 'calling', at, hopped, ...NOWHERE },
    [...say, { type: 'call', to: at }],
  ]
}

/** What follows from an event. */
export function step(state: State, event: Event): Step {
  if (state.phase === 'over') return [state, []]
  const { to } = state.at
  switch (event.type) {
    case 'connected':
      return connected({ ...state, session: event.session })
    case 'refused':
      return fail(state, event.reason)
    case 'missing':
      return fail(
        state,
        state.hopped
          ? `signaller cannot reconnect to session ${to}; does it exist?`
          : `session ${to} is gone`,
      )
    case 'next': {
      const { to, force, viewer } = event
      return [{ ...state, next: to ? { to, force, viewer } : undefined }, []]
    }
    case 'shown':
      return shown(state)
    case 'lent':
      return [{ ...state, direct: { input: event.input, output: event.output } }, []]
    case 'returned':
      return returned({ ...state, direct: OURS })
    case 'stopped':
    case 'stop':
      return stop(state, event.signal)
    case 'continued':
      return continued(state)
    case 'bye':
      return bye({ ...state, direct: OURS }, event.why, event.by)
    case 'ended':
      return leave({ ...state, direct: OURS }, event.status, true, [])
    case 'closed':
      return closed({ ...state, direct: OURS })
    case 'settled':
      return settled(state)
    case 'eof':
      return eof(state, event.some, event.gone)
    case 'broken':
      return broken(state, event.reason)
    case 'signal':
      return dying({ ...state, phase: 'dying', signal: event.signal })
  }
}

const away = ({ direct }: State): boolean => direct.input || direct.output

function shown(state: State): Step {
  if (state.phase !== 'live' || away(state)) return [state, []]
  return [{ ...state, direct: THEIRS }, [{ type: 'lend' }]]
}

function stop(state: State, signal: number): Step {
  if (state.phase !== 'live') return [state, []]
  const stopping: State = { ...state, phase: 'stopping', status: signal }
  return away(state) ? [stopping, [{ type: 'reclaim' }]] : returned(stopping)
}

/** What is ours again can be put in order. */
function returned(state: State): Step {
  if (state.phase === 'dying') return dying(state)
  return [state, state.phase === 'stopping' ? [{ type: 'settle', patient: true }] : []]
}

function dying(state: State): Step {
  if (away(state)) return [state, [{ type: 'reclaim' }]]
  return [{ ...state, phase: 'over' }, [...parting, { type: 'restore' }, die(state.signal)]]
}

const fatal = (text: string): Effect => ({ type: 'say', level: 'fatal', text })
const info = (text: string): Effect => ({ type: 'say', level: 'info', text })
const die = (signal: NodeJS.Signals): Effect => ({ type: 'die', signal })
const parting: Effect[] = [
  { type: 'send', request: { type: 'leave', ended: false } },
  { type: 'part' },
]

function connected(state: State): Step {
  if (state.phase !== 'calling') return [state, []]
  const said = state.hopped ? [info(`successfully connected to ${state.at.to}`)] : []
  return [{ ...state, phase: 'live' }, [{ type: 'raw' }, ...said]]
}

function continued(state: State): Step {
  if (state.phase !== 'stopped' && state.phase !== 'live') return [state, []]
  return [
    { ...state, phase: 'live' },
    [{ type: 'raw' }, { type: 'send', request: { type: 'continue' } }],
  ]
}

/** For a session the end of an input is a disconnect, unless there was none; for what is none that of its terminal. */
function eof(state: State, some: boolean, gone: boolean): Step {
  const { session } = state
  if (session ? some : gone) return leave(state, session ? 0 : HUNGUP, false, [])
  const told: Effect[] = session ? [] : [{ type: 'send', request: { type: 'eof' } }]
  return [{ ...state, open: false }, told]
}

/** What the program of a terminal that is no session gets when its connection ends, as 128 + signal. */
const HUNGUP = 129

/** A reader that has gone is a disconnect, as at the end of a pipeline that was cut short. */
function broken(state: State, reason: string): Step {
  if (state.phase === 'dying') return dying({ ...state, direct: OURS })
  const parted: Effect[] = [...parting, { type: 'restore' }]
  if (reason === '') return over(state, state.session ? 0 : HUNGUP, parted)
  return over(state, 111, [...parted, fatal(`cannot write the output: ${reason}`)])
}

function bye(state: State, why: string, by: string): Step {
  const { to } = state.at
  if (why === 'taken') {
    const text = `session ${to} taken over by ${by}`
    return leave(state, 111, false, [{ type: 'say', level: 'warning', text }])
  }
  if (why === 'killed') return leave(state, HUNGUP, false, [info(`session ${to} was killed`)])
  return leave(state, 0, false, [])
}

/** The session is done with us, or we with it. What came from it is written first, all of it if it has ended. */
function leave(state: State, status: number, ended: boolean, farewell: Effect[]): Step {
  if (state.phase === 'dying') return dying(state)
  if (state.phase === 'leaving') return [state, []]
  return [
    { ...state, phase: 'leaving', status, ended, farewell },
    [{ type: 'settle', patient: ended }],
  ]
}

/** A master that goes without a word has died. */
function closed(state: State): Step {
  if (state.phase === 'leaving') return [state, []]
  return leave(state, 111, false, [fatal(`session ${state.at.to} is gone`)])
}

function settled(state: State): Step {
  const { status, ended, farewell, next } = state
  if (state.phase === 'stopping') {
    return [
      { ...state, phase: 'stopped', status: 0 },
      [{ type: 'restore' }, { type: 'stop', signal: status }],
    ]
  }
  if (state.phase !== 'leaving') return [state, []]
  const part: Effect[] = [{ type: 'send', request: { type: 'leave', ended } }, { type: 'part' }]
  if (!next) return over(state, status, [...part, { type: 'restore' }, ...farewell])
  const [after, effects] = call(state, next, true)
  return [after, [...part, ...farewell, ...effects]]
}

/** There is no way on from here: not to a session that could be named next either. */
function fail(state: State, reason: string): Step {
  return over(state, 111, [{ type: 'part' }, { type: 'restore' }, fatal(reason)])
}

function over(state: State, status: number, effects: Effect[]): Step {
  return [{ ...state, phase: 'over' }, [...effects, { type: 'exit', status }]]
}
