// A line in utmp for a session's terminal, by the small privileged program that the system has for it.
import { spawn } from 'node:child_process'
import fs from 'node:fs'

const PLACES = [
  '/usr/libexec/utempter/utempter',
  '/usr/lib/utempter/utempter',
  '/usr/lib/x86_64-linux-gnu/utempter/utempter',
  '/usr/lib/aarch64-linux-gnu/utempter/utempter',
]

/** Enters the terminal whose master side is `fd`, or takes it out. Silently nothing where the system has no utempter. */
export function utmp(fd: number, entry: { add: string } | 'remove'): void {
  const program = PLACES.find(place => fs.existsSync(place))
  if (program === undefined) return
  const args = entry === 'remove' ? ['del'] : ['add', entry.add]
  // As its standard input and output from the start, the terminal would begin to block for us as well.
  const script = ['-c', 'exec "$@" <&3 >&3 3>&-', 'sh', program, ...args]
  const stdio: (number | 'ignore')[] = ['ignore', 'ignore', 'ignore', fd]
  spawn('/bin/sh', script, { stdio }).on('error', () => undefined)
}
