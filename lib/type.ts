// Typing into a session from outside, beside whoever is connected: byte for byte, and no faster than its
// program reads.
import { Fatal, Trouble } from './die.js'
import { Frames, request } from './frames.js'
import { peer, type Socket } from './sys/peer.js'
import { CHUNK, VERSION, type Reply, type Request } from './wire.js'

/** The most that is sent before the program has accepted it, in bytes. */
const WINDOW = 65536

export interface Typist {
  /** Resolves when there is room for more; rejects if nobody will read it. */
  type(bytes: Buffer): Promise<void>
  /** Resolves when the program has accepted all of it. */
  end(): Promise<void>
}

/** Somebody who types into session `name`. Throws Fatal if there is no typing into it. */
export async function typist(name: string, socket: Socket): Promise<Typist> {
  let [sent, accepted] = [0, 0]
  let failure: Error | undefined
  let wake = (): void => undefined
  const fail = (error: Error): void => {
    failure ??= error
    wake()
  }
  const waiting = async (most: number): Promise<void> => {
    while (!failure && sent - accepted > most) await new Promise<void>(done => (wake = done))
    if (failure) throw failure
  }
  const master = await new Promise<ReturnType<typeof peer<Reply, Request>>>(ready => {
    const heard = (message: Reply): void => {
      if (message.type === 'ok') ready(line)
      if (message.type === 'no') fail(new Fatal(message.reason))
      if (message.type === 'ended') fail(new Fatal(`session ${name} has ended`))
      if (message.type === 'seen') {
        accepted = message.offset
        wake()
      }
      if (failure) ready(line)
    }
    const closed = (): void => {
      fail(new Trouble(`session ${name} is gone`))
      ready(line)
    }
    const line = peer<Reply, Request>(socket, Frames.replies(), request, heard, closed)
    line.send({ type: 'hello', version: VERSION })
    line.send({ type: 'typist' })
  })
  await waiting(0)
  return {
    type: async bytes => {
      for (let from = 0; from < bytes.length; from += CHUNK) {
        const part = bytes.subarray(from, from + CHUNK)
        master.send({ type: 'input', offset: sent, bytes: part })
        sent += part.length
        await waiting(WINDOW)
      }
    },
    end: async () => {
      await waiting(0)
      master.end()
    },
  }
}
