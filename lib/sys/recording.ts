// Recordings' files: made, gone on with, read.
import fs from 'node:fs'
import { isatty } from 'node:tty'
import { Trouble, code, reason } from '../die.js'
import { printable, short } from '../printable.js'
import type { Put } from '../recording.js'
import { obstacle, whole } from '../resume.js'

/** A recording's file to write to. */
export interface Written {
  put: Put
  /** What must come before more of it; undefined if nothing is in it yet. */
  before?: string
  close(): void
}

const { O_RDONLY, O_RDWR, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_APPEND, O_NOCTTY, O_NONBLOCK } =
  fs.constants

/** Nobody's link is followed, and no FIFO waited for. */
const CAREFULLY = O_APPEND | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK

/** So much is read at first at an end of a file, in bytes; and no line is longer than this. */
const SOME = 65536
const MOST = 4 * 1024 * 1024

/** A file's name for people. */
export const shown = (path: string): string => short(printable(path), 200)

/** What is said where it cannot be recorded to `path` for a while. */
export const hampered = (path: string, why: string): string =>
  `cannot record to ${shown(path)}: ${why}; will go on trying`

/** Opens a recording's file to be written, one that is to go on or a new one. Throws Trouble. */
export function openToWrite(path: string, append: boolean): Written {
  try {
    return append ? resume(path) : create(path)
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    throw new Trouble(`cannot record to ${shown(path)}: ${error.message}`)
  }
}

/** Makes a new file, its user's alone; a device is taken as it is. Throws Trouble, also if there is such a file. */
function create(path: string): Written {
  try {
    return written(fs.openSync(path, O_WRONLY | CAREFULLY | O_CREAT | O_EXCL, 0o600), 0)
  } catch (error) {
    if (code(error) !== 'EEXIST') throw new Trouble(reason(error))
  }
  const found = device(path)
  if (found === undefined) throw new Trouble('there is a file of that name')
  return written(found, 0)
}

/** Opens a recording to go on with it, or makes it. What is half written at its end is cut off. Throws Trouble. */
function resume(path: string): Written {
  let fd: number
  try {
    fd = fs.openSync(path, O_RDWR | CAREFULLY | O_CREAT, 0o600)
  } catch (error) {
    throw new Trouble(code(error) === 'ELOOP' ? 'it is a symbolic link' : reason(error))
  }
  try {
    const stat = fs.fstatSync(fd)
    if (isDevice(fd, stat)) return written(fd, 0)
    if (!stat.isFile()) throw new Trouble('it is no file that can be recorded to')
    return stat.size === 0 ? written(fd, 0) : gone(fd, stat.size)
  } catch (error) {
    fs.closeSync(fd)
    throw error instanceof Trouble ? error : new Trouble(reason(error))
  }
}

function gone(fd: number, size: number): Written {
  const why = obstacle(part(fd, 0, Math.min(size, SOME)))
  if (why !== undefined) throw new Trouble(why)
  for (let length = Math.min(size, SOME); ; length = Math.min(size, length * 4)) {
    const from = size - length
    const stay = whole(part(fd, from, length), from === 0)
    if (stay === undefined && length < MOST) continue
    if (stay === undefined) throw new Trouble('its last line is too long')
    const end = from + stay.length
    if (end < size) fs.ftruncateSync(fd, end)
    return written(fd, end, stay.before)
  }
}

function part(fd: number, from: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, fs.readSync(fd, bytes, 0, length, from))
}

/** A device is neither made nor emptied, and /dev/null is where a recording may well go. */
function device(path: string): number | undefined {
  let fd: number
  try {
    fd = fs.openSync(path, O_WRONLY | CAREFULLY)
  } catch {
    return undefined
  }
  if (isDevice(fd, fs.fstatSync(fd))) return fd
  fs.closeSync(fd)
  return undefined
}

/** A terminal shows what it gets, which may be what is recorded, and may make its writer wait. */
function isDevice(fd: number, stat: fs.Stats): boolean {
  return stat.isCharacterDevice() && !isatty(fd)
}

function written(fd: number, size: number, before?: string): Written {
  // Who is over the limit of a file's size is killed if he does not ask to be told (setrlimit(2)).
  if (process.listenerCount('SIGXFSZ') === 0) process.on('SIGXFSZ', () => undefined)
  const put = (text: string): string | undefined => {
    let rest = Buffer.from(text)
    const length = rest.length
    try {
      while (rest.length > 0) rest = rest.subarray(fs.writeSync(fd, rest))
    } catch (error) {
      cut(fd, size)
      return reason(error)
    }
    size += length
    return undefined
  }
  return { put, close: () => fs.closeSync(fd), ...(before === undefined ? {} : { before }) }
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
