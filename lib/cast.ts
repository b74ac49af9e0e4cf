// Recordings as asciicast has them, lines of JSON: version 3 is written, 2 and 3 are read. The format holds
// text only. Bytes that are no UTF-8 become U+FFFD in it, as everywhere, and stand whole in a comment before
// their event, which other players pass over:
//   # bytes: Y2Fm6Q==
//   [0.12, "o", "caf\ufffd"]
import { Fatal } from './die.js'
import type { Event, Header, Moment, Reader } from './event.js'

/** A longer line is not read. What we write is shorter if nobody records more than 256 KiB as one event. */
const LONGEST = 4 * 1024 * 1024

/** A later time than this, in seconds, is a mistake. */
const LATEST = 1e9

/** Begins the comment that holds an event's bytes. */
export const BYTES = '# bytes: '

/** The first line of a recording. */
export function head({ columns, rows, term, since }: Header): string {
  const type = term ? { type: term } : {}
  const timestamp = since === undefined ? {} : { timestamp: Math.floor(since) }
  return `${json({ version: 3, term: { cols: columns, rows, ...type }, ...timestamp })}\n`
}

/** An event's lines. Only whole characters are text: see Characters. */
export function lines({ wait, event }: Moment): string {
  const [code, data, comment] = written(event)
  return `${comment}[${wait.toFixed(6)}, "${code}", ${json(data)}]\n`
}

function written(event: Event): [code: string, data: string, comment: string] {
  switch (event.type) {
    case 'output':
    case 'input':
      return [event.type === 'output' ? 'o' : 'i', ...spelt(event.bytes)]
    case 'size':
      return ['r', `${event.columns}x${event.rows}`, '']
    case 'mark':
      return ['m', event.label, '']
    case 'exit':
      return ['x', String(event.status), '']
  }
}

function spelt(bytes: Buffer): [text: string, comment: string] {
  const text = bytes.toString()
  const same = !text.includes('\ufffd') || Buffer.from(text).equals(bytes)
  return [text, same ? '' : `${BYTES}${bytes.toString('base64')}\n`]
}

/** JSON with nothing in it that some terminal could heed, or some reader take for the end of a line. */
function json(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029]/g,
    control => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Reads a recording from its file's bytes, however they are cut. */
export class CastReader implements Reader {
  header: Header | undefined
  cut = false
  version = 0
  #line = 0
  /** Version 2: the time of the last event. Version 3: the waits for events since then that we do not know. */
  #at = 0
  #bytes: Buffer | undefined
  #held: Buffer[] = []
  #size = 0;

  *read(bytes: Buffer): Generator<Moment> {
    let from = 0
    for (let to = bytes.indexOf('\n'); to >= 0; to = bytes.indexOf('\n', from)) {
      this.#hold(bytes.subarray(from, to))
      const moment = this.#take(this.#release())
      if (moment) yield moment
      from = to + 1
    }
    this.#hold(bytes.subarray(from))
  }

  *end(): Generator<Moment> {
    const moment = this.#last()
    if (!this.header) throw new Fatal('there is no recording in it', 1)
    if (moment) yield moment
  }

  /** A recorder that was killed may not have come to the end of its last line. */
  #last(): Moment | undefined {
    const rest = this.#release()
    try {
      return rest.length > 0 ? this.#take(rest) : undefined
    } catch (error) {
      if (!this.header) throw error
      this.cut = true
      return undefined
    }
  }

  #hold(bytes: Buffer): void {
    this.#size += bytes.length
    if (this.#size > LONGEST) throw new Fatal(`line ${this.#line + 1} is too long`, 1)
    if (bytes.length > 0) this.#held.push(Buffer.from(bytes))
  }

  #release(): Buffer {
    const line = Buffer.concat(this.#held)
    this.#held = []
    this.#size = 0
    this.#line++
    return line
  }

  /** What happened according to this line, if anything. */
  #take(bytes: Buffer): Moment | undefined {
    const text = bytes.toString()
    if (!this.header) this.#begin(parse(text))
    else if (text.startsWith(BYTES)) this.#bytes = Buffer.from(text.slice(BYTES.length), 'base64')
    else if (!text.startsWith('#') && text.trim() !== '') {
      const moment = this.#event(parse(text))
      this.#bytes = undefined
      return moment
    }
    return undefined
  }

  #begin(value: unknown): void {
    const { version, term, width, height, idle_time_limit: idle } = fields(value)
    if (version === undefined) throw new Fatal('it is no recording', 1)
    if (version !== 2 && version !== 3) throw new Fatal('it is an asciicast of no known version', 1)
    this.version = version
    const { cols, rows } = version === 3 ? fields(term) : { cols: width, rows: height }
    if (!isSize(cols) || !isSize(rows)) throw new Fatal('its size is no size', 1)
    this.header = { columns: cols, rows, ...(isTime(idle) ? { idle } : {}) }
  }

  #event(value: unknown): Moment | undefined {
    const [time, code, data] = Array.isArray(value) ? (value as unknown[]) : []
    if (!isTime(time) || typeof code !== 'string' || typeof data !== 'string') throw this.#wrong()
    const relative = this.version === 3
    const wait = relative ? this.#at + time : Math.max(0, time - this.#at)
    const event = this.#meant(code, data)
    if (relative) this.#at = event ? 0 : wait
    else if (event) this.#at += wait
    return event && { wait, event }
  }

  /** Undefined if it is of a kind that we do not know. */
  #meant(code: string, data: string): Event | undefined {
    switch (code) {
      case 'o':
        return { type: 'output', bytes: this.#exact(data) }
      case 'i':
        return { type: 'input', bytes: this.#exact(data) }
      case 'r': {
        const [, columns, rows] = /^(\d{1,5})x(\d{1,5})$/.exec(data)?.map(Number) ?? []
        if (!isSize(columns) || !isSize(rows)) throw this.#wrong()
        return { type: 'size', columns, rows }
      }
      case 'm':
        return { type: 'mark', label: data }
      case 'x': {
        if (!/^\d{1,10}$/.test(data)) throw this.#wrong()
        return { type: 'exit', status: Number(data) }
      }
      default:
        return undefined
    }
  }

  /** The bytes of the comment, if they are what the text was made of. */
  #exact(text: string): Buffer {
    const bytes = this.#bytes
    return bytes?.toString() === text ? bytes : Buffer.from(text)
  }

  #wrong(): Fatal {
    return new Fatal(`line ${this.#line} is no event`, 1)
  }
}

/** Is this line, of a recording that is cut, an event all the same? */
export function isEvent(line: string): boolean {
  const value = parse(line)
  return Array.isArray(value) && value.length >= 3
}

/** Undefined if it is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function isSize(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65535
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= LATEST
}
