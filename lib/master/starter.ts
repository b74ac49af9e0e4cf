// Who starts a master comes to it with the settings, and waits for the session's name. What then becomes of
// his connection is run.ts's business.
import { Frames, reply } from '../frames.js'
import { Gathered, type Settings } from '../orders.js'
import { peer, type Peer, type Socket } from '../sys/peer.js'
import { VERSION, type Reply, type Request } from '../wire.js'

export interface Starter {
  settings: Settings
  /** Tells him the session's name, and leaves the connection to somebody else. */
  started(name: string): Socket
  /** Tells him why there is no session. */
  failed(reason: string): void
}

/** How long a starter may take to say what he wants, in milliseconds. */
const PATIENCE = 5000

/** Hears a client of a master that has no session yet; `come` is called if he has said what to start, `gone` when he goes. */
export function hear(socket: Socket, come: (starter: Starter) => void, gone: () => void): void {
  const gathered = new Gathered()
  const late = setTimeout(() => he.drop(), PATIENCE)
  const heard = (message: Request): void => {
    if (message.type === 'hello') return he.send({ type: 'hello', version: VERSION })
    if (message.type === 'settings') return gathered.add(message.offset, message.bytes)
    if (message.type !== 'start') return he.drop()
    clearTimeout(late)
    come({ settings: gathered.settings, started, failed })
  }
  const started = (name: string): Socket => {
    he.send({ type: 'started', name })
    return he.release()
  }
  const failed = (reason: string): void => {
    he.send({ type: 'no', reason })
    he.end()
  }
  const closed = (): void => {
    clearTimeout(late)
    gone()
  }
  const he: Peer<Reply> = peer(socket, Frames.requests(), reply, heard, closed)
}
