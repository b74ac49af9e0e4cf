// Starting a session: the launcher has started a master beside us (cmd/master.sh), which is told what to run
// when it comes to the place where we wait for it.
import { Trouble } from './die.js'
import { Frames, request } from './frames.js'
import { pieces, type Settings } from './orders.js'
import { openDirectory } from './sys/directory.js'
import { peer, type Socket } from './sys/peer.js'
import { call, meet } from './sys/socket.js'
import { VERSION, type Reply, type Request } from './wire.js'

/** How long a master may take to come, in milliseconds. */
const PATIENCE = 10000

/**
 * Starts a session. Returns its name, and the connection to its master, which ends the session when it is
 * closed without having been used to connect. Throws Trouble.
 */
export async function start(settings: Settings): Promise<{ name: string; line: Socket }> {
  const draft = process.env['SESS_DRAFT'] ?? ''
  const place = openDirectory(process.geteuid?.() ?? 0, process.env, true)
  const line = place && (await meet(place.at, draft, PATIENCE))
  if (!line) throw new Trouble('cannot start a master')
  return new Promise((done, fail) => {
    const heard = (answer: Reply): void => {
      if (answer.type === 'started') done({ name: answer.name, line: master.release() })
      if (answer.type === 'no') fail(new Trouble(answer.reason))
    }
    const closed = (): void => {
      // What a dead one has left is swept by whoever meets it.
      const swept = call(place.at(draft))
      void swept.finally(() => fail(new Trouble('the master ended before it was ready')))
    }
    line.write(request({ type: 'hello', version: VERSION }))
    for (const piece of pieces(settings)) line.write(request(piece))
    const master = peer<Reply, Request>(line, Frames.replies(), request, heard, closed)
  })
}
