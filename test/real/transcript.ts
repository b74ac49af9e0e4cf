// What a terminal has shown so far, and waiting for words in it.

export interface Transcript {
  add(bytes: Buffer): void
  readonly output: Buffer
  /** Waits for it after the last match, and moves past it; `aside` is said if it does not come. */
  see(what: string | RegExp, within: number, aside: () => string): Promise<string>
  /** The last 2000 bytes, made visible, and where in them the last match ended. */
  shown(): string
}

export function transcript(): Transcript {
  let bytes = Buffer.alloc(1 << 16)
  let length = 0
  let mark = 0
  const waiting = new Set<() => void>()

  function add(more: Buffer): void {
    if (length + more.length > bytes.length) {
      const larger = Buffer.alloc(2 * (length + more.length))
      bytes.copy(larger, 0, 0, length)
      bytes = larger
    }
    more.copy(bytes, length)
    length += more.length
    for (const look of waiting) look()
  }

  async function see(what: string | RegExp, within: number, aside: () => string): Promise<string> {
    const find = typeof what === 'string' ? words(what) : pattern(what)
    const found = await new Promise<Found | undefined>(resolve => {
      const finish = (found?: Found): void => {
        clearTimeout(timer)
        waiting.delete(look)
        if (found) mark = found.end
        resolve(found)
      }
      const look = (): void => {
        const found = find(bytes.subarray(0, length), mark)
        if (found) finish(found)
      }
      const timer = setTimeout(finish, within)
      waiting.add(look)
      look()
    })
    if (found) return found.text
    const sought = typeof what === 'string' ? visible(Buffer.from(what)) : String(what)
    throw new Error(`not seen within ${within} ms: ${sought}${aside()}\n${shown()}`)
  }

  function shown(): string {
    const from = Math.max(0, length - 2000)
    const middle = Math.max(from, mark)
    const before = visible(bytes.subarray(from, middle))
    return `${before}<<< seen up to here >>>${visible(bytes.subarray(middle, length))}`
  }

  return {
    add,
    see,
    shown,
    get output() {
      return bytes.subarray(0, length)
    },
  }
}

interface Found {
  text: string
  end: number
}

type Find = (bytes: Buffer, from: number) => Found | undefined

/** Looks at each byte about once, however long the wait. */
function words(text: string): Find {
  const sought = Buffer.from(text)
  let looked = 0
  return (bytes, from) => {
    const at = bytes.indexOf(sought, Math.max(from, looked))
    looked = Math.max(0, bytes.length - sought.length)
    return at < 0 ? undefined : { text, end: at + sought.length }
  }
}

function pattern(sought: RegExp): Find {
  return (bytes, from) => {
    const match = sought.exec(bytes.toString('latin1', from))
    if (!match) return undefined
    const text = Buffer.from(match[1] ?? match[0], 'latin1').toString()
    return { text, end: from + match.index + match[0].length }
  }
}

/** Control characters as \e, \r, \x07; a line stays a line. */
export function visible(bytes: Buffer): string {
  const escape = (character: string): string => {
    if (character === '\n') return '\\n\n'
    if (character === '\r') return '\\r'
    if (character === '\x1b') return '\\e'
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  }
  return bytes.toString().replace(/[\x00-\x1f\x7f-\x9f]/g, escape)
}
