// Who starts a master comes to it with the settings, and waits for the session's name. What then becomes of
// his connection is run.ts's business.
import { Frames, reply } from '../frames.js'
import { Gathered, type Settings } from '../orders.js'
import type { Directory } from '../sys/directory.js'
import { peer, type Peer, type Socket } from '../sys/peer.js'
import { processOf } from '../sys/processes.js'
import { listen, type Door } from '../sys/socket.js'
import { VERSION, type Reply, type Request } from '../wire.js'

export interface Starter {
  settings: Settings
  /** Opens the session's door: from now on `welcome` gets whoever comes. Throws Trouble if the name is taken. */
  claim(name: string, welcome: (client: Socket) => void): Promise<Door>
  /** Tells him the session's name, and leaves the connection to somebody else. */
  started(name: string): Socket
  /** Tells him why there is no session. */
  failed(reason: string): void
}

/** How often a starter who does not come is looked for, and how long he may take, in milliseconds. */
const [OFTEN, PATIENCE] = [100, 10000]

/** How often a directory that is still to be made is looked for, in milliseconds. */
const SOON = 10

/**
 * Waits for the process `pid` to come to the socket `name` and say what to start. Undefined if it ends, goes
 * again or does not come in time; then nothing is left. It is for him to make the directory, `place`, and to
 * say what is wrong with it: there may be nothing to start.
 */
export async function come(
  pid: number,
  place: () => Directory | undefined,
  name: string,
): Promise<Starter | undefined> {
  const late = Date.now() + PATIENCE
  const waits = (): boolean => lives(pid) && Date.now() < late
  let directory = attempt(place)
  while (!directory && waits()) {
    await new Promise(soon => setTimeout(soon, SOON))
    directory = attempt(place)
  }
  if (!directory) return undefined
  let settled: (his: Said | undefined) => void = () => undefined
  let welcome = (client: Socket): void => hear(client, said => settled(said))
  const draft = await listen(directory.at, name, client => welcome(client))
  const look = (): void => {
    if (!waits()) settled(undefined)
  }
  const timer = setInterval(look, OFTEN)
  const said = await new Promise<Said | undefined>(done => {
    settled = done
    look()
  })
  clearInterval(timer)
  if (!said) draft.drop()
  let door: Door | undefined
  return (
    said && {
      settings: said.settings,
      claim: async (session, next) => {
        welcome = next
        door = await draft.claim(session)
        return door
      },
      started: session => {
        said.to.send({ type: 'started', name: session })
        return said.to.release()
      },
      failed: reason => {
        ;(door?.close ?? draft.drop)()
        said.to.send({ type: 'no', reason })
        said.to.end()
      },
    }
  )
}

function attempt(place: () => Directory | undefined): Directory | undefined {
  try {
    return place()
  } catch {
    return undefined
  }
}

function lives(pid: number): boolean {
  return !/[ZXx]/.test(processOf(pid)?.state ?? 'X')
}

interface Said {
  settings: Settings
  to: Peer<Reply>
}

/** Hears somebody who comes before there is a session; `settled` is told what to start, or that he has gone. */
function hear(socket: Socket, settled: (said: Said | undefined) => void): void {
  const gathered = new Gathered()
  const heard = (message: Request): void => {
    if (message.type === 'hello') to.send({ type: 'hello', version: VERSION })
    else if (message.type === 'settings') gathered.add(message.offset, message.bytes)
    else if (message.type === 'start') settled({ settings: gathered.settings, to })
    else to.drop()
  }
  const gone = (): void => settled(undefined)
  const to: Peer<Reply> = peer(socket, Frames.requests(), reply, heard, gone)
}
