// What a command was given: options as getopt(3) reads them, then operands. minimist does the parsing;
// this finds where the options end, takes clusters apart and refuses what was not declared, for minimist
// would guess at all three. What an option means is the command's own business.

import minimist from 'minimist'
import { Fatal, Usage } from './die.js'
import { isNameLike } from './name.js'
import { printable, short } from './printable.js'

export interface Options {
  /** Was the flag given? A capital letter turns the small one off; `otherwise` (false) is for neither. */
  on: (flag: string, otherwise?: boolean) => boolean
  values: Map<string, string>
  /** All options in their order, with their values; a flag's is ''. */
  given: readonly Given[]
  /** What follows the options, untouched. */
  operands: string[]
}

export type Given = readonly [name: string, value: string]

/** --help or --version was asked for: main prints the usage line (the message) or the version, and exits 0. */
export class Asked extends Error {
  readonly what: 'help' | 'version'
  constructor(what: 'help' | 'version', usage: string) {
    super(usage)
    this.what = what
  }
}

/** Each option that is declared, and whether it takes a value. */
type Table = Map<string, boolean>

/**
 * Reads a command's arguments. `spec` is getopt's, a colon after what takes a value, then the long options:
 * `qQs: --json --log:`. `most` is how many operands may follow. Throws Usage or Asked.
 */
export function options(argv: string[], spec: string, usage: string, most = Infinity): Options {
  const table = declared(spec)
  const { words, given, operands } = front(argv, table, usage)
  const surplus = operands[most]
  if (surplus !== undefined) throw wrong(`unexpected operand ${quoted(surplus)}`, usage)
  const string = [...table.keys()].filter(name => table.get(name))
  const boolean = [...table.keys()].filter(name => !table.get(name))
  // A flag that was not given is null rather than false, which is a flag that was turned off.
  const none = Object.fromEntries(boolean.map(name => [name, null]))
  const parsed: Record<string, unknown> = minimist(words, { string, boolean, default: none })
  const values = new Map<string, string>()
  for (const name of string) {
    const value = [parsed[name]].flat().at(-1)
    if (typeof value === 'string') values.set(name, value)
  }
  const on = (flag: string, otherwise = false) => (parsed[flag] ?? otherwise) === true
  return { on, values, given, operands }
}

function declared(spec: string): Table {
  const table: Table = new Map([
    ['help', false],
    ['version', false],
  ])
  for (const word of spec.split(' ')) {
    const names = word.startsWith('--') ? [word.slice(2)] : (word.match(/[^:]:?/gu) ?? [])
    for (const name of names) table.set(name.replace(/:$/, ''), name.endsWith(':'))
  }
  return table
}

/** The options, each alone and with its value, as minimist cannot mistake them; and the operands after them. */
function front(
  argv: string[],
  table: Table,
  usage: string,
): { words: string[]; given: Given[]; operands: string[] } {
  const words: string[] = []
  const given: Given[] = []
  let at = 0

  const option = (name: string, shown: string, attached: string | undefined) => {
    if (name === 'help' || name === 'version') throw new Asked(name, usage)
    const value = table.get(name) ? (attached ?? argv[at++]) : 'true'
    if (value === undefined) throw wrong(`option ${shown} needs a value`, usage)
    words.push(`--${name}=${value}`)
    given.push([name, table.get(name) ? value : ''])
    const opposite = oppositeOf(name, table)
    if (opposite) words.push(`--no-${opposite}`)
  }

  for (let word = argv[at]; word?.startsWith('-') && word !== '-'; word = argv[at]) {
    at++
    if (word === '--') break
    if (word.startsWith('--')) {
      const [, name = '', attached] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? []
      const shown = `--${short(printable(name), 40)}`
      const takes = name.length > 1 ? table.get(name) : undefined
      if (takes === undefined) throw wrong(`unknown option ${shown}`, usage)
      if (!takes && attached !== undefined) throw wrong(`option ${shown} takes no value`, usage)
      option(name, shown, attached)
      continue
    }
    const letters = Array.from(word.slice(1))
    for (const [i, letter] of letters.entries()) {
      const takes = table.get(letter)
      if (takes === undefined && letter === 'h') throw new Asked('help', usage)
      const shown = `-${printable(letter)}`
      if (takes === undefined) throw wrong(`unknown option ${shown}`, usage)
      const rest = letters.slice(i + 1).join('')
      option(letter, shown, takes && rest !== '' ? rest : undefined)
      if (takes) break
    }
  }
  return { words, given, operands: argv.slice(at) }
}

/** The letter that this one undoes: a capital the small one, and the other way round if the capital takes no value. */
function oppositeOf(name: string, table: Table): string | undefined {
  const capital = name.toUpperCase()
  const opposite = name === capital ? name.toLowerCase() : capital
  if (name.length > 1 || opposite === name || table.get(capital)) return undefined
  return table.has(opposite) ? opposite : undefined
}

function wrong(what: string, usage: string): Usage {
  return new Usage(`${what}; ${usage}`)
}

function quoted(text: string): string {
  return `'${short(printable(text), 40)}'`
}

/** The whole number that `text` is, from `low` to `high`. `what` names it in the complaint. */
export function count(text: string, low: number, high: number, what: string): number {
  const n = /^[0-9]+$/.test(text) ? Number(text) : NaN
  if (n >= low && n <= high) return n
  throw new Fatal(`${what} must be a whole number from ${low} to ${high}, not ${quoted(text)}`, 1)
}

/** The decimal number that `text` is, from `low` to `high`. */
export function decimal(text: string, low: number, high: number, what: string): number {
  const n = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : NaN
  if (n >= low && n <= high) return n
  throw new Fatal(`${what} must be a number from ${low} to ${high}, not ${quoted(text)}`, 1)
}

/** The text, if it looks like a session's name. */
export function sessionName(text: string): string {
  if (isNameLike(text)) return text
  throw new Fatal(`not a session's name: ${quoted(text)}`, 1)
}
