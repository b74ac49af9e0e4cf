// What a master calls itself in the process table, for sesswho and sesswhere to read. Anybody may call
// a process so: what is read here is checked, and made printable where it is shown.
import { numberOf } from './name.js'

/** A session as its master's title has it. Titles hold whole seconds; `since` is milliseconds since 1970. */
export interface Titled {
  name: string
  /** What last became of its connection; missing where the master does not publish it. */
  last?: { what: 'connect' | 'disconnect'; since: number; from: string }
}

/** The longest `from` in a title: a process's title cannot outgrow its command line. */
const LONGEST = 64

/** `sessmaster p7 connect 1766190540 10.0.0.1`; `from` is nowhere in a disconnected one's. */
export function title({ name, last }: Titled): string {
  if (!last) return `sessmaster ${name}`
  const begin = `sessmaster ${name} ${last.what} ${Math.floor(last.since / 1000)}`
  if (last.what === 'disconnect') return begin
  const from = last.from.replace(/[^!-~]+/g, '?').slice(0, LONGEST)
  return `${begin} ${from === '' ? 'unknown' : from}`
}

/** What is no session is for its user's eyes only: neither sesswho nor sesswhere shows it. */
export const unlisted = (name: string): string => `sessmaster ${name} non-session`

const TITLE =
  /^sessmaster ([a-z0-9]+)(?: (?:(disconnect) (\d{1,12})|(connect) (\d{1,12}) (\S{1,64})))?$/

/** Reads a master's title; undefined if the text is none. */
export function parseTitle(text: string): Titled | undefined {
  const [, name = '', off, offSince, on, onSince, from = ''] = TITLE.exec(text) ?? []
  if (numberOf(name) === undefined) return undefined
  if (off) return { name, last: { what: 'disconnect', since: Number(offSince) * 1000, from: '' } }
  if (on) return { name, last: { what: 'connect', since: Number(onSince) * 1000, from } }
  return { name }
}
