// A line in utmp for a session's terminal, by the small privileged program that the system has for it.
import { spawn } from 'node:child_process'
import fs from 'node:fs'

const PLACES = [
  '/usr/libexec/utempter/utempter',
  '/usr/lib/utempter/utempter',
  '/usr/lib/x86_64-linux-gnu/utempter/utempter',
  '/usr/lib/aarch64-linux-gnu/utempter/utempter',
]

/** The line of the terminal whose master side is `fd`. Silently none where the system has no utempter. */
export class Utmp {
  readonly #fd: number
  readonly #program = PLACES.find(place => fs.existsSync(place))
  #from: string | undefined

  constructor(fd: number) {
    this.#fd = fd
  }

  /** Enters where the user comes from; undefined takes the terminal out. */
  tell(from: string | undefined): void {
    if (this.#program === undefined || from === this.#from) return
    this.#from = from
    const args = from === undefined ? ['del'] : ['add', from]
    // As its standard input and output from the start, the terminal would begin to block for us as well.
    const script = ['-c', 'exec "$@" <&3 >&3 3>&-', 'sh', this.#program, ...args]
    const stdio: (number | 'ignore')[] = ['ignore', 'ignore', 'ignore', this.#fd]
    spawn('/bin/sh', script, { stdio }).on('error', () => undefined)
  }
}
