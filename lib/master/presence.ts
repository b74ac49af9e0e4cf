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

export class Presence {
  readonly #name: string
  readonly #env: NodeJS.ProcessEnv
  readonly #listener: Listener
  #door: Door | undefined
  #status: StatusFile | undefined
  #over = false

  /** `env` says which directory it is. */
  constructor(name: string, env: NodeJS.ProcessEnv, listener: Listener) {
    this.#name = name
    this.#env = env
    this.#listener = listener
  }

  /** From now on it can be asked. Throws Trouble. */
  async enter(): Promise<void> {
    const directory = openDirectory(process.geteuid?.() ?? 0, this.#env, true)
    if (!directory) return
    const door = await open(directory.at, this.#name, client => this.#listener.welcome(client))
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
