// What else the machine did while something was measured. A measurement is not counted if that may have
// been why it came out as it did.

import { everything, stolen, type Process } from './proc.js'
import { inhabitants, type World } from './world.js'

export interface Weather {
  seconds: number
  /** Processor seconds of processes that had nothing to do with it. */
  others: number
  /** Processor seconds that another machine on the same hardware had. */
  stolen: number
  /** How long a small fixed amount of work took, in milliseconds: the slower of before and after. */
  loop: number
}

/** Of a processor, that others may use; the rest is what the clock's ticks blur. */
const [OTHERS, STOLEN, TICK] = [0.05, 0.01, 0.02]

/** How much slower than the fastest the fixed work may be. */
const SLOW = 1.25

export const CRITERION =
  `a run is rejected if processes that are no part of it used more than ${OTHERS * 100} % of one processor ` +
  `(and ${TICK * 1000} ms), if more than ${STOLEN * 100} % (and ${TICK * 1000} ms) were stolen, or if a ` +
  `fixed loop beside it took more than ${SLOW} times its best`

/** How often at most something is run so that so many runs count. */
export const rounds = (wanted: number): number => Math.ceil(1.5 * wanted)

/** Why a run is rejected; '' if it is not. `best` is the fastest loop of all. */
export function disturbed({ seconds, others, stolen, loop }: Weather, best: number): string {
  if (others > OTHERS * seconds + TICK) return `others used ${others.toFixed(2)} s`
  if (stolen > STOLEN * seconds + TICK) return `${stolen.toFixed(2)} s stolen`
  return loop > SLOW * best ? `machine ${(loop / best).toFixed(2)} times slower` : ''
}

/** Begins to watch, and gives what ends that. */
export function watch(world: World): () => Weather {
  const loop = work()
  const before = others(world)
  const robbed = stolen()
  const began = performance.now()
  return () => {
    const seconds = (performance.now() - began) / 1000
    const taken = stolen() - robbed
    const used = grown(before, others(world))
    return { seconds, others: used, stolen: taken, loop: Math.max(loop, work()) }
  }
}

/** Everybody who is no part of the measurement: the harness, the first process and the kernel are left out. */
function others(world: World): Process[] {
  const ours = new Set(inhabitants(world).map(({ pid }) => pid))
  for (const pid of [1, process.pid, process.ppid]) ours.add(pid)
  return everything().filter(({ pid, kernel }) => !kernel && !ours.has(pid))
}

/** Who has gone is in the account of the parent that reaped him, unless that was the first process. */
function grown(before: readonly Process[], after: readonly Process[]): number {
  const left = new Set(after.map(({ pid }) => pid))
  const counted = before.filter(({ pid, parent }) => left.has(pid) || parent !== 1)
  const sum = (list: readonly Process[]): number =>
    list.reduce((all, { own, reaped }) => all + own + reaped, 0)
  return Math.max(0, sum(after) - sum(counted))
}

/** The fastest of a few, so that only a machine that is slower all the time shows. */
function work(): number {
  const took = Array.from({ length: 8 }, () => {
    const began = performance.now()
    let x = 1
    for (let i = 0; i < 400_000; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0
    sink = x
    return performance.now() - began
  })
  return Math.min(...took)
}

/** Where the work goes, so that it is done. */
export let sink = 0
