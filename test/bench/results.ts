// From runs to results: which of them count, their medians, and how ours compares.

import { verdicts, type Verdict } from './bounds.js'
import type { Figure, Measure } from './figures.js'
import { median } from './numbers.js'
import { SIDES, type Name } from './sides.js'
import type { Run } from './spec.js'
import { disturbed } from './weather.js'

export interface Cell {
  /** The median of the runs that count; and the least and the most of them. */
  value: number
  least: number
  most: number
  /** Ours in terms of theirs. */
  ratio: number
  /** Every run was disturbed: then they all count, for want of better ones. */
  doubtful: boolean
}

export interface Row {
  side: Name
  cells: Record<string, Cell>
  /** How many runs count, how many were rejected. */
  counted: number
  rejected: number
  failed: string
}

export interface Result {
  name: string
  title: string
  without: string
  absent: Name[]
  measures: Measure[]
  rows: Row[]
  bounds: Verdict[]
  runs: (Run & { rejected: string })[]
}

export function judge(runs: readonly Run[], best: number): Result['runs'] {
  return runs.map(run => ({ ...run, rejected: run.weather ? disturbed(run.weather, best) : '' }))
}

/** The fastest of all the loops that ran beside runs. */
export const bestLoop = (runs: readonly Run[]): number =>
  Math.min(...runs.map(({ weather }) => weather?.loop ?? Infinity))

export function result(
  { name, title, without, sides, measures }: Figure,
  present: ReadonlySet<Name>,
  all: readonly Run[],
  best: number,
): Result {
  const runs = judge(all, best)
  const rows = SIDES.filter(side => sides.includes(side) && present.has(side)).map(side =>
    row(
      side,
      measures,
      runs.filter(run => run.side === side),
    ),
  )
  const ours = rows.find(({ side }) => side === 'sess')
  for (const { cells } of rows) {
    for (const [key, cell] of Object.entries(cells))
      cell.ratio = (ours?.cells[key]?.value ?? NaN) / cell.value
  }
  const absent = sides.filter(side => !present.has(side))
  const bounds = verdicts({ name, measures, rows })
  return { name, title, without, absent, measures, rows, bounds, runs }
}

function row(side: Name, measures: readonly Measure[], runs: Result['runs']): Row {
  const failed = runs.find(run => run.failed)?.failed ?? ''
  const whole = runs.filter(run => !run.failed)
  const cells: Row['cells'] = {}
  for (const { key } of measures) {
    const those = whole.filter(({ values }) => values[key] !== undefined)
    const good = those.filter(({ rejected }) => !rejected)
    if (those.length === 0) continue
    const doubtful = good.length === 0
    const values = (doubtful ? those : good).map(({ values }) => values[key] ?? NaN)
    const [least, most] = [Math.min(...values), Math.max(...values)]
    cells[key] = { value: median(values), least, most, ratio: NaN, doubtful }
  }
  const rejected = whole.filter(run => run.rejected).length
  return { side, cells, counted: whole.length - rejected, rejected, failed }
}
