// What programs have set on a terminal, known from their output, and how it is undone and set again.
// Left out on purpose: private modes that are saved and restored (CSI ? s, CSI ? r), and what strings
// set (titles, palettes).

import { copy, designate, draw, hide, type Look, normal, show } from './look.js'
import { blank, confine, enter, leave, press, type Screen } from './screen.js'
import { NEAR, Sequences } from './sequences.js'
import { choose, margins, note, type Settings, soften, spell, turn } from './settings.js'

const SHIFT_OUT = 0x0e
const SHIFT_IN = 0x0f

/** Ends whatever sequence a terminal is in the middle of. */
const ABORT = '\x18\x1b\\'

/** A screen that is being updated stands still until this is off: it is never set again. */
const UPDATE = '?2026'

const CURSOR = '?25'

interface State {
  settings: Settings
  look: Look
  main: Screen
  alternate: Screen
  /** The mode that the alternate screen was entered by, '' on the main one. Is the cursor restored after it? */
  entered: string
  restored: boolean
  /** What was saved with either screen's cursor. Was the main one's, and is not restored yet? */
  saved: { main: Look | undefined; alternate: Look | undefined }
  pending: boolean
}

const fresh = (): State => ({
  settings: new Map(),
  look: normal(),
  main: blank(),
  alternate: blank(),
  entered: '',
  restored: false,
  saved: { main: undefined, alternate: undefined },
  pending: false,
})

export class Modes {
  #cut = new Sequences([SHIFT_OUT, SHIFT_IN])
  #state = fresh()
  #rows = 0
  /** Are the two to be made anew when they are asked for? */
  #stale = false
  #set = ''
  #undo = ''

  /** Puts on a normal terminal all that is set. */
  get set(): string {
    if (this.#stale) this.#tell()
    return this.#set
  }

  /** Brings a terminal with all that is set back to normal; '' when nothing is. */
  get undo(): string {
    if (this.#stale) this.#tell()
    return this.#undo
  }

  /** Notes what these bytes of output set. Did `set` or `undo` change? */
  feed(buffer: Buffer, from = 0, to = buffer.length): boolean {
    return this.note(buffer, from, to) && this.#tell()
  }

  /** The same at less cost: may they have changed? */
  note(buffer: Buffer, from: number, to: number): boolean {
    const few = to - from <= NEAR
    // No object for what is typed key by key.
    const bytes = few ? buffer : buffer.subarray(from, to)
    const end = few ? to : bytes.length
    const cut = this.#cut
    const inside = cut.inside
    let heard = false
    for (let at = few ? from : 0; at < end;) {
      at = cut.next(bytes, at, end)
      if (cut.kind === 'csi') heard = this.#csi(cut.name) || heard
      else if (cut.kind === 'escape') heard = this.#escape(cut.name) || heard
      else if (cut.kind === 'control') heard = this.#shift(cut.control === SHIFT_OUT ? 1 : 0)
    }
    if (heard || inside !== cut.inside) this.#stale = true
    return this.#stale
  }

  /** The terminal has so many rows: a region of them all is none, and one for other rows is not set again. */
  resize(rows: number): boolean {
    this.#rows = rows
    return this.#tell()
  }

  /** Is the alternate screen on, as full-screen programs have it? */
  get alternate(): boolean {
    return this.#state.entered !== ''
  }

  clone(): Modes {
    const other = new Modes()
    other.#cut = this.#cut.clone()
    other.#state = structuredClone(this.#state)
    other.#rows = this.#rows
    other.#set = this.set
    other.#undo = this.undo
    return other
  }

  #tell(): boolean {
    this.#stale = false
    const set = put(this.#state, this.#rows)
    const undo = (this.#cut.inside ? ABORT : '') + takeBack(this.#state)
    const changed = set !== this.#set || undo !== this.#undo
    this.#set = set
    this.#undo = undo
    return changed
  }

  get #screen(): Screen {
    return this.#state.entered ? this.#state.alternate : this.#state.main
  }

  #csi(name: string): boolean {
    const cut = this.#cut
    const { settings, look } = this.#state
    const n = cut.param(0, 0)
    switch (name) {
      case 'm':
        draw(look, cut)
        return true
      case 'h':
      case 'l':
      case '?h':
      case '?l':
        for (let i = 0; i < cut.count; i++)
          this.#turn(`${name.slice(0, -1)}${cut.param(i, 0)}`, name.endsWith('h'))
        return true
      case 'r':
        confine(this.#screen, cut.param(0, 1), cut.param(1, 0), this.#rows)
        return true
      case 's':
        if (settings.has('?69')) margins(settings, cut.param(0, 1), cut.param(1, 0))
        else this.#save()
        return true
      case 'u':
        this.#restore()
        return true
      case ' q':
        note(settings, name, n === 0, `\x1b[${n} q`, '\x1b[0 q')
        return true
      case '>u':
      case '=u':
      case '<u':
        press(this.#screen, name, cut.param(0, name === '<u' ? 1 : 0), cut.param(1, 1))
        return true
      case '>m':
      case '>f':
      case '>n':
        choose(settings, name.slice(1), cut.param(0, name === '>n' ? 2 : -1), cut.param(1, -1))
        return true
      case '!p':
        this.#soften()
        return true
      default:
        return false
    }
  }

  #escape(name: string): boolean {
    const { settings, look } = this.#state
    switch (name) {
      case '7':
        this.#save()
        return true
      case '8':
        this.#restore()
        return true
      case 'c':
        this.#state = fresh()
        return true
      case '=':
      case '>':
        turn(settings, '?66', name === '=')
        return true
      case '<':
        turn(settings, '?2', true)
        return true
      case 'n':
      case 'o':
        return this.#shift(name === 'n' ? 2 : 3)
      case ' F':
      case ' G':
        note(settings, ' ', name === ' F', '\x1b G', '\x1b F')
        return true
      case '%@':
      case '%G':
        note(settings, '%', name === '%G', '\x1b%@', '\x1b%G')
        return true
      default:
        return designate(look, name)
    }
  }

  #shift(set: number): boolean {
    this.#state.look.shift = set
    return true
  }

  #turn(mode: string, on: boolean): void {
    const { settings, look } = this.#state
    if (mode === '?6') look.origin = on
    else if (mode === '?47' || mode === '?1047' || mode === '?1049') this.#switch(mode, on)
    else if (mode !== '?1048') turn(settings, mode, on)
    else if (on) this.#save()
    else this.#restore()
  }

