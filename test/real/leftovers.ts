// What is alive and what lies about in the world of one test, as /proc and the file system tell it.
// Who starts and ends things there is for driver.ts.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

export type Env = Record<string, string>

/** A scratch world: one test's own session directory, home and environment. */
export interface World {
  /** Holds everything of this world; short, for the sake of sockets' names. */
  readonly dir: string
  /** SESS_DIR: not made yet, as on a first day. */
  readonly sessions: string
  readonly home: string
  readonly env: Readonly<Env>
  /** Our own children that are not reaped yet, so that their pids are theirs. */
  readonly children: Set<number>
  /** What closes the terminals that are still open. */
  readonly terminals: Set<() => void>
}

/** What a test changes in its world's environment; undefined takes a variable away. */
export type Changes = Record<string, string | undefined>

export function environment(world: World, changes: Changes = {}): Env {
  const all = Object.entries({ ...world.env, ...changes })
  return Object.fromEntries(
    all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

/** An environment as env(1) and exec take it. */
export function pairs(env: Env): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`)
}

export interface Process {
  pid: number
  /** As in ps: R running, S asleep, T stopped, Z dead but not reaped. */
  state: string
  command: string
}

/** The state letter of a process, or undefined if there is none. */
export function stateOf(pid: number): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'))
  return stat?.slice(stat.lastIndexOf(')') + 2).charAt(0)
}

/** Does this process still run, if only to wait or be stopped? */
export function alive(pid: number): boolean {
  return !['Z', 'X', undefined].includes(stateOf(pid))
}

/** The processes of this world: its directory is in their environment, or they are our children. */
export function processes(world: World): Process[] {
  const mark = `=${world.dir}/`
  const found: Process[] = []
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry)
    if (!Number.isInteger(pid)) continue
    const environ = attempt(() => readFileSync(`/proc/${pid}/environ`, 'latin1')) ?? ''
    if (!world.children.has(pid) && !environ.includes(mark)) continue
    const words = attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? ''
    const state = stateOf(pid)
    if (state) found.push({ pid, state, command: words.split('\0').join(' ').trim() })
  }
  return found
}

/** What does not go by itself, one line each: processes, and anything in the session directory. */
export async function leftovers(world: World, within = 3000): Promise<string[]> {
  const left = (): string[] => [
    ...processes(world).map(one => `process ${one.pid} (${one.state}): ${one.command}`),
    ...(attempt(() => readdirSync(world.sessions)) ?? []).map(
      name => `file: ${join(world.sessions, name)}`,
    ),
  ]
  // A process has no environment for the moment of an exec: nobody is gone before a second look.
  const gone = async (): Promise<boolean> => {
    if (left().length > 0) return false
    await wait(5)
    return left().length === 0
  }
  try {
    await until(gone, 'nothing is left', within)
    return []
  } catch {
    return left()
  }
}

/** Ends every process of a world at once, as far as we may. */
export async function sweep(world: World): Promise<void> {
  const none = (): boolean => {
    const still = processes(world)
    for (const { pid } of still) attempt(() => process.kill(pid, 'SIGKILL'))
    return still.length === 0
  }
  await until(none, 'the killed are gone', 3000).catch(() => undefined)
}

export type Something<T> = Exclude<T, undefined | null | false | 0 | ''>

/** Asks until the answer is something, and gives it; `what` is said if it never is. */
export async function until<T>(
  condition: () => T | Promise<T>,
  what: string,
  within = 10_000,
): Promise<Something<T>> {
  const end = performance.now() + within
  for (;;) {
    const answer = await condition()
    if (answer) return answer as Something<T>
    if (performance.now() > end) throw new Error(`not within ${within} ms: ${what}`)
    await wait(20)
  }
}

/** The promise, but rejects if it takes too long; `what` is then said. */
export async function inTime<T>(
  promise: Promise<T>,
  within: number,
  what: () => string,
): Promise<T> {
  const late = Symbol('late')
  let timer: NodeJS.Timeout | undefined
  const end = new Promise<typeof late>(resolve => {
    timer = setTimeout(resolve, within, late)
  })
  const first = await Promise.race([promise, end]).finally(() => clearTimeout(timer))
  if (first === late) throw new Error(`not within ${within} ms: ${what()}`)
  return first
}

/** What the machine answers, or undefined: processes and files go while they are looked at. */
export function attempt<T>(ask: () => T): T | undefined {
  try {
    return ask()
  } catch {
    return undefined
  }
}
