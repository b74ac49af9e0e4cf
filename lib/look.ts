// How a terminal writes text: its attributes (SGR), character sets and origin, which is all that saving the
// cursor saves beside the cursor's place.

export interface Look {
  /** For each property of the text the parameters that gave it, '' where it is normal. */
  pen: string[]
  /** The sequences that designated G0 to G3, '' for ASCII; which one is in use; is the origin the region's? */
  sets: string[]
  shift: number
  origin: boolean
}

/** The parameters of an SGR sequence: -1 where there is no number, and which of them follow a colon. */
export interface Parameters {
  params: Int32Array
  colons: Uint8Array
  count: number
}

const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** The properties: what gives each, and what takes it away. */
const PROPERTIES: readonly (readonly [gives: number[], takes: number])[] = [
  [[1], 22],
  [[2], 22],
  [[3], 23],
  [[4, 21], 24],
  [[5, 6], 25],
  [[7], 27],
  [[8], 28],
  [[9], 29],
  [span(11, 19), 10],
  [[20], 23],
  [[26], 50],
  [[51, 52], 54],
  [[53], 55],
  [span(60, 64), 65],
  [[73, 74], 75],
  [[...span(30, 38), ...span(90, 97)], 39],
  [[...span(40, 48), ...span(100, 107)], 49],
  [[58], 59],
]

const GIVES: (number | undefined)[] = []
PROPERTIES.forEach(([gives], property) => gives.forEach(code => (GIVES[code] = property)))

const UNDERLINE = 4

/** What designates G0, G1 and so on, sets of 94 and of 96 characters. */
const DESIGNATORS = ['(', ')-', '*.', '+/']

/** What puts each of them in use. */
const SHIFTS = ['\x0f', '\x0e', '\x1bn', '\x1bo']

/** A normal terminal's. */
export function normal(): Look {
  return { pen: PROPERTIES.map(() => ''), sets: ['', '', '', ''], shift: 0, origin: false }
}

export function copy({ pen, sets, shift, origin }: Look): Look {
  return { pen: [...pen], sets: [...sets], shift, origin }
}

/** What brings a normal terminal to this look. */
export function show({ pen, sets, shift, origin }: Look): string {
  const given = pen.filter(text => text !== '').join(';')
  const shifted = shift > 0 ? (SHIFTS[shift] ?? '') : ''
  return `${origin ? '\x1b[?6h' : ''}${sets.join('')}${shifted}${given && `\x1b[${given}m`}`
}

/** What brings a terminal with this look back to normal. Without the region's origin the cursor goes home. */
export function hide({ pen, sets, shift, origin }: Look): string {
  const ascii = sets.map((set, i) => set && `\x1b${'()*+'.charAt(i)}B`).join('')
  const bare = pen.every(text => text === '')
  return `${bare ? '' : '\x1b[m'}${shift > 0 ? '\x0f' : ''}${ascii}${origin ? '\x1b[?6l' : ''}`
}

/** Changes the look as the escape sequence with these letters does, if it designates a character set. */
export function designate(look: Look, name: string): boolean {
  const set = DESIGNATORS.findIndex(marks => name !== '' && marks.includes(name.charAt(0)))
  if (set < 0 || name.length < 2) return false
  look.sets[set] = name.endsWith('B') && name.length === 2 ? '' : `\x1b${name}`
  return true
}

/** Changes the look as an SGR sequence with these parameters does. */
export function draw({ pen }: Look, { params, colons, count }: Parameters): void {
  for (let at = 0, next = 0; at < count; at = next) {
    const code = params[at] ?? 0
    next = at + 1
    while (next < count && colons[next]) next++
    const colour = code === 38 || code === 48 || code === 58
    if (colour || next > at + 1) {
      const kind = params[at + 1]
      const between = next > at + 1 ? ':' : ';'
      if (between === ';') next = at + (kind === 2 ? 5 : kind === 5 ? 3 : 2)
      if (next > count) return
      if (colour ? kind === 2 || kind === 5 : code === UNDERLINE && kind !== 0)
        pen[GIVES[code] ?? 0] = written(params.subarray(at, next), between)
      else if (code === UNDERLINE) take(pen, 24)
    } else if (code <= 0) for (let i = 0; i < pen.length; i++) pen[i] = ''
    else if (GIVES[code] !== undefined) pen[GIVES[code]] = String(code)
    else take(pen, code)
  }
}

function take(pen: string[], code: number): void {
  for (let i = 0; i < pen.length; i++) if (PROPERTIES[i]?.[1] === code) pen[i] = ''
}

function written(params: Int32Array, between: string): string {
  return Array.from(params, n => (n < 0 ? '' : String(n))).join(between)
}