  #switch(mode: string, on: boolean): void {
    const state = this.#state
    const saves = mode === '?1049'
    if (on && state.entered) return
    if (on) {
      if (saves) state.saved.main = copy(state.look)
      state.restored = saves || state.pending
    } else state.alternate.region = ''
    state.entered = on ? mode : ''
    if (saves && !on) this.#restore()
  }

  #save(): void {
    const state = this.#state
    state.saved[state.entered ? 'alternate' : 'main'] = copy(state.look)
    if (!state.entered) state.pending = true
  }

  #restore(): void {
    const state = this.#state
    const saved = state.saved[state.entered ? 'alternate' : 'main']
    state.look = saved ? copy(saved) : normal()
    if (!state.entered) state.pending = false
  }

  #soften(): void {
    const state = this.#state
    soften(state.settings)
    state.look = normal()
    state.saved[state.entered ? 'alternate' : 'main'] = undefined
    this.#screen.region = ''
  }
}

/** What saving the cursor before the alternate screen saved. */
const under = ({ restored, saved }: State): Look => (restored && saved.main) || normal()

/** Brings a normal terminal of so many rows to this state. */
function put(state: State, rows: number): string {
  const { settings, look, main, alternate, entered, restored } = state
  const save = restored && entered !== '?1049' ? '\x1b7' : ''
  const below = under(state)
  const over = entered && show(below) + save + spell(entered, true) + hide(below)
  const inside = entered && enter(alternate, rows, !restored)
  const rest = Array.from(settings, ([what, [set]]) => (what === UPDATE ? '' : set))
  return enter(main, rows, true) + over + inside + show(look) + rest.join('')
}

/** Brings a terminal in this state back to normal, as the program that made it so would at its end. */
function takeBack(state: State): string {
  const { settings, look, main, alternate, entered, restored } = state
  const restore = restored && entered !== '?1049' ? '\x1b8' : ''
  const rest = Array.from(settings, ([what, [, undo]]) => (what === CURSOR ? '' : undo))
  const inside = entered && leave(alternate, !restored)
  const over = entered && spell(entered, false) + restore + hide(under(state))
  const cursor = settings.get(CURSOR)?.[1] ?? ''
  return rest.reverse().join('') + hide(look) + inside + over + leave(main, true) + cursor
}
