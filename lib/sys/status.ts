// Status files in the session directory (lib/status.ts), and what the system shows of who wrote them.
import fs from 'node:fs'
import { LONGEST_STATUS, format, type Mark } from '../status.js'
import type { Info } from '../wire.js'

const { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_TRUNC, O_WRONLY } = fs.constants

/** A master's own. Where it cannot be written there is none: whoever wants to know asks. */
export class StatusFile {
  readonly #place: string
  readonly #mark: Mark
  /** What it says, and its inode; 0 while there is none. */
  #text = ''
  #file = 0

  constructor(place: string, mark: Mark) {
    this.#place = place
    this.#mark = mark
  }

  /** Says what is true from now on, if it does not say so already; without `info` nothing is certain, and there is no file. */
  write(info: Info | undefined): void {
    if (!info) return this.#remove()
    try {
      const text = format({ ...info, ...this.#mark })
      if (text === this.#text) return
      if (Buffer.byteLength(text) > LONGEST_STATUS) return this.#remove()
      this.#file = replace(this.#place, text)
      this.#text = text
    } catch {
      this.#remove()
    }
  }

  /** Writes it again if it is no more there. */
  renew(info: Info | undefined): void {
    if (inode(this.#place) !== this.#file) this.#text = ''
    this.write(info)
  }

  #remove(): void {
    if (this.#file === 0) return
    this.#file = 0
    this.#text = ''
    try {
      fs.unlinkSync(this.#place)
    } catch {
      // it has gone
    }
  }
}

/** Whoever reads it finds the old text or the new one. Gives the new file's inode. */
function replace(place: string, text: string): number {
  const draft = `${place}.new`
  const fd = fs.openSync(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK, 0o600)
  try {
    fs.fchmodSync(fd, 0o600)
    fs.writeFileSync(fd, text)
    fs.renameSync(draft, place)
    return fs.fstatSync(fd).ino
  } finally {
    fs.closeSync(fd)
  }
}

/** The file's number, 0 if there is none. */
export function inode(place: string): number {
  return fs.lstatSync(place, { throwIfNoEntry: false })?.ino ?? 0
}

/** One byte more than a status has, for what is longer is none. Made when it is needed. */
let room: Buffer | undefined

/** The text of a status file; '' if there is none, or it is too long. */
export function readStatus(place: string): string {
  try {
    const fd = fs.openSync(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    try {
      room ??= Buffer.alloc(LONGEST_STATUS + 1)
      const length = fs.readSync(fd, room)
      return length < room.length ? room.toString('utf8', 0, length) : ''
    } finally {
      fs.closeSync(fd)
    }
  } catch {
    return ''
  }
}

/** The Unix sockets that somebody listens at, by the inodes that /proc/net/unix and fstat(2) give them. */
export function listening(): Set<number> {
  try {
    return parseListening(fs.readFileSync('/proc/net/unix', 'latin1'))
  } catch {
    return new Set()
  }
}

/** Reads a /proc/net/unix: streams that accept connections. */
export function parseListening(text: string): Set<number> {
  const found = text.matchAll(/^[0-9a-f]+: \w+ \w+ 00010000 0001 01 +(\d+)/gm)
  return new Set(Array.from(found, ([, inode]) => Number(inode)))
}
