// Where a recording is played: on a terminal, which is not asked the questions in it, tells its keys, and is
// given back as it was; or into anything else, byte for byte.
import { Modes } from '../modes.js'
import { Queries } from '../queries.js'
import { pieces, sink, type Pieces, type Sink } from '../pieces.js'
import { guard, type Guard } from '../sys/guard.js'
import {
  awaitForeground,
  keys,
  kindOf,
  openTerminal,
  put,
  reopen,
  restore,
  save,
  size,
} from '../sys/terminal.js'

export class Stage {
  /** The terminal's keys, one by one; undefined if it is none. */
  readonly keys: Pieces | undefined
  readonly #tty: number | undefined
  readonly #saved: string | undefined
  readonly #sink: Sink
  readonly #modes = new Modes()
  readonly #queries = new Queries()
  #guard: Guard | undefined
  #ready = false

  constructor() {
    this.#tty = kindOf(1) === 'terminal' ? openTerminal() : undefined
    this.#sink = sink(reopen(1, 'write'))
    if (this.#tty === undefined) return
    awaitForeground()
    this.#saved = save(this.#tty)
    // stty, to which a descriptor is given, makes it one that is waited on.
    const keys = openTerminal()
    this.keys = keys === undefined ? undefined : pieces(keys, () => 1)
  }

  /** Its size, if it has one. */
  get size(): { columns: number; rows: number } | undefined {
    return this.#tty === undefined ? undefined : size()
  }

  /** Makes the terminal ready to be played on, the first time or again. */
  ready(): void {
    if (this.#tty === undefined) return
    this.#ready = true
    awaitForeground()
    if (this.#saved !== undefined) {
      keys(this.#tty, this.#saved)
      this.#guard ??= guard(this.#tty, this.#saved, save(this.#tty) ?? '')
    }
    this.#guard?.know(this.#modes.undo)
    put(1, this.#modes.set)
  }

  /** Gives the terminal back as it was. */
  restore(): void {
    if (this.#tty === undefined || !this.#ready) return
    this.#ready = false
    put(1, this.#modes.undo)
    this.#guard?.know('')
    if (this.#saved !== undefined) restore(this.#tty, this.#saved)
  }

  /** Resolves when it has been taken. */
  async show(bytes: Buffer): Promise<void> {
    await this.#write(this.#tty === undefined ? bytes : this.#queries.strip(bytes))
  }

  /** All has been shown. */
  async end(): Promise<void> {
    await this.#write(this.#queries.end())
  }

  /** Nothing more is shown, not even what was not taken yet. */
  leave(): void {
    this.#sink.shut()
    this.keys?.stop()
    this.restore()
    this.#guard?.release()
  }

  async #write(bytes: Buffer): Promise<void> {
    if (this.#tty !== undefined && this.#modes.feed(bytes)) this.#guard?.know(this.#modes.undo)
    await this.#sink.write(bytes)
  }
}
