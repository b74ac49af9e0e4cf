// Where a recording that somebody has broken off, or lost, can go on. Only asciicast 3 is gone on with.
import { BYTES, CastReader, isEvent } from './cast.js'
import { Fatal } from './die.js'
import { isTtyrec } from './ttyrec.js'

const NEWLINE = 0x0a

/** Why a file with this beginning cannot be gone on with; undefined if it can. More than a first line need not be given. */
export function obstacle(beginning: Buffer): string | undefined {
  if (isTtyrec(beginning)) return 'it is a ttyrec: only an asciicast of version 3 is gone on with'
  const end = beginning.indexOf(NEWLINE)
  const reader = new CastReader()
  try {
    const first = end < 0 ? beginning : beginning.subarray(0, end)
    for (const moments of [reader.read(first), reader.end()]) Array.from(moments)
  } catch (error) {
    if (error instanceof Fatal) return error.message
    throw error
  }
  return reader.version === 3
    ? undefined
    : 'it is an asciicast of version 2: only one of version 3 is gone on with'
}

/** So much of a recording's end stays, in bytes; `before` must come before more lines. */
export interface Stay {
  length: number
  before: string
}

/**
 * How much of this end of a recording is whole; undefined if no more than its last line is there, unless
 * that begins the recording (`all`).
 */
export function whole(end: Buffer, all: boolean): Stay | undefined {
  const rest = end.lastIndexOf(NEWLINE) + 1
  const last = rest < 2 ? 0 : end.lastIndexOf(NEWLINE, rest - 2) + 1
  if ((rest === 0 || last === 0) && !all) return undefined
  if (rest < end.length) {
    const written = end.toString('utf8', rest)
    if (rest === 0 || isEvent(written)) return { length: end.length, before: '\n' }
  }
  // Bytes without their event would be taken for the next one's.
  const orphan = end.toString('utf8', last, rest).startsWith(BYTES)
  return { length: orphan ? last : rest, before: '' }
}
