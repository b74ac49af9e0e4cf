// The switches of a terminal that programs have put in another position than a normal terminal's: modes, and
// options of the keyboard and the cursor. Of each, what puts it there again and what undoes it.

/** The latest last: a later one may have taken the place of an earlier one. */
export type Settings = Map<string, readonly [set: string, undo: string]>

const CSI = '\x1b['

/** The modes that are on in a normal terminal. */
const ON = new Set(['12', '?2', '?7', '?8', '?25', '?1035', '?1036', '?1070'])

const OFTEN = [
  1, 2, 3, 5, 7, 8, 9, 12, 25, 45, 66, 69, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007,
]
const RARELY = [1015, 1016, 1034, 1035, 1036, 1070, 2004, 2026, 2031, 2048]
const ANSI = ['2', '4', '12', '20']

/** The modes that are noted however many there are; and so many of all others. */
const KNOWN = new Set([...ANSI, ...OFTEN.concat(RARELY).map(n => `?${n}`)])
const MANY = 64

/** The modes that a soft reset makes normal. */
const SOFT = ['2', '4', '?1', '?7', '?25', '?66', '?69']

/** The modes that have sequences of their own. */
const SPELT: Record<string, readonly [off: string, on: string]> = {
  '?2': [`${CSI}?2l`, '\x1b<'],
  '?66': ['\x1b>', '\x1b='],
}

/** The sequence that turns a mode (`4`, `?25`) on or off. */
export function spell(mode: string, on: boolean): string {
  return SPELT[mode]?.[on ? 1 : 0] ?? `${CSI}${mode}${on ? 'h' : 'l'}`
}

export function note(settings: Settings, what: string, normal: boolean, set: string, undo: string) {
  settings.delete(what)
  if (!normal) settings.set(what, [set, undo])
}

export function turn(settings: Settings, mode: string, on: boolean): void {
  if (on === ON.has(mode)) settings.delete(mode)
  else if (KNOWN.has(mode) || (mode.startsWith('?') && settings.size < MANY))
    note(settings, mode, false, spell(mode, on), spell(mode, !on))
}

/** The left and right margins, which there are in mode 69 only; a right one of 0 is the last column. */
export function margins(settings: Settings, left: number, right: number): void {
  const given = `\x1b7${CSI}${left}${right > 0 ? `;${right}` : ''}s\x1b8`
  const set = left > 1 || right > 0 ? given : ''
  note(settings, '?69', false, spell('?69', true) + set, spell('?69', false))
}

/** xterm's options for what keys send: CSI > option ; value m (modifiers) or f (formats), CSI > option n (neither). */
export function choose(settings: Settings, letter: string, option: number, value: number): void {
  const what = letter === 'n' ? 'm' : letter
  const given = letter === 'n' ? '' : `;${value}`
  if (option < 0) for (let i = 0; i < 10; i++) settings.delete(`>${i}${what}`)
  if (option < 0 || option > 9) return
  const none = letter === 'n' || value < 0
  const normal = option === 4 ? none || value === 0 : none && letter !== 'n'
  const [set, undo] = [`${CSI}>${option}${given}${letter}`, `${CSI}>${option}${what}`]
  note(settings, `>${option}${what}`, normal, set, undo)
}

export function soften(settings: Settings): void {
  for (const mode of SOFT) settings.delete(mode)
}
