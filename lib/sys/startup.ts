// How a process of ours begins and ends. The programs are in a few bundles, for a process is the quicker and
// smaller the less it has in it; Node reads a bundle as it is or, faster, finds it in a snapshot of its memory
// after reading it (cmd/commands.sh makes that): nothing of one process may be looked at before `begin` calls.
import v8 from 'node:v8'

type Program = (argv: string[]) => Promise<void>

/** Runs the program that the first word of the command line names: now or, in a snapshot, in each process that starts from it. */
export function begin(programs: Record<string, Program>): void {
  const { startupSnapshot } = v8
  if (startupSnapshot.isBuildingSnapshot())
    startupSnapshot.setDeserializeMainFunction(() => start(programs, 1))
  else start(programs, 2)
}

function start(programs: Record<string, Program>, first: number): void {
  // When a socket is closed Node looks at its own stderr, and so makes it: a pipe that others write to, too,
  // would become non-blocking for them.
  Object.defineProperty(process, 'stderr', { value: undefined })
  const [name = '', ...argv] = process.argv.slice(first)
  void programs[name]?.(argv)
}

/** Ends the process at once: Node takes its time to put everything away that the system throws away anyhow. */
export function exit(status: number): never {
  process.exit(status)
}
