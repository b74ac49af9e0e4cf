// Looking at a session's output from outside, as a viewer that takes bytes: nothing here is for terminals.
import { Fatal } from './die.js'
import { Frames, request } from './frames.js'
import { peer, type Socket } from './sys/peer.js'
import { VERSION, type Reply, type Request } from './wire.js'

/** How the looking came to its end. */
export type End =
  | { why: 'enough' }
  | { why: 'ended'; status: number }
  | { why: 'killed' }
  /** Its master has died. */
  | { why: 'gone' }

export interface Watcher {
  /** Takes some output, of before we came or new. Is that enough? No more than a window comes before it resolves. */
  output(bytes: Buffer, missed: boolean): Promise<boolean>
  /** All that was kept has been taken. Is that enough? */
  caughtUp(): boolean
  notice(text: string): void
}

/** Looks at a session, beginning with so many bytes of what is kept. Throws Fatal if the session refuses. */
export async function watch(socket: Socket, kept: number, watcher: Watcher): Promise<End> {
  return new Promise((done, fail) => {
    let live = 0
    let caughtUp = false
    let before = Promise.resolve()

    const finish = (end: End): void => {
      master.send({ type: 'leave', ended: false })
      master.end()
      done(end)
    }
    const reached = (offset: number): void => {
      if (caughtUp || offset < live) return
      caughtUp = true
      if (watcher.caughtUp()) finish({ why: 'enough' })
    }
    const hear = async (message: Reply): Promise<void> => {
      switch (message.type) {
        case 'refused':
          return fail(new Fatal(message.reason))
        case 'connected':
          live = message.live
          return reached(message.offset)
        case 'output': {
          const end = message.offset + message.bytes.length
          const here = Math.max(0, Math.min(message.bytes.length, live - message.offset))
          for (const [part, missed] of [
            [message.bytes.subarray(0, here), true],
            [message.bytes.subarray(here), false],
          ] as const) {
            if (part.length > 0 && (await watcher.output(part, missed)))
              return finish({ why: 'enough' })
            if (missed) reached(message.offset + here)
          }
          return master.send({ type: 'seen', offset: end })
        }
        case 'notice':
          return watcher.notice(message.text)
        case 'ended':
          return finish({ why: 'ended', status: message.status })
        case 'bye':
          return finish({ why: 'killed' })
      }
    }
    const heard = (message: Reply): void => {
      before = before.then(() => hear(message)).catch(fail)
    }
    const closed = (): void => void before.then(() => done({ why: 'gone' }))
    const master = peer<Reply, Request>(socket, Frames.replies(), request, heard, closed)
    const nobody = { tty: '', from: '', rows: 0, columns: 0, terminal: false, pid: 0, saved: '' }
    master.send({ type: 'hello', version: VERSION })
    master.send({ type: 'connect', ...nobody, viewer: true, force: false, kept })
  })
}
