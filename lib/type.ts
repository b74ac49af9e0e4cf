// Typing into a session from outside, beside whoever is connected: byte for byte, and no faster than its
// program reads.
import { Fatal, Trouble } from './die.js'
import { Frames, request } from './frames.js'
import { peer, type Socket } from './sys/peer.js'
import { CHUNK, VERSION, type Reply, type Request } from './wire.js'

/** How long a master may take to answer, in milliseconds. */
const PATIENCE = 5000

/** The most that is sent before the program has accepted it, in bytes. */
const WINDOW = 65536

export interface Typist {
  /** Resolves when there is room for more; rejects if nobody will read it. */
  type(bytes: Buffer): Promise<void>
  /** Resolves when the program has accepted all of it; rejects if it will not. */
  end(): Promise<void>
}

/** Somebody who types into session `name`. Throws Fatal if there is no typing into it, Trouble if it is not there. */
export async function typist(name: string, socket: Socket): Promise<Typist> {
  let [sent, accepted, begun] = [0, 0, false]
  let failure: Fatal | undefined
  let wake = (): void => undefined
  const fail = (error: Fatal): void => {
    clearTimeout(silent)
    failure ??= error
    master.drop()
    wake()
  }
  const heard = (message: Reply): void => {
    if (message.type !== 'hello') clearTimeout(silent)
    if (message.type === 'ok') begun = true
    if (message.type === 'seen') accepted = message.offset
    if (message.type === 'no') return fail(new Fatal(message.reason))
    if (message.type === 'bye') return fail(new Fatal(`session ${name} has ended`))
    wake()
  }
  const until = async (holds: () => boolean): Promise<void> => {
    while (!failure && !holds()) await new Promise<void>(done => (wake = done))
    if (failure && !holds()) throw failure
  }
  const silence = (): void => fail(new Trouble(`session ${name} does not answer`))
  const closed = (): void => fail(new Trouble(`session ${name} is gone`))
  const silent = setTimeout(silence, PATIENCE)
  const master = peer<Reply, Request>(socket, Frames.replies(), request, heard, closed)
  master.send({ type: 'hello', version: VERSION })
  master.send({ type: 'typist' })
  await until(() => begun)
  return {
    type: async bytes => {
      for (let from = 0; from < bytes.length; from += CHUNK) {
        const part = bytes.subarray(from, from + CHUNK)
        if (failure) throw failure
        master.send({ type: 'input', offset: sent, bytes: part })
        sent += part.length
        await until(() => sent - accepted <= WINDOW)
      }
    },
    end: async () => {
      await until(() => sent === accepted)
      master.end()
    },
  }
}
