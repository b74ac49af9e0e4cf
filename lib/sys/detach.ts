// Running a program without a controlling terminal, and waiting for it.
import { spawn } from 'node:child_process'
import os from 'node:os'
import type { Caller } from '../caller.js'
import { Trouble, reason } from '../die.js'

/** What a terminal sends to those on it: not to the program, so not to who waits for it either. */
const KEYS = ['SIGHUP', 'SIGINT', 'SIGQUIT'] as const

/**
 * Runs a program that can be found in a session of its own, on our standard descriptors. Resolves to its
 * exit status, 128 + signal if it was killed.
 */
export async function detached(argv: string[], { env, files, nohup }: Caller): Promise<number> {
  const [file = '', ...args] = [...limit(files), ...(nohup ? IGNORING : []), ...argv]
  // The program may be well under way when we come back from starting it.
  for (const signal of KEYS) process.on(signal, () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const child = spawn(file, args, { env, detached: true, stdio: 'inherit' })
  return new Promise((done, fail) => {
    child.once('error', error => fail(new Trouble(`cannot run ${file}: ${reason(error)}`)))
    child.once('exit', (status, signal) => {
      done(status ?? 128 + os.constants.signals[signal ?? 'SIGKILL'])
    })
  })
}

/** Node raises the soft limit of open files. */
const limit = (files: string): string[] =>
  files ? ['/usr/bin/prlimit', `--nofile=${files}:`, '--'] : []

/** Node resets what was ignored. env(1) would take a name with a `=` in it for a variable; nice(1) does not. */
const IGNORING = ['/usr/bin/env', '--ignore-signal=HUP', 'nice', '-n', '0', '--']
