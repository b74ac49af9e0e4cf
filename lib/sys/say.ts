// Lines for a person: on stdout what was asked for, on stderr what went wrong.
import fs from 'node:fs'
import { Trouble, code, reason } from '../die.js'

/** Prints a line on stdout. Throws Trouble if it cannot be written; a reader that has gone is no trouble. */
export function print(text: string): void {
  write(1, `${text}\n`)
}

/** Prints a line on stderr; `end` is what ends a line there. */
export function complain(text: string, end = '\n'): void {
  write(2, text + end)
}

/** Writes text as it is. */
export function write(fd: number, text: string): void {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(fd, rest))
    } catch (error) {
      if (code(error) === 'EAGAIN') continue
      if (code(error) === 'EPIPE' || fd === 2) return
      throw new Trouble(`cannot write: ${reason(error)}`)
    }
  }
}
