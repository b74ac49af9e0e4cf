// Where a master can be found: its socket, and beside it the status that it tells unasked. Both come back
// when somebody has removed them.
import { openDirectory } from '../sys/directory.js'
import type { Socket } from '../sys/peer.js'
import { statOf } from '../sys/processes.js'
import { open, type Door } from '../sys/socket.js'
import { StatusFile } from '../sys/status.js'
import { besides } from '../status.js'
import type { Info } from '../wire.js'

/** Who comes in, and what is to be told now; undefined where nothing is certain. */
export interface Listener {
  welcome(client: Socket): void
  certain(): Info | undefined
}

/** Puts a socket that there is under a session's name. */
export type Claim = (name: string, welcome: (client: Socket) => void) => Promise<Door>

export class Presence {
  readonly #name: string
  readonly #listener: Listener
  #door: Door | undefined
  #status: StatusFile | undefined
  #over = false

  constructor(name: string, listener: Listener) {
    this.#name = name
    this.#listener = listener
  }

  /** From now on it can be asked, at a socket that is made, or claimed if there is one already. Throws Trouble. */
  async enter(claim?: Claim): Promise<void> {
    const directory = openDirectory(process.geteuid?.() ?? 0, process.env, true)
    if (!directory) return
    const welcome = (client: Socket): void => this.#listener.welcome(client)
    const door = await (claim?.(this.#name, welcome) ?? open(directory.at, this.#name, welcome))
    if (this.#over) return door.close()
    const { socket, file } = door
    const started = statOf(process.pid)?.started ?? 0
    this.#door = door
    this.#status = new StatusFile(besides(directory.at(this.#name)), { started, socket, file })
    this.tell()
  }

  /** Tells what is true from now on. */
  tell(): void {
    if (!this.#over) this.#status?.write(this.#listener.certain())
  }

  /** Puts right what somebody has removed. */
  look(): void {
    if (this.#over) return
    if (this.#door?.there() === false) void this.enter().catch(() => undefined)
    else this.#status?.renew(this.#listener.certain())
  }

  /** Nobody new comes in. */
  leave(): void {
    this.#over = true
    this.#status?.write(undefined)
    this.#door?.close()
  }
}
