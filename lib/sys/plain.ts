// Files that say how the machine is set: short, and text.
import fs from 'node:fs'

const { O_RDONLY, O_NONBLOCK } = fs.constants

/** More than anybody writes by hand. */
const LONGEST = 1 << 20

/** The text of a regular file; undefined if it is none, cannot be read, or is longer than that. */
export function plain(path: string): string | undefined {
  let fd: number | undefined
  try {
    fd = fs.openSync(path, O_RDONLY | O_NONBLOCK)
    if (!fs.fstatSync(fd).isFile()) return undefined
    const room = Buffer.alloc(LONGEST + 1)
    let length = 0
    for (let n = -1; n !== 0 && length < room.length; length += n)
      n = fs.readSync(fd, room, length, room.length - length, null)
    return length > LONGEST ? undefined : room.toString('latin1', 0, length)
  } catch {
    return undefined
  } finally {
    if (fd !== undefined) fs.closeSync(fd)
  }
}

/** The kernel's setting `name`, a path in /proc/sys/net. */
export function setting(name: string): string | undefined {
  return plain(`/proc/sys/net/${name}`)
}
