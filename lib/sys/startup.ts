// How a process of ours begins and ends. All programs are in one bundle, which Node reads as it is or,
// faster, finds in a snapshot of its memory after reading it (cmd/commands.sh makes that): nothing of one
// process may be looked at before `begin` calls.
import v8 from 'node:v8'

/** Calls `main` with the words of the command line: now or, in a snapshot, in each process that starts from it. */
export function begin(main: (words: string[]) => void): void {
  const { startupSnapshot } = v8
  if (startupSnapshot.isBuildingSnapshot())
    startupSnapshot.setDeserializeMainFunction(() => start(main, 1))
  else start(main, 2)
}

function start(main: (words: string[]) => void, first: number): void {
  // When a socket is closed Node looks at its own stderr, and so makes it: a pipe that others write to, too,
  // would become non-blocking for them.
  Object.defineProperty(process, 'stderr', { value: undefined })
  main(process.argv.slice(first))
}

/** Ends the process at once: Node takes its time to put everything away that the system throws away anyhow. */
export function exit(status: number): never {
  process.exit(status)
}
