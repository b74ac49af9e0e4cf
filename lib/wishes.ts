// What the user of pty wants, or of sess, which is pty -s. The letters are pty 4.0's, and count in their order,
// for some of them put others in another position.
import { Fatal, Usage } from './die.js'
import type { Policy } from './master/tape.js'
import { count, options, type Given } from './options.js'

export interface Wishes {
  /** The program and its arguments; none for the user's shell. */
  operands: string[]
  /** Does it outlast its connection? */
  session: boolean
  quiet: boolean
  verbose: boolean
  /** Is the input read? Are the modes of the user's terminal changed? Does a stop of the program stop us? */
  reads: boolean
  touches: boolean
  jobs: boolean
  /** Is the new terminal to have a plain one's modes, not the user's? */
  detached: boolean
  /** The caller's descriptors that the program keeps. */
  keeps: (2 | 3)[]
  /** How the new terminal is to differ from the user's, in letters (tuning.ts). */
  modes: string
  /** Does the program read a pipe, not the terminal? */
  piped: boolean
  utmp: boolean
  /** Where utmp says that the user comes from; '' for where he does. */
  host: string
  /** Is nobody to be connected at first? */
  alone: boolean
  policy: Policy
  /** How much output is kept, in bytes; and how long the session waits for a connection, in minutes. */
  size: number
  minutes: number
  title: string
  /** Where the program starts; undefined for where the caller is. */
  directory: string | undefined
}

const PLAIN: Wishes = {
  operands: [],
  session: false,
  quiet: false,
  verbose: false,
  reads: true,
  touches: true,
  jobs: true,
  detached: false,
  keeps: [],
  modes: '',
  piped: false,
  utmp: false,
  host: '',
  alone: false,
  policy: 'keep',
  size: 262144,
  minutes: 0,
  title: '',
  directory: undefined,
}

const SESS =
  'sess [-qvRTJnu] [-d keep|block|drop] [-b bytes] [-x minutes] [-N title] [-C dir] [-p modes] [program [arg ...]]'

/** What sess was told. Throws Usage, Asked or Fatal. */
export function sessWishes(argv: string[]): Wishes {
  const given = options(argv, `${ALIKE}:nd:b:x:N:C:`, SESS)
  const { on, values } = given
  const policy = values.get('d') ?? PLAIN.policy
  if (policy !== 'keep' && policy !== 'block' && policy !== 'drop')
    throw new Fatal('a policy is keep, block or drop')
  const title = values.get('N') ?? ''
  if (Buffer.byteLength(title) > 255) throw new Fatal('a title has at most 255 bytes')
  const wishes: Wishes = {
    ...PLAIN,
    operands: given.operands,
    session: true,
    alone: on('n'),
    policy,
    size: count(values.get('b') ?? String(PLAIN.size), 0, 16777216, 'bytes'),
    minutes: count(values.get('x') ?? '0', 0, 10000000, 'minutes'),
    title,
    directory: values.get('C'),
  }
  for (const option of given.given)
    if (ALIKE.includes(option[0])) Object.assign(wishes, wish(option, wishes.modes))
  return settled(wishes)
}

/** The letters that mean the same to sess and to pty; the last takes a value. */
const ALIKE = 'qQvVrRtTjJuUp'

const PTY = '[-qQvVsSrRtTdDjJe3E0uU] [-h host] [-p modes] program [arg ...]'

/** What pty was told, or `name`, which is pty with the wishes `first` already. Throws Usage, Asked or Fatal. */
export function ptyWishes(argv: string[], name = 'pty', first: Partial<Wishes> = {}): Wishes {
  const usage = `${name} ${PTY}`
  const given = options(argv, 'qQvVsSrRtTdDjJe3E0uUh:p:x:', usage)
  const { operands } = given
  const wishes = { ...PLAIN, operands, ...first }
  for (const option of given.given) Object.assign(wishes, wish(option, wishes.modes))
  if (operands.length === 0 && !wishes.session)
    throw new Usage(`what program do you want to run?; ${usage}`)
  return settled(wishes)
}

/** What must be so whatever else was said. */
function settled(wishes: Wishes): Wishes {
  const { session, detached, reads, touches, keeps } = wishes
  return { ...wishes, keeps: session ? [] : keeps, touches: touches && reads && !detached }
}

const QUIET = { quiet: true, verbose: false }
const NORMAL = { quiet: false, verbose: false }

const LETTERS: Record<string, Partial<Wishes>> = {
  q: QUIET,
  Q: NORMAL,
  v: { quiet: false, verbose: true },
  V: NORMAL,
  s: { session: true },
  S: { session: false, utmp: false },
  r: { reads: true },
  R: { reads: false },
  t: { touches: true },
  T: { touches: false },
  d: { detached: true, jobs: false, touches: false },
  D: { detached: false, jobs: true, touches: true },
  j: { jobs: true },
  J: { jobs: false },
  e: { keeps: [2, 3] },
  3: { keeps: [3] },
  E: { keeps: [] },
  u: { utmp: true },
  U: { utmp: false },
}

/** pty -0, which ttyprotect is: nothing that the program does with its terminal is seen by another. */
export const PROTECTING: Partial<Wishes> = {
  keeps: [2, 3],
  session: false,
  touches: false,
  utmp: false,
  modes: '0',
}

function wish([name, value]: Given, modes: string): Partial<Wishes> {
  if (name === '0') return { ...PROTECTING, modes: `${modes}0` }
  if (name === 'p') return { modes: modes + value }
  if (name === 'h') return { host: value }
  if (name === 'x') return extended(value)
  return LETTERS[name] ?? {}
}

/** pty 4.0's -x: all that is left of it is utmp. */
function extended(letters: string): Partial<Wishes> {
  const wrong = /[^uU]/u.exec(letters)
  if (wrong) throw new Fatal(`unrecognized security option -x${wrong[0]}`, 1)
  return letters === '' ? {} : { utmp: letters.endsWith('u') }
}
