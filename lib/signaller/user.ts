// The user's side of a signaller: his terminal's modes, what he types, what he is shown. What goes where
// and when is run.ts's business.
import { code, line, reason, type Level } from '../die.js'
import { printable } from '../printable.js'
import { Queries } from '../queries.js'
import { lendable } from '../sys/ends.js'
import { Outlet, inlet, type Inlet } from '../sys/flow.js'
import { complain } from '../sys/say.js'
import {
  awaitForeground,
  controllingTerminal,
  kindOf,
  noted,
  openTerminal,
  put,
  raw,
  rawOutput,
  reopen,
  restore,
  save,
  terminalOf,
} from '../sys/terminal.js'
import type { Modes } from '../wire.js'

/** Who is told what the user does. */
export interface Listener {
  typed(bytes: Buffer): void
  /** There is no more; was there any? */
  ended(some: boolean): void
  /** Everything before this offset of the output has been taken. */
  seen(offset: number): void
  /** All that came so far has been taken. */
  shown(): void
  /** What was to be settled is. */
  settled(): void
  /** The output takes no more: why, or '' if its reader has just gone. */
  broken(reason: string): void
}

/** Something written: how much of it was not taken yet, and the output's offset when it is. Our own has none. */
interface Written {
  left: number
  end: number | undefined
  exact: boolean
}

/** How we are to treat him: his terminal, his stderr, what he types. */
interface Manners {
  touch: boolean
  quiet: boolean
  read: boolean | 'later'
}

/** How long output may make no progress before a disconnect leaves it for the next connection, in milliseconds. */
const STUCK = 500

const NOTHING: Modes = { set: '', undo: '' }

export class User {
  /** The terminal's modes as they were; undefined if it is to be left alone, or there is none. */
  readonly saved: string | undefined
  /** The terminal's device, or ''. */
  readonly device: string
  /** The terminal that its output may end on: behind a pipe it could be the controlling one. Or ''. */
  readonly origin: string
  /** Does the output go to a terminal? */
  readonly terminal: boolean
  modes = NOTHING
  readonly #listener: Listener
  readonly #quiet: boolean
  readonly #tty: number | undefined
  /** Does he type at a terminal, and is it read? May we write sequences of our own on it? */
  readonly #types: boolean
  readonly #dresses: boolean
  #raw = false
  #released = false
  #outlet: Outlet | undefined
  #inlet: Inlet | undefined
  #written: Written[] = []
  #queries = new Queries()
  #skipping = false
  #live = 0
  /** Everything before it has been shown. */
  #at = 0
  #settling = false
  #stuck: NodeJS.Timeout | undefined
  #some = false

