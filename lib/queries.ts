// Takes the questions out of output: what a terminal would answer by typing. Everything else passes byte
// for byte. It is for output that is shown long after it was written, when nobody waits for the answers.

import { type Kind, Sequences } from './sequences.js'

const ENQ = 0x05
const ESC = 0x1b

/** Cancels the sequence that a terminal is in the middle of. */
const CANCEL = '\x18'

/** So much of a string is looked at. */
const LIMIT = 4096

/** The window operations (CSI n t) that are reports. */
const REPORTS = new Set([11, 13, 14, 15, 16, 18, 19, 20, 21])

/** The other control sequences that ask. */
const ASKING = new Set(
  'c >c =c n ?n $p ?$p >q ?u x *y ?S ?m ?g $u &u $w "v \'| #| #R #S ,u'.split(' '),
)

/**
 * The strings that ask. A field that is a question mark asks in every OSC but those that carry text; 60 and 61
 * are questions, 5113 and 5522 whole conversations.
 */
const STRINGS = [
  /^\](?!(?:0|1|2|7|8|9|133|777|1337);)\d+(?:;.*)?[;=]\?(?:;|$)/,
  /^\](?:60|61|5113|5522)(?:;|$)/,
  /^\]22;\?/,
  /^\]99;[^;]*p=(?:\?|alive)/,
  /^\]1337;(?:Report|RequestUpload|Capabilities)/,
  /^P[0-?]*[$+][qQ]/,
  /^P@kitty-/,
  /^_G(?:[^;]*,)?a=q(?:[,;]|$)/,
]

export class Queries {
  #cut = new Sequences([ENQ])
  /** The sequence under way, or its beginning; and what becomes of it. */
  readonly #held = Buffer.alloc(LIMIT)
  #size = 0
  #fate: 'wait' | 'pass' | 'drop' = 'wait'
  /** Is the last sequence that passed ended by the next one's escape only? */
  #open = false
  /** Was a string taken out whose terminator is still to come? */
  #headless = false

  /** These bytes without the questions. A sequence that is not complete waits for the next ones. */
  strip(bytes: Buffer): Buffer {
    const cut = this.#cut
    const out: Buffer[] = []
    let done = 0
    for (let at = 0; at < bytes.length;) {
      const end = cut.next(bytes, at)
      const { kind, start } = cut
      const ended = kind !== '' && kind !== 'control'
      const whole = ended && this.#fate === 'wait' && this.#size === 0 && end - start <= LIMIT
      if (!whole || this.#asks(kind, bytes.subarray(start, end))) {
        out.push(bytes.subarray(done, start))
        this.#hold(bytes.subarray(start, kind === 'control' ? end - 1 : end), out)
        if (ended) this.#settle(kind, out)
        done = end
      } else {
        this.#open = cut.open
        this.#headless = false
      }
      at = end
    }
    out.push(bytes.subarray(done))
    return Buffer.concat(out)
  }

  /** What still waits for its end. */
  end(): Buffer {
    const rest = this.#release()
    this.#cut = new Sequences([ENQ])
    this.#fate = 'wait'
    this.#open = this.#headless = false
    return rest
  }

  #release(): Buffer {
    const held = Buffer.from(this.#held.subarray(0, this.#size))
    this.#size = 0
    return held
  }

  #hold(bytes: Buffer, out: Buffer[]): void {
    if (this.#fate === 'wait') {
      this.#held.set(bytes.subarray(0, LIMIT - this.#size), this.#size)
      const size = this.#size + bytes.length
      this.#size = Math.min(size, LIMIT)
      if (size <= LIMIT) return
      // Nothing but a string is this long, unless it is a trick.
      const string = /^[\]P^_X]/.test(letters(this.#held))
      this.#fate = string && !this.#asks('string', this.#held) ? 'pass' : 'drop'
      bytes = bytes.subarray(bytes.length - (size - LIMIT))
      if (this.#fate === 'pass') out.push(this.#release())
    }
    if (this.#fate === 'pass') out.push(bytes)
  }

  #settle(kind: Kind, out: Buffer[]): void {
    const held = this.#release()
    if (this.#fate === 'wait') this.#fate = this.#asks(kind, held) ? 'drop' : 'pass'
    const drop = this.#fate === 'drop'
    if (drop && this.#open) out.push(Buffer.from(CANCEL))
    if (!drop) out.push(held)
    // Controls inside a sequence count as if they stood before it.
    else if (kind !== 'string')
      out.push(Buffer.from(held.filter(byte => byte < 0x20 && byte !== ESC)))
    this.#open = !drop && this.#cut.open
    this.#headless = drop && kind === 'string' && this.#cut.open
    this.#fate = 'wait'
  }

  #asks(kind: Kind, sequence: Buffer): boolean {
    const { name } = this.#cut
    if (kind === 'escape') return name === 'Z' || (this.#headless && name === '\\')
    if (kind === 'csi')
      return ASKING.has(name) || (name === 't' && REPORTS.has(this.#cut.param(0, 0)))
    if (kind !== 'string') return false
    const text = letters(sequence)
    return STRINGS.some(string => string.test(text))
  }
}

/** What a terminal looks at in a sequence. */
function letters(sequence: Buffer): string {
  return sequence.toString('latin1').replace(/[^ -~]/g, '')
}
