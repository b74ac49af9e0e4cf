// What /proc tells of processes, for accounting: processor time, wake-ups, memory. Whose they are is not
// decided here.

import { readdirSync, readFileSync } from 'node:fs'
import { attempt } from '../real/leftovers.js'

export interface Process {
  pid: number
  parent: number
  session: number
  /** As in ps: R running, S asleep, T stopped, Z dead but not reaped. */
  state: string
  /** A thread of the kernel. */
  kernel: boolean
  /** Processor seconds that it has used, and those of its children that it has reaped, in steps of 0.01. */
  own: number
  reaped: number
}

/** Linux tells programs so on every machine that Node runs on. */
const TICKS = 100

const PF_KTHREAD = 0x200000

const read = (file: string): string | undefined => attempt(() => readFileSync(file, 'latin1'))

export function processOf(pid: number): Process | undefined {
  const stat = read(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  const [state = '', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const field = (n: number): number => Number(rest[n - 4])
  const [parent, session, flags] = [field(4), field(6), field(9)]
  const own = (field(14) + field(15)) / TICKS
  const reaped = (field(16) + field(17)) / TICKS
  return { pid, parent, session, state, kernel: (flags & PF_KTHREAD) !== 0, own, reaped }
}

export function everything(): Process[] {
  const pids = readdirSync('/proc').filter(entry => /^\d+$/.test(entry))
  return pids.flatMap(pid => processOf(Number(pid)) ?? [])
}

/** The command line, and the environment; undefined where that is not for us to see. */
export const words = (pid: number): string[] =>
  (read(`/proc/${pid}/cmdline`) ?? '').split('\0').slice(0, -1)
export const environ = (pid: number): string | undefined => read(`/proc/${pid}/environ`)

function threads(pid: number): string[] {
  return (attempt(() => readdirSync(`/proc/${pid}/task`)) ?? []).map(
    id => `/proc/${pid}/task/${id}`,
  )
}

const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0)

/** Processor seconds of a process and of the children that it has reaped, its own to the nanosecond if possible. */
export function worked(pid: number): number {
  const { own, reaped } = processOf(pid) ?? { own: 0, reaped: 0 }
  const exact = threads(pid).map(thread => Number(read(`${thread}/schedstat`)?.split(' ')[0])) // NaN without it
  const seconds = total(exact) / 1e9
  return (Number.isNaN(seconds) ? own : seconds) + reaped
}

/** How often its threads have gone to sleep, all together: each time something woke them. */
export function sleeps(pid: number): number {
  const count = (thread: string): number =>
    Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(read(`${thread}/status`) ?? '')?.[1] ?? 0)
  return total(threads(pid).map(count))
}

export interface Memory {
  /** In MiB: what it alone has, and that and its part of what it shares. */
  private: number
  pss: number
}

export function memory(pid: number): Memory {
  const text = read(`/proc/${pid}/smaps_rollup`) ?? ''
  const field = (name: string): number =>
    Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(text)?.[1] ?? NaN) / 1024
  return { private: field('Private_Clean') + field('Private_Dirty'), pss: field('Pss') }
}

/** Processor seconds that the machine has been robbed of. */
export function stolen(): number {
  return Number(read('/proc/stat')?.split('\n')[0]?.split(/ +/)[8] ?? 0) / TICKS
}
