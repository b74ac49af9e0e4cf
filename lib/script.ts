// Records a program on the user's terminal from its start to its end.
import type { Caller } from './caller.js'
import { line } from './die.js'
import type { Header } from './event.js'
import { sink } from './pieces.js'
import { followSize, trouble } from './record.js'
import { Recording } from './recording.js'
import { piped } from './sys/child.js'
import { openToWrite, shown } from './sys/recording.js'
import { complain } from './sys/say.js'
import { kindOf, leaveAlone, reopen } from './sys/terminal.js'

export interface How {
  path: string
  /** Does a recording of that name go on? */
  append: boolean
  /** What runs the program, with it. */
  argv: string[]
  caller: Caller
}

/** Records what it writes to a file. Returns its exit status. Throws Trouble if there is no such file to be had. */
export async function script(how: How, header: Header): Promise<number> {
  const { path, append, argv, caller } = how
  // The terminal may be raw by then.
  const end = kindOf(2) === 'terminal' ? '\r\n' : '\n'
  const say = (what: string): void =>
    complain(line('tscript', 'info', `script ${what}, output file is ${shown(path)}`))
  const file = openToWrite(path, append)
  leaveAlone([])
  const recording = new Recording(file.put, header, trouble('tscript', path, end), file.before)
  followSize(recording)
  say('started')

  const { output, status } = piped(argv, caller)
  // Whoever waits for it later finds out then.
  status.catch(() => undefined)
  const to = sink(reopen(1, 'write'))
  try {
    for await (const bytes of output) {
      recording.add({ type: 'output', bytes })
      await to.write(bytes)
    }
  } catch {
    // Nobody sees it any more: so the program is told, which has our end of its output closed by now.
  }
  recording.end()
  const its = await status
  recording.add({ type: 'exit', status: its })
  say('done')
  return its
}
