// Every command's frame: what it throws is said in one line, and becomes its exit status.
import { Fatal, Trouble, apart, line, reason } from './die.js'
import { Asked } from './options.js'
import { printable } from './printable.js'
import { complain, print } from './sys/say.js'
import { exit } from './sys/startup.js'

type Body = (argv: string[]) => Promise<number> | number

/** The command called `program`: does as `body` says, prints what it cannot do, and exits. */
export function command(program: string, body: Body): (argv: string[]) => Promise<void> {
  return async argv => exit(await run(program, body, argv))
}

/** The same for one whose small statuses are answers, or its program's: its own begin at 100. */
export function commandApart(program: string, body: Body): (argv: string[]) => Promise<void> {
  return command(program, async argv => {
    try {
      return await body(argv)
    } catch (error) {
      throw error instanceof Fatal ? apart(error) : error
    }
  })
}

async function run(program: string, body: Body, argv: string[]): Promise<number> {
  try {
    return await body(argv)
  } catch (error) {
    if (error instanceof Asked) return tell(error)
    const { message, status, level } =
      error instanceof Fatal ? error : new Trouble(`something went wrong: ${reason(error)}`)
    complain(line(program, level, printable(message)))
    return status
  }
}

function tell({ what, message }: Asked): number {
  print(what === 'help' ? `usage: ${message}` : `sesstools ${VERSION}`)
  return 0
}

const VERSION = '0.1.0'
