// Every command's frame: what it throws is said in one line, and becomes its exit status.
import { Fatal, Trouble, line, reason } from './die.js'
import { Asked } from './options.js'
import { printable } from './printable.js'
import { complain, print } from './sys/say.js'

/** Runs a command called `program`: prints what it cannot do, and exits. */
export async function main(
  program: string,
  command: (argv: string[]) => Promise<number> | number,
): Promise<void> {
  process.exitCode = await run(program, command)
}

async function run(
  program: string,
  command: (argv: string[]) => Promise<number> | number,
): Promise<number> {
  try {
    return await command(process.argv.slice(2))
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
