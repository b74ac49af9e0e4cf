// The standard descriptors of a process, as another of the same user opens them for itself through /proc
// (FACTS 4): what it sets on them is nobody else's. A name tells what a descriptor leads to, for a pid or a
// number may have been used again meanwhile.
import fs from 'node:fs'
import { isatty } from 'node:tty'

const { O_RDONLY, O_WRONLY, O_RDWR, O_NOCTTY, O_NONBLOCK } = fs.constants

type How = 'read' | 'write' | 'both'

const FLAGS: Record<How, number> = { read: O_RDONLY, write: O_WRONLY, both: O_RDWR }

/** Linux's device number of /dev/null. */
const NULL = 0x103

/**
 * The name of what descriptor `fd` of this process leads to; '' if another must not open it: a file's position
 * is shared with whoever writes next, a socket cannot be opened, and of /dev/null there is nothing to read.
 */
export function lendable(fd: number, how: 'read' | 'write'): string {
  const stat = fs.fstatSync(fd)
  const sink = how === 'write' && stat.isCharacterDevice() && stat.rdev === NULL
  return stat.isFIFO() || isatty(fd) || sink ? name(stat) : ''
}

const name = ({ dev, ino, rdev }: fs.Stats): string => `${dev}:${ino}:${rdev}`

/** Opens descriptor `fd` of process `pid`, non-blocking; undefined if we may not. */
export function borrowed(pid: number, fd: number, how: How): number | undefined {
  try {
    return fs.openSync(`/proc/${pid}/fd/${fd}`, FLAGS[how] | O_NOCTTY | O_NONBLOCK)
  } catch {
    return undefined
  }
}

/** The same if it has that name; undefined if not. */
export function borrow(pid: number, fd: number, named: string, how: How): number | undefined {
  const own = named === '' ? undefined : borrowed(pid, fd, how)
  if (own === undefined || name(fs.fstatSync(own)) === named) return own
  fs.closeSync(own)
  return undefined
}
