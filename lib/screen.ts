// What each of a terminal's two screens has of its own: the scroll region, and the flags of the kitty
// keyboard protocol.

export interface Screen {
  /** The keyboard's flags: the stack, its top last. */
  keys: number[]
  /** The scroll region, '' for the whole screen, and for how many rows it was meant (0: unknown). */
  region: string
  rows: number
}

const CSI = '\x1b['

/** A longer stack loses its oldest flags. */
const DEEPEST = 32

export const blank = (): Screen => ({ keys: [0], region: '', rows: 0 })

/** Does to the keyboard's flags what CSI > n u (push), CSI < n u (pop) and CSI = n ; how u (change) do. */
export function press({ keys }: Screen, name: string, n: number, how: number): void {
  if (name === '>u') keys.push(n)
  else if (name === '<u') keys.length = Math.max(keys.length - n, 0)
  else {
    const old = keys.pop() ?? 0
    keys.push(how === 3 ? old & ~n : how === 2 ? old | n : n)
  }
  if (keys.length === 0) keys.push(0)
  if (keys.length > DEEPEST) keys.shift()
}

/** Does to the region what CSI top ; bottom r does; a bottom of 0 is the last row. */
export function confine(screen: Screen, top: number, bottom: number, rows: number): void {
  if (bottom > 0 && top >= bottom) return
  const whole = top <= 1 && (bottom === 0 || (rows > 0 && bottom >= rows))
  screen.region = whole ? '' : bottom > 0 ? `${top};${bottom}` : String(top)
  screen.rows = rows
}

/**
 * Brings a normal screen of so many rows to this state; a region that was meant for other rows is left out.
 * Unless the cursor is kept where it is, which takes the place of the one saved, a region sends it home.
 */
export function enter({ keys, region, rows }: Screen, now: number, keep: boolean): string {
  const [base = 0, ...pushed] = keys
  const flags = (base ? `${CSI}=${base}u` : '') + pushed.map(n => `${CSI}>${n}u`).join('')
  return flags + (region && rows === now ? limit(region, keep) : '')
}

/** Brings a screen in this state back to normal. */
export function leave({ keys, region }: Screen, keep: boolean): string {
  const pop = keys.length > 1 ? `${CSI}<${keys.length - 1}u` : ''
  return `${pop}${keys[0] ? `${CSI}=0u` : ''}${region && limit('', keep)}`
}

function limit(region: string, keep: boolean): string {
  const sequence = `${CSI}${region}r`
  return keep ? `\x1b7${sequence}\x1b8` : sequence
}
