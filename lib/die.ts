// What we say to a person, and how a command fails.

export type Level = 'fatal' | 'warning' | 'info' | 'usage' | 'weird'

/** Trouble that a person is told in one line. `status` is the exit status that goes with it (DESIGN 6). */
export class Fatal extends Error {
  readonly status: number
  readonly level: Level
  constructor(message: string, status = 2, level: Level = 'fatal') {
    super(message)
    this.status = status
    this.level = level
  }
}

/** The command was used wrongly: its usage line, status 1. */
export class Usage extends Fatal {
  constructor(usage: string) {
    super(usage, 1, 'usage')
  }
}

/** Trouble with the system, which may work later: status 111. */
export class Trouble extends Fatal {
  constructor(message: string) {
    super(message, 111)
  }
}

/** The same from what runs a program: 100 or more, for what the program exits with is not to be taken for ours (DESIGN 6). */
export function apart({ message, status, level }: Fatal): Fatal {
  return new Fatal(message, Math.max(status, 100), level)
}

/** One line for stderr; `program: level: what`. */
export function line(program: string, level: Level, what: string): string {
  return `${program}: ${level}: ${what}`
}

/** A system error's reason in lower-case words: `no such file or directory`. */
export function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return /^E[A-Z0-9]+: ([^,]*)/.exec(text)?.[1]?.toLowerCase() ?? text
}

/** A system error's code, `ENOENT` and the like; undefined for anything else. */
export function code(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
}
