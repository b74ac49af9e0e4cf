// Recordings as they are made: events get their times and become lines, of which none is ever half written.
// What there was no room for is missing, and marked so.
import fs from 'node:fs'
import { head, lines } from '../cast.js'
import { Trouble, code, reason } from '../die.js'
import type { Event, Header } from '../event.js'
import { Characters } from '../utf8.js'

/** Takes all of the text and returns undefined; or none of it, and returns why. */
export type Put = (text: string) => string | undefined

export class Recording {
  readonly #put: Put
  readonly #begun = performance.now()
  readonly #characters = { output: new Characters(), input: new Characters() }
  /** When the last event was, in microseconds. */
  #last = 0
  /** What must come before everything else. */
  #head: string
  #missing = 0

  constructor(put: Put, header: Header) {
    this.#put = put
    this.#head = head(header)
  }

  /** Begins, so that it is a recording even if nothing happens. */
  begin(): string | undefined {
    return this.#write('', this.#last)
  }

  /** Records what happens now. Bytes may wait until they are whole characters. Returns why it cannot, if so. */
  add(event: Event): string | undefined {
    if (event.type !== 'output' && event.type !== 'input') return this.#take(event, 0)
    const bytes = this.#characters[event.type].whole(event.bytes)
    return bytes.length > 0 ? this.#take({ ...event, bytes }, bytes.length) : undefined
  }

  /** Nothing more will happen. */
  end(): string | undefined {
    const failures = (['output', 'input'] as const).map(type => {
      const bytes = this.#characters[type].end()
      return bytes.length > 0 ? this.#take({ type, bytes }, bytes.length) : undefined
    })
    return failures.find(why => why !== undefined)
  }

  #take(event: Event, bytes: number): string | undefined {
    const now = Math.round((performance.now() - this.#begun) * 1000)
    const missing = this.#missing
    const label = `${missing} bytes are missing here`
    const gap = missing > 0 ? lines({ wait: 0, event: { type: 'mark', label } }) : ''
    const why = this.#write(gap + lines({ wait: (now - this.#last) / 1e6, event }), now)
    this.#missing = why === undefined ? 0 : missing + bytes
    return why
  }

  #write(text: string, now: number): string | undefined {
    const why = this.#head + text === '' ? undefined : this.#put(this.#head + text)
    if (why !== undefined) return why
    this.#head = ''
    this.#last = now
    return undefined
  }
}

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_APPEND, O_NOCTTY, O_NONBLOCK } =
  fs.constants

/** Makes a new file, its user's alone; a device is taken as it is. Throws Trouble, also if there is such a file. */
export function create(path: string): Put {
  const flags = O_WRONLY | O_APPEND | O_NOFOLLOW | O_NOCTTY
  try {
    return writer(fs.openSync(path, flags | O_CREAT | O_EXCL, 0o600))
  } catch (error) {
    if (code(error) !== 'EEXIST') throw new Trouble(reason(error))
  }
  const found = device(path, flags | O_NONBLOCK)
  if (found === undefined) throw new Trouble('there is a file of that name')
  return writer(found)
}

/** A device is neither made nor emptied, and /dev/null is where a recording may well go. */
function device(path: string, flags: number): number | undefined {
  try {
    const fd = fs.openSync(path, flags)
    if (fs.fstatSync(fd).isCharacterDevice()) return fd
    fs.closeSync(fd)
  } catch {
    // no device that can be written to
  }
  return undefined
}

function writer(fd: number): Put {
  let size = 0
  return text => {
    let rest = Buffer.from(text)
    try {
      while (rest.length > 0) rest = rest.subarray(fs.writeSync(fd, rest))
    } catch (error) {
      cut(fd, size)
      return reason(error)
    }
    size += Buffer.byteLength(text)
    return undefined
  }
}

function cut(fd: number, size: number): void {
  try {
    fs.ftruncateSync(fd, size)
  } catch {
    // a device
  }
}

/** Opens a recording to be read. Throws Trouble. */
export function open(path: string): number {
  let fd: number
  try {
    fd = fs.openSync(path, O_RDONLY | O_NOCTTY)
  } catch (error) {
    throw new Trouble(reason(error))
  }
  if (fs.fstatSync(fd).isDirectory()) throw new Trouble('is a directory')
  return fd
}
