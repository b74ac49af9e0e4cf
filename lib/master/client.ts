// One client of a master: what it has said of itself, and by what it has the session's output.
import type { Peer } from '../sys/peer.js'
import type { Held } from '../sys/repair.js'
import type { Reply, Request } from '../wire.js'
import { Relay, tellModes, type Channel, type Reader } from './channel.js'
import type { Input } from './input.js'

export interface Client {
  peer: Peer<Reply>
  greeted: boolean
  /** When it has not greeted by then it is dropped. */
  deadline: NodeJS.Timeout
  /** What it is told once it has all the output so far. */
  after: Reply[]
  /** Was it told of the program's end? */
  over: boolean
  /** Undefined for one that gets no output. */
  reader: Reader | undefined
  channel: Channel | undefined
  /** What it lends, as soon as it has shown what it was sent; and its input, if that was taken. */
  lends: (Request & { type: 'lend' }) | undefined
  /** Up to where its input came through it, if that was not all accepted yet; or 0. */
  relayed: number
  input: Input | undefined
  /** Its process, its terminal, and the terminal's own modes as it has told them. */
  pid: number
  held: Held | undefined
  saved: string
}

export const NOTHING = {
  over: false,
  reader: undefined,
  channel: undefined,
  lends: undefined,
  relayed: 0,
  input: undefined,
  pid: 0,
  held: undefined,
  saved: '',
}

/** A signaller's descriptors are its own again. */
export function giveBack(client: Client): void {
  const { reader, channel, input } = client
  client.lends = undefined
  if (!reader || !(input ?? channel?.direct)) return
  shut(client)
  client.channel = new Relay(reader)
  tellModes(reader)
}

export function shut(client: Client): void {
  client.channel?.shut()
  client.input?.shut()
  client.input = undefined
}
