// The dialogue at login: what it says of the disconnected sessions, and what each key does. Where the
// sessions come from and how the terminal is read is left to cmd/menu.ts. Lines end in CR LF, for the
// terminal is raw.
import { printable } from './printable.js'
import { when } from './when.js'

/** A session that may be chosen. */
export interface Offer {
  name: string
  device: string
  title: string
  /** Since when it is disconnected, in milliseconds since 1970. */
  since: number
  /** What ps says of its processes, '' if nothing. */
  ps: string
  /** The exit status of one that ended while disconnected. */
  ended?: number
}

export type Outcome = 'new' | 'plain' | { choose: string }

/** What has been typed so far; and the part of an escape sequence that has, for a key may send several bytes. */
export interface Typed {
  text: string
  escape: '' | 'begun' | 'inside'
}

export const NOTHING: Typed = { text: '', escape: '' }

export interface Pressed {
  typed: Typed
  /** What to write to the terminal. */
  say: string
  outcome?: Outcome
}

const BELL = '\x07'
const ERASE = '\b \b'
const NUMBERS = ['two', 'three', 'four', 'five', 'six', 'seven']

/** All that is said before the first key. */
export function greeting(offers: readonly Offer[]): string {
  return offers.map(shown).join('') + question(offers.map(({ name }) => name))
}

function shown({ name, device, title, since, ps, ended }: Offer): string {
  const begin = `You have a disconnected session on ${device}`
  const lines = ps.split('\n').filter(line => line !== '')
  const head =
    ended !== undefined
      ? [`${begin} (ended with status ${ended}).`]
      : lines.length > 0
        ? [`${begin}, with these processes:`, ...lines]
        : [`${begin}.`]
  const named = title === '' ? [] : [`Session ${name} is named: ${title}.`]
  const left = `Session ${name} has been disconnected since ${when(since)}.`
  return [...head, ...named, left].map(line => `${printable(line)}\r\n`).join('')
}

function question(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  const same = names.every(name => name.length === last.length)
  const length = same ? NUMBERS[last.length - 2] : undefined
  const extension = length ? `${length}-character extension` : 'extension'
  const [which, like] =
    names.length > 1
      ? ['one of those sessions', ` like ${last} for the last one`]
      : ['that session', ` ${last}`]
  return [
    `Would you like to reconnect to ${which}?`,
    `If so, type its ${extension},${like}.`,
    'To instead start a new session as usual, just press return: ',
  ].join('\r\n')
}

/** What a key, a byte, does. `names` are the sessions' in the order in which they were shown. */
export function press(names: readonly string[], typed: Typed, key: number): Pressed {
  const { text, escape } = typed
  if (escape === 'begun' && (key === 0x5b || key === 0x4f)) return inside(text)
  if (escape === 'inside' && key >= 0x20 && key < 0x7f) {
    return key < 0x40 ? inside(text) : to(text, '')
  }
  switch (key) {
    case 0x03: // ^C
    case 0x04: // ^D
      return { ...to('', '\r\n'), outcome: 'plain' }
    case 0x08:
    case 0x7f:
      return erase(text, text.slice(0, -1))
    case 0x0a:
    case 0x0d:
      return enter(names, text)
    case 0x15: // ^U
      return erase(text, '')
    case 0x17: // ^W
      return erase(text, text.replace(/[^ ]* *$/, ''))
    case 0x1b:
      return { typed: { text, escape: 'begun' }, say: BELL }
  }
  const room = names.some(name => name.length > text.length)
  if (key < 0x20 || key > 0x7e || !room) return to(text, BELL)
  const character = String.fromCharCode(key)
  return to(text + character, character)
}

const to = (text: string, say: string): Pressed => ({ typed: { text, escape: '' }, say })

const inside = (text: string): Pressed => ({ typed: { text, escape: 'inside' }, say: '' })

const erase = (before: string, after: string): Pressed =>
  to(after, ERASE.repeat(before.length - after.length))

function enter(names: readonly string[], text: string): Pressed {
  if (text === '') return { ...to('', '\r\n'), outcome: 'new' }
  if (names.includes(text)) return { ...to('', '\r\n'), outcome: { choose: text } }
  return to('', `\r\nYou have no disconnected session ${text}.\r\n${question(names)}`)
}
