// What a master tells of its session.
import type { Info } from '../wire.js'
import type { State } from './state.js'

/** What of that its state does not have. */
export type Rest = Pick<Info, 'pid' | 'slave' | 'begun' | 'direct' | 'command'>

export function info(state: State, rest: Rest): Info {
  const { name, title, connection, viewers, stopped, ended, since, recording, session } = state
  const nobody = ended === undefined ? 'disconnected' : 'ended'
  const { tty, from, next } = connection ?? { tty: '', from: '', next: undefined }
  return {
    name,
    title,
    state: connection ? 'connected' : nobody,
    status: ended ?? 0,
    stopped,
    next: next?.to ?? '',
    since,
    connection: { tty, from },
    viewers: [...viewers.values()],
    recording,
    session,
    ...rest,
  }
}
