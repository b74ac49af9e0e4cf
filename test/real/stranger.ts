// A stranger on a session's socket, who says whatever bytes he likes.

import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { Frames } from '../../lib/frames.js'
import type { Reply } from '../../lib/wire.js'
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

/** A socket in the session directory that is no session: it says this to everybody, and never hangs up. */
export async function impostor(
  t: { teardown(end: () => void): void },
  world: World,
  name: string,
  said: () => Buffer,
): Promise<void> {
  const place = join(world.sessions, name)
  const clients = new Set<Socket>()
  const server = createServer(client => {
    clients.add(client)
    client.on('error', () => undefined)
    client.write(said())
  })
  await new Promise<void>(listening => server.listen(place, listening))
  t.teardown(() => {
    for (const client of clients) client.destroy()
    server.close()
  })
}
