// A stranger on a session's socket, who says whatever bytes he likes.

import { connect } from 'node:net'
import { join } from 'node:path'
import { Frames, type Reply } from '../../lib/wire.js'
import type { World } from './driver.js'
import { attempt } from './leftovers.js'

export interface Stranger {
  say(...bytes: (Buffer | string)[]): void
  /** All that the master has said; nothing if he does not read. */
  readonly heard: Reply[]
  /** Is the connection still there? One that does not read notices its end only when he speaks. */
  readonly open: boolean
  leave(): void
}

export async function stranger(world: World, name: string, reading = true): Promise<Stranger> {
  const socket = connect(join(world.sessions, name))
  const frames = Frames.replies()
  const heard: Reply[] = []
  await new Promise((done, fail) => socket.once('connect', done).once('error', fail))
  socket.on('error', () => undefined)
  if (reading) socket.on('data', bytes => attempt(() => heard.push(...frames.read(bytes))))
  else socket.pause()
  return {
    say: (...bytes) => {
      for (const one of bytes) socket.write(one)
    },
    heard,
    get open() {
      return !socket.closed
    },
    leave: () => void socket.destroy(),
  }
}
