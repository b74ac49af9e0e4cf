// Records what passes from standard input to standard output. The stream comes first: what cannot be
// recorded passes all the same.
import { Trouble, code, line, reason } from './die.js'
import type { Event, Header } from './event.js'
import { pieces, sink, type Pieces } from './pieces.js'
import { Recording } from './recording.js'
import { hampered, openToWrite, type Written } from './sys/recording.js'
import { complain } from './sys/say.js'
import { echoes, kindOf, leaveAlone, openTerminal, reopen, size } from './sys/terminal.js'

/** How much may wait for who reads it before no more is read, in bytes. */
const LIMIT = 262144

export interface How {
  /** Is it what somebody types? Then it is input, and not recorded where it does not appear on the terminal. */
  typed: boolean
  /** Does a recording of that name go on? */
  append: boolean
}

/**
 * Records to a file, a new one if not said otherwise, or without `path` sends the recording on in place of what
 * comes. Returns the exit status.
 */
export async function record(
  path: string | undefined,
  { typed, append }: How,
  header: Header,
): Promise<number> {
  leaveAlone()
  const instead: string[] = []
  const file = path === undefined ? memory(instead) : openToWrite(path, append)
  const recording = new Recording(file.put, header, trouble('trecord', path ?? ''), file.before)
  followSize(recording)

  const from = pieces(reopen(0, 'read'))
  const to = sink(reopen(1, 'write'))
  const sits = kindOf(0) === 'terminal'
  const terminal = !typed ? undefined : sits ? reopen(0, 'read') : openTerminal()
  const type: Event['type'] = typed ? 'input' : 'output'
  try {
    for (let bytes = await read(from); bytes; bytes = await read(from)) {
      // Whoever has turned echo off cannot have turned it on again before he gets what was typed.
      if (terminal === undefined || echoes(terminal)) recording.add({ type, bytes })
      await to.write(path === undefined ? Buffer.from(instead.splice(0).join('')) : bytes, LIMIT)
    }
    recording.end()
    await to.write(Buffer.from(instead.join('')))
  } catch (error) {
    if (error instanceof Trouble) throw error
    if (code(error) !== 'EPIPE') throw new Trouble(`cannot write: ${reason(error)}`)
    recording.end()
  }
  return recording.failed ? 111 : 0
}

/** Says why it cannot be recorded to `path`; `end` is what ends a line on stderr. */
export function trouble(program: string, path: string, end = '\n'): (why: string) => void {
  return why => complain(line(program, 'warning', hampered(path, why)), end)
}

/** Records the terminal's sizes from now on. */
export function followSize(recording: Recording): void {
  process.on('SIGWINCH', () => {
    const now = size()
    if (now) recording.add({ type: 'size', ...now })
  })
}

function memory(lines: string[]): Written {
  const put = (text: string): undefined => void lines.push(text)
  return { put, close: () => undefined }
}

/** A terminal that has gone is at its end. */
async function read(from: Pieces): Promise<Buffer | undefined> {
  try {
    return await from.next()
  } catch (error) {
    if (code(error) === 'EIO') return undefined
    throw new Trouble(`cannot read: ${reason(error)}`)
  }
}
