// The letters of pty's -p: how a new terminal is to differ from the user's, in stty's words.
import { Fatal } from './die.js'

/** What a letter decides; the capital decides the other way, and the later of the two counts. */
interface Tuning {
  raw?: boolean
  cbreak?: boolean
  echo?: boolean
  crmod?: boolean
  crt?: boolean
  eight?: boolean
}

const LETTERS: Record<string, Tuning> = {
  c: { cbreak: true },
  C: { cbreak: false },
  e: { echo: true },
  E: { echo: false },
  n: { crmod: true },
  N: { crmod: false },
  r: { raw: true },
  R: { raw: false },
  s: { crt: true },
  S: { crt: false },
  '8': { eight: true },
  '7': { eight: false },
  '0': { cbreak: true, raw: true, echo: false, crmod: false },
}

/** What becomes of a line: unless raw mode, which has none, decides all that. */
const COOKED = '-ignbrk brkint -inlcr -igncr ixon isig iexten opost'

/** stty's words for the letters. Throws Fatal for one that there is not. */
export function tuned(letters: string): string {
  const want: Tuning = {}
  for (const letter of letters) Object.assign(want, tuning(letter))
  const { raw, cbreak, echo, crmod, crt, eight } = want
  const either = (what: boolean | undefined, yes: string, no: string): string =>
    what === undefined ? '' : what ? yes : no
  const words = [
    either(raw, 'raw', `${COOKED} ${crmod === undefined ? 'icrnl onlcr' : ''} icanon`),
    raw ? '' : either(cbreak, '-icanon min 1 time 0', 'icanon'),
    raw ? '' : either(crmod, 'icrnl onlcr', '-icrnl -onlcr'),
    either(echo, 'echo', '-echo'),
    either(crt, 'echoe echoctl echoke', '-echoe -echoctl -echoke'),
    either(eight, '-istrip', 'istrip'),
  ]
  return words.filter(Boolean).join(' ')
}

function tuning(letter: string): Tuning {
  const found = Object.hasOwn(LETTERS, letter) ? LETTERS[letter] : undefined
  if (found) return found
  throw new Fatal(`unrecognized terminal mode option -p${letter}`, 1)
}
