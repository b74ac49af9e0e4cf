// The descriptors that a signaller lends: opened, checked, and put to use. What cannot be opened is carried
// by the signaller as before.
import { borrow } from '../sys/ends.js'
import { heard, inlet, type Inlet } from '../sys/flow.js'
import { line, type Line, type Taken } from '../sys/line.js'
import { Direct, type Channel, type Reader } from './channel.js'
import { Input, type Listener as Typing } from './input.js'

/** Who is told what goes on. */
export interface Listener extends Typing {
  /** The output has taken more than it took at once. */
  moved(): void
  /** The output takes no more: why, or '' if its reader has gone. */
  broken(reason: string): void
}

/** What was taken. */
export interface Taking {
  input: Input | undefined
  output: Channel | undefined
}

/** Takes what process `pid` lends. */
export function take(
  { input, output }: { input: string; output: string },
  pid: number,
  reader: Reader,
  listener: Listener,
): Taking {
  const directly = (to: number | Line): Channel =>
    new Direct(
      reader,
      to,
      () => listener.moved(),
      reason => listener.broken(reason),
    )
  const reading = (open: (taken: Taken, ended: () => void) => Inlet): Input =>
    new Input(pid, open, listener)
  if (input !== '' && input === output) {
    const fd = borrow(pid, 0, input, 'both')
    if (fd === undefined) return { input: undefined, output: undefined }
    let both: Line | undefined
    const typed = reading((taken, ended) => {
      both = line(fd, taken)
      return heard(both, ended)
    })
    return { input: typed, output: both && directly(both) }
  }
  const from = borrow(pid, 0, input, 'read')
  const to = borrow(pid, 1, output, 'write')
  return {
    input: from === undefined ? undefined : reading((taken, ended) => inlet(from, taken, ended)),
    output: to === undefined ? undefined : directly(to),
  }
}
