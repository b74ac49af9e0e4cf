// Descriptors of ours that a program on another terminal is to have, too: it opens them for itself, as a
// master does (ends.ts).
import fs from 'node:fs'
import { Fatal, reason } from '../die.js'
import type { Kept } from '../leader.js'
import { flagsOf } from './fdinfo.js'

const { O_ACCMODE, O_RDONLY, O_WRONLY, O_NOCTTY, O_NONBLOCK } = { O_ACCMODE: 3, ...fs.constants }

/** How to come by descriptor `fd` of this process. Undefined if there is none. Throws Fatal 111 if nobody can open it. */
export function kept(fd: 2 | 3): Kept | undefined {
  const flags = flagsOf(fd)
  if (flags === undefined) return undefined
  const mode = flags & O_ACCMODE
  const stat = fs.fstatSync(fd)
  // One's own place in a file would be its beginning: what others have written there is not overwritten.
  const how = mode === O_RDONLY ? '<' : mode === O_WRONLY || stat.isFile() ? '>>' : '<>'
  try {
    if (stat.isSocket()) throw new Error('it is a socket')
    fs.closeSync(fs.openSync(`/proc/self/fd/${fd}`, mode | O_NOCTTY | O_NONBLOCK))
  } catch (error) {
    // A pipe that nobody reads any more is none that could be opened, nor of use.
    throw new Fatal(`cannot keep descriptor ${fd}: ${reason(error)}`, 111)
  }
  return { fd, how, from: `/proc/${process.pid}/fd/${fd}` }
}
