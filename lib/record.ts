// Records what passes from standard input to standard output. The stream comes first: what cannot be
// recorded passes all the same.
import { Trouble, code, line, reason } from './die.js'
import type { Event, Header } from './event.js'
import { printable, short } from './printable.js'
import { pieces, sink, type Pieces } from './pieces.js'
import { Recording, create, type Put } from './sys/recording.js'
import { complain } from './sys/say.js'
import { echoes, kindOf, leaveAlone, openTerminal, reopen, size } from './sys/terminal.js'

/** How much may wait for who reads it before no more is read, in bytes. */
const LIMIT = 262144

/**
 * Records to a new file, or without `path` sends the recording on in place of what comes. What is `typed` is
 * input, and not recorded where it does not appear on the terminal. Returns the exit status.
 */
export async function record(
  path: string | undefined,
  typed: boolean,
  header: Header,
): Promise<number> {
  leaveAlone()
  const name = short(printable(path ?? ''), 200)
  let status = 0
  const failed = (why: string | undefined): void => {
    if (why === undefined || status !== 0) return
    status = 111
    complain(line('trecord', 'warning', `cannot record to ${name}: ${why}; will go on trying`))
  }
  const instead: string[] = []
  const recording = new Recording(
    path === undefined ? text => void instead.push(text) : open(path, name),
    header,
  )
  failed(recording.begin())
  process.on('SIGWINCH', () => {
    const now = size()
    if (now) failed(recording.add({ type: 'size', ...now }))
  })

  const from = pieces(reopen(0, 'read'))
  const to = sink(reopen(1, 'write'))
  const sits = kindOf(0) === 'terminal'
  const terminal = !typed ? undefined : sits ? reopen(0, 'read') : openTerminal()
  const type: Event['type'] = typed ? 'input' : 'output'
  try {
    for (let bytes = await read(from); bytes; bytes = await read(from)) {
      // Whoever has turned echo off cannot have turned it on again before he gets what was typed.
      if (terminal === undefined || echoes(terminal)) failed(recording.add({ type, bytes }))
      await to.write(path === undefined ? Buffer.from(instead.splice(0).join('')) : bytes, LIMIT)
    }
    failed(recording.end())
    await to.write(Buffer.from(instead.join('')))
  } catch (error) {
    if (error instanceof Trouble) throw error
    if (code(error) !== 'EPIPE') throw new Trouble(`cannot write: ${reason(error)}`)
    failed(recording.end())
  }
  return status
}

function open(path: string, name: string): Put {
  try {
    return create(path)
  } catch (error) {
    throw error instanceof Trouble
      ? new Trouble(`cannot record to ${name}: ${error.message}`)
      : error
  }
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