  constructor(listener: Listener, { touch, quiet, read }: Manners) {
    this.#listener = listener
    this.#quiet = quiet
    const sits = kindOf(0) === 'terminal'
    this.#types = sits && read !== false
    this.terminal = kindOf(1) === 'terminal'
    this.#dresses = this.terminal && touch
    const own = sits || this.terminal
    this.device = (own && (terminalOf(sits ? 0 : 1) ?? '')) || ''
    this.origin = this.device || (kindOf(1) === 'pipe' ? controllingTerminal() : '')
    this.#tty = own && touch ? openTerminal() : undefined
    const waited = (this.#types || this.#tty !== undefined) && awaitForeground()
    if (this.#tty === undefined) return
    const modes = waited ? undefined : noted()
    this.saved = modes ?? save(this.#tty)
  }

  /** Makes the terminal ready for a session, or for looking at one: then its keys still make signals. */
  ready(viewer: boolean): void {
    if (this.#tty !== undefined && this.saved !== undefined && !this.#released) {
      if (viewer || !this.#types) rawOutput(this.#tty, this.saved)
      else raw(this.#tty)
      this.#raw = true
    } else if (this.#types) awaitForeground()
    if (this.#dresses) this.#own(this.modes.set)
  }

  /** Gives the terminal back as it was. */
  restore(): void {
    this.undo()
    if (!this.#raw || this.#tty === undefined || this.saved === undefined) return
    restore(this.#tty, this.saved)
    this.#raw = false
  }

  /** The program has exited: a reader of its output may take as long as he likes, but the keys make signals again. */
  release(): void {
    if (this.terminal) return
    this.#released = true
    this.restore()
  }

  /** Undoes what the session's programs have set. */
  undo(): void {
    if (!this.#dresses || this.modes.undo === '') return
    if (this.#outlet?.waiting === 0) return this.#own(this.modes.undo)
    this.#outlet?.shut()
    this.#outlet = undefined
    put(1, this.modes.undo)
  }

  /** The session has been left: nothing that it set is put back any more. */
  part(): void {
    this.undo()
    this.modes = NOTHING
    this.#released = false
  }

  say(level: Level, text: string): void {
    if (!this.#quiet) this.notice(line('pty', level, text))
  }

  /** A line for his stderr, which may be a raw terminal. */
  notice(text: string): void {
    if (!this.#quiet)
      complain(printable(text), this.#raw && kindOf(2) === 'terminal' ? '\r\n' : '\n')
  }

  /**
   * Output is about to come from `offset` on; what lies before `live` he has missed. On a terminal it is shown
   * without its questions, and begins with a line if some of it is lost.
   */
  expect(offset: number, live: number, lost: number): void {
    this.#at = offset
    this.#live = live
    this.#skipping = lost > 0 && this.terminal
    this.#queries = new Queries()
  }

  /** Shows output. */
  show(offset: number, bytes: Buffer): void {
    const end = offset + bytes.length
    if (!this.terminal || offset >= this.#live) return this.#write(bytes, end, true)
    const missed = bytes.subarray(0, this.#live - offset)
    const shown = [this.#queries.strip(this.#skip(missed))]
    if (end >= this.#live) shown.push(this.#queries.end(), bytes.subarray(missed.length))
    this.#write(Buffer.concat(shown), end, false)
  }

  /** A sequence may have lost its beginning: what comes before the first new line is not shown. */
  #skip(bytes: Buffer): Buffer {
    if (!this.#skipping) return bytes
    const at = bytes.indexOf('\n')
    this.#skipping = false
    return at < 0 || at > 4096 ? bytes : bytes.subarray(at + 1)
  }

  /** Is everything that he had missed shown, and all of our own? */
  get shown(): boolean {
    return this.#at >= this.#live && this.waiting === 0
  }

  /** Waits until all that came is taken; unless `patient` no longer than it makes progress. */
  settle(patient: boolean): void {
    clearTimeout(this.#stuck)
    this.#settling = true
    this.#stuck = patient ? undefined : setTimeout(() => this.#settled(), STUCK)
    if (this.waiting === 0) this.#settled()
  }

  #settled(): void {
    clearTimeout(this.#stuck)
    if (!this.#settling) return
    this.#settling = false
    this.#listener.settled()
  }

  /** What he can lend, and whether what he types may be; undefined if nothing. */
  ends(reads: boolean): { input: string; output: string } | undefined {
    const input = reads ? lendable(0, 'read') : ''
    const output = lendable(1, 'write')
    return process.env['SESS_DIRECT'] === 'no' || input + output === ''
      ? undefined
      : { input, output }
  }

  /** How much of the output was not taken yet. */
  get waiting(): number {
    return this.#outlet?.waiting ?? 0
  }

  #own(sequence: string): void {
    if (sequence !== '') this.#write(Buffer.from(sequence, 'latin1'), undefined, false)
  }

  #write(bytes: Buffer, end: number | undefined, exact: boolean): void {
    this.#outlet ??= this.#open()
    this.#written.push({ left: bytes.length, end, exact })
    if (bytes.length > 0) this.#outlet.write(bytes)
    else this.#taken(0)
  }

  #open(): Outlet {
    this.#written = []
    const failed = (error: unknown): void => {
      this.#listener.broken(code(error) === 'EPIPE' ? '' : reason(error))
    }
    return new Outlet(reopen(1, 'write'), count => this.#taken(count), failed)
  }

  #taken(count: number): void {
    let seen: number | undefined
    for (let first = this.#written[0]; first; first = this.#written[0]) {
      const part = Math.min(count, first.left)
      first.left -= part
      count -= part
      if (first.end !== undefined && (first.exact || first.left === 0))
        seen = first.end - first.left
      if (first.left > 0) break
      this.#written.shift()
    }
    if (seen !== undefined) {
      this.#at = seen
      this.#listener.seen(seen)
      this.#stuck?.refresh()
    }
    if (this.waiting > 0) return
    this.#listener.shown()
    this.#settled()
  }

  /** Reads what is typed, or lets it wait. */
  read(wanted: boolean): void {
    if (!wanted) return this.#inlet?.pause()
    this.#inlet ??= inlet(
      reopen(0, 'read'),
      (buffer, length) => this.#typed(buffer.subarray(0, length)),
      () => this.ended(),
    )
    this.#inlet.resume()
  }

  #typed(bytes: Buffer): void {
    this.#some = true
    this.#listener.typed(bytes)
  }

  /** An input that ends before its first byte is no input at all; at a terminal somebody has ended it. */
  ended(some = false): void {
    this.#listener.ended(some || this.#some || this.#types)
  }
}
