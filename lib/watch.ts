// Looking at a session's output from outside, as a viewer that takes bytes: nothing here is for terminals.
import { Fatal, Trouble } from './die.js'
import { Frames, request } from './frames.js'
import { peer, type Socket } from './sys/peer.js'
import { VERSION, type Reply, type Request } from './wire.js'

/** How long a master may take to answer, in milliseconds. */
const PATIENCE = 5000

/** How the looking came to its end: the watcher had enough, or the session ended, or was killed. */
export type End = { why: 'enough' } | { why: 'ended'; status: number } | { why: 'killed' }

export interface Watcher {
  /** The terminal that shows the output, or ''. */
  tty: string
  /** With how many bytes of what was kept to begin. */
  kept: number
  /** Is what comes after that wanted, too? */
  follow: boolean
  /** Takes some output. Is that enough? No more than a window comes before it resolves. */
  output(bytes: Buffer): Promise<boolean>
  /** What comes next does not follow what came before: why, as a line for a person. */
  lost(text: string): void
}

/** Looks at session `name`. Throws Fatal if the session refuses, Trouble if its master is not there or dies. */
export async function watch(name: string, socket: Socket, watcher: Watcher): Promise<End> {
  return new Promise((done, fail) => {
    const { tty, kept, follow } = watcher
    let live = 0
    let before = Promise.resolve()

    const finish = (end: End): void => {
      master.send({ type: 'leave', ended: false })
      master.end()
      done(end)
    }
    const output = async (offset: number, bytes: Buffer): Promise<void> => {
      const end = offset + bytes.length
      const wanted = follow ? bytes : bytes.subarray(0, Math.max(0, live - offset))
      if ((await watcher.output(wanted)) || (!follow && end >= live)) finish({ why: 'enough' })
      else master.send({ type: 'seen', offset: end })
    }
    const hear = (message: Reply): Promise<void> | void => {
      switch (message.type) {
        case 'refused':
          return fail(new Fatal(message.reason))
        case 'connected':
          live = message.live
          return follow || message.offset < live ? undefined : finish({ why: 'enough' })
        case 'output':
          return output(message.offset, message.bytes)
        case 'notice':
          return watcher.lost(message.text)
        case 'ended':
          return finish({ why: 'ended', status: message.status })
        case 'bye':
          return finish({ why: 'killed' })
      }
    }
    const silent = setTimeout(() => fail(new Trouble(`session ${name} does not answer`)), PATIENCE)
    const heard = (message: Reply): void => {
      if (message.type !== 'hello') clearTimeout(silent)
      before = before.then(() => hear(message)).catch(fail)
    }
    const closed = (): void => {
      clearTimeout(silent)
      void before.then(() => fail(new Trouble(`session ${name} is gone`)))
    }
    const master = peer<Reply, Request>(socket, Frames.replies(), request, heard, closed)
    const rest = { from: '', rows: 0, columns: 0, terminal: false, force: false, pid: 0, saved: '' }
    master.send({ type: 'hello', version: VERSION })
    master.send({ type: 'connect', tty, ...rest, viewer: true, kept })
  })
}
