// Running a program on our standard descriptors as the caller would, and waiting for it.
import { spawn, type ChildProcess } from 'node:child_process'
import os from 'node:os'
import type { Caller } from '../caller.js'
import { Trouble, reason } from '../die.js'

/** What a terminal sends to those on it: not to the program, so not to who waits for it either. */
const KEYS = ['SIGHUP', 'SIGINT', 'SIGQUIT'] as const

/**
 * Runs a program that can be found in a session of its own. Resolves to its exit status, 128 + signal if it
 * was killed.
 */
export async function detached(argv: string[], caller: Caller): Promise<number> {
  return ended(begun(argv, caller, { detached: true, stdio: 'inherit' }), argv)
}

/** A program whose output is ours to read, and its exit status once it has ended. */
export interface Piped {
  /** Ends with the output; whoever reads no more lets the program know. */
  output: AsyncIterable<Buffer>
  status: Promise<number>
}

/**
 * Runs a program that can be found, and reads its output. The terminal's signals are for it to heed; if we are
 * killed it is, too.
 */
export function piped(argv: string[], caller: Caller): Piped {
  const child = begun([...DYING, ...argv], caller, { stdio: ['inherit', 'pipe', 'inherit'] })
  return { output: child.stdout as AsyncIterable<Buffer>, status: ended(child, argv) }
}

type Options = { detached: true; stdio: 'inherit' } | { stdio: ['inherit', 'pipe', 'inherit'] }

function begun(argv: string[], { env, files, nohup }: Caller, options: Options): ChildProcess {
  const [file = '', ...args] = [...limit(files), ...(nohup ? IGNORING : []), ...argv]
  // The program may be well under way when we come back from starting it.
  for (const signal of KEYS) process.on(signal, () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const child: ChildProcess = spawn(file, args, { env, ...options })
  return child
}

function ended(child: ChildProcess, argv: string[]): Promise<number> {
  return new Promise((done, fail) => {
    child.once('error', error => fail(new Trouble(`cannot run ${argv[0]}: ${reason(error)}`)))
    child.once('exit', (status, signal) => {
      done(status ?? 128 + os.constants.signals[signal ?? 'SIGKILL'])
    })
  })
}

/** Node raises the soft limit of open files. */
const limit = (files: string): string[] =>
  files ? ['/usr/bin/prlimit', `--nofile=${files}:`, '--'] : []

/** Dies with us: whoever uses a terminal then is taken off it by his master. */
const DYING = ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--']

/** Node resets what was ignored. env(1) would take a name with a `=` in it for a variable; nice(1) does not. */
const IGNORING = ['/usr/bin/env', '--ignore-signal=HUP', 'nice', '-n', '0', '--']
