// Cuts a stream of bytes for a terminal into text, control characters and escape sequences, wherever its buffers
// end. What a sequence means is left to others; 8-bit introducers are text, for text is UTF-8.

export type Kind = '' | 'control' | 'escape' | 'csi' | 'string' | 'broken'

const ESC = 0x1b
const GROUND = 0
const ESCAPE = 1
const PARAMETERS = 2
const STRING = 3

/** Of more numbers than these only the last is kept, and a sequence with more marks has no name. */
const NUMBERS = 255
const MARKS = 8

/** Numbers are cut off here. */
const LARGEST = 65535

/** What introduces strings: OSC, DCS, PM, APC, SOS. */
const STRINGS = ']P^_X'

const LETTERS = Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code))

/** So many bytes are looked at one by one before a search, which is faster but dearer to begin. */
export const NEAR = 48

export class Sequences {
  /** What `next` came to the end of; '' when the bytes ended first. */
  kind: Kind = ''
  /** The index where it began, or where these bytes went on with it; all before is text. */
  start = 0
  /** Its letters: `?h`, ` q`, `(0`, of a string `]` or `P`; '' if it is malformed. */
  name = ''
  /** The control character, one of those that were asked for. It may stand inside a sequence that goes on after it. */
  control = 0
  /** Was it ended by the next one's escape only? */
  open = false
  /** The numbers of a csi, -1 where there is none; which of them follow a colon; how many. */
  readonly params = new Int32Array(NUMBERS + 1)
  readonly colons = new Uint8Array(NUMBERS + 1)
  count = 0

  readonly #controls: readonly number[]
  readonly #stops = new Uint8Array(256)
  readonly #found: number[]
  #state = GROUND
  #prefix = ''
  #marks = ''
  #first = true
  #sound = true

  constructor(controls: readonly number[]) {
    this.#controls = controls
    this.#found = [-1, ...controls.map(() => -1)]
    for (const stop of [ESC, ...controls]) this.#stops[stop] = 1
  }

  /** Has a sequence begun and not ended? */
  get inside(): boolean {
    return this.#state !== GROUND
  }

  /** The nth number of a csi. */
  param(n: number, otherwise: number): number {
    const value = n < this.count ? this.params[n] : -1
    return value === undefined || value < 0 ? otherwise : value
  }

  /**
   * Reads on from an index, first 0, to the end of the next sequence or of the bytes; the index after it. An
   * `end` before that of the buffer, and a `from` that is not first 0, are for no more than NEAR bytes.
   */
  next(bytes: Buffer, from: number, end = bytes.length): number {
    if (from === 0) this.#found.fill(-1)
    let at = from
    this.kind = ''
    if (this.#state === GROUND) {
      at = this.#seek(bytes, from, end)
      this.start = at
      if (at === end) return at
      if (bytes[at] !== ESC) return this.#tell(bytes[at] ?? 0, at)
      at++
      this.#begin(ESCAPE)
    } else this.start = from
    for (; at < end; at++) {
      if (this.#state === PARAMETERS) at = this.#numbers(bytes, at, end)
      else if (this.#state === STRING) at = skip(bytes, at, end)
      if (at === end) break
      const byte = bytes[at] ?? 0
      if (byte < 0x20) {
        const text = this.#state === STRING
        if (byte === ESC) return this.#end(text ? 'string' : 'broken', at, true)
        if (byte === 0x18 || byte === 0x1a) return this.#end('broken', at + 1)
        if (text) return this.#end('string', at + 1)
        if (this.#stops[byte]) return this.#tell(byte, at)
      } else if (byte < 0x7f && this.#step(byte)) return this.#end(this.kind, at + 1)
    }
    return at
  }

  clone(): Sequences {
    const other = new Sequences(this.#controls)
    other.name = this.name
    other.count = this.count
    other.params.set(this.params)
    other.colons.set(this.colons)
    other.#state = this.#state
    other.#prefix = this.#prefix
    other.#marks = this.#marks
    other.#first = this.#first
    other.#sound = this.#sound
    return other
  }

  #seek(bytes: Buffer, from: number, end: number): number {
    const near = Math.min(from + NEAR, end)
    const stops = this.#stops
    for (let at = from; at < near; at++) if (stops[bytes[at] ?? 0]) return at
    if (near === end) return end
    let first = bytes.length
    for (let i = 0; i < this.#found.length; i++) {
      let found = this.#found[i] ?? -1
      if (found < near) {
        found = bytes.indexOf(i === 0 ? ESC : (this.#controls[i - 1] ?? 0), near)
        if (found < 0) found = bytes.length
        this.#found[i] = found
      }
      if (found < first) first = found
    }
    return first
  }

  #tell(control: number, at: number): number {
    this.kind = 'control'
    this.control = control
    return at + 1
  }

  #begin(state: number): void {
    this.#state = state
    this.#prefix = ''
    this.#marks = ''
    this.#first = true
    this.#sound = true
    this.count = 1
    this.params[0] = -1
  }

  #end(kind: Kind, at: number, open = false): number {
    this.#state = GROUND
    this.kind = kind
    this.open = open
    return at
  }

  #step(byte: number): boolean {
    const letter = LETTERS[byte] ?? ''
    if (this.#state === PARAMETERS) return this.#parameter(byte, letter)
    if (byte < 0x30) return this.#mark(letter)
    const bare = this.#first
    if (bare && letter === '[') this.#begin(PARAMETERS)
    else if (bare && STRINGS.includes(letter)) this.#begin(STRING)
    else this.kind = 'escape'
    this.name = this.#sound ? this.#marks + letter : ''
    return this.kind !== ''
  }

  #parameter(byte: number, letter: string): boolean {
    if (byte >= 0x40) {
      this.kind = 'csi'
      this.name = letter
      if (!this.#sound) this.name = ''
      else if (this.#prefix || this.#marks) this.name = this.#prefix + this.#marks + letter
      return true
    }
    if (byte < 0x30) return this.#mark(letter)
    if (byte >= 0x3c && this.#first) this.#prefix = letter
    else this.#sound = false
    this.#first = false
    return false
  }

  #mark(letter: string): false {
    if (this.#marks.length < MARKS) this.#marks += letter
    else this.#sound = false
    this.#first = false
    return false
  }

  /** Reads numbers, and what stands between them, as far as they go. */
  #numbers(bytes: Buffer, from: number, end: number): number {
    if (!this.#sound || this.#marks !== '') return from
    const { params, colons } = this
    let last = this.count - 1
    let value = params[last] ?? -1
    let at = from
    for (; at < end; at++) {
      const digit = (bytes[at] ?? 0) - 0x30
      if (digit < 0 || digit > 11) break
      if (digit < 10) value = Math.min(value < 0 ? digit : value * 10 + digit, LARGEST)
      else {
        params[last] = value
        if (last < NUMBERS) last++
        colons[last] = digit === 10 ? 1 : 0
        value = -1
      }
    }
    params[last] = value
    this.count = last + 1
    if (at > from) this.#first = false
    return at
  }
}

/** The index of what ends a string. */
function skip(bytes: Buffer, from: number, end: number): number {
  let at = from
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0
    if (byte < 0x1c && (byte === ESC || byte === 0x07 || byte === 0x18 || byte === 0x1a)) break
  }
  return at
}
