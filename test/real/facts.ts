// What /proc tells of a process.

import { readdirSync, readFileSync } from 'node:fs'

function field(file: string, name: string): number {
  const found = new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(readFileSync(file, 'latin1'))?.[1]
  if (found === undefined) throw new Error(`no ${name} in ${file}`)
  return Number(found)
}

/** Resident memory in MiB. */
export function resident(pid: number): number {
  return field(`/proc/${pid}/status`, 'VmRSS') / 1024
}

/** Processor time used so far, in milliseconds. */
export function worked(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, '')
  const [user = 0, system = 0] = stat.split(' ').slice(11, 13).map(Number)
  return (user + system) * 10
}

/** How often a process has gone to sleep, all its threads together. */
export function sleeps(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const status = (id: string): string => `/proc/${pid}/task/${id}/status`
  return threads.reduce((sum, id) => sum + field(status(id), 'voluntary_ctxt_switches'), 0)
}

/** Its open descriptors. */
export function descriptors(pid: number): number[] {
  return readdirSync(`/proc/${pid}/fd`).map(Number)
}
