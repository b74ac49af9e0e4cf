// What must be reached, and what is aimed at: each a figure of ours as it is, or divided by another side's
// in the same run, or by another figure of ours.

import type { Measure } from './figures.js'
import { shown } from './numbers.js'
import type { Cell, Result } from './results.js'
import type { Name } from './sides.js'
import type { Kind } from './spec.js'

type Level = 'must' | 'aim'

interface Bound {
  kind: Kind
  key: string
  /** Divided by what: another side, another measure of ours, or nothing. */
  by: Name | { key: string } | undefined
  compare: 'at most' | 'at least'
  limit: number
  level: Level
}

/** How it came out; `met` is missing where there is nothing to compare with. */
export interface Verdict {
  level: Level
  what: string
  value: number
  met?: boolean
  /** Only disturbed runs say so. */
  doubtful: boolean
}

const most = (kind: Kind, key: string, by: Bound['by'], must?: number, aim?: number): Bound[] =>
  levels({ kind, key, by, compare: 'at most' }, must, aim)
const least = (kind: Kind, key: string, by: Bound['by'], must?: number, aim?: number): Bound[] =>
  levels({ kind, key, by, compare: 'at least' }, must, aim)

function levels(bound: Omit<Bound, 'limit' | 'level'>, must?: number, aim?: number): Bound[] {
  const each = [
    ['must', must],
    ['aim', aim],
  ] as const
  return each.flatMap(([level, limit]) => (limit === undefined ? [] : [{ ...bound, level, limit }]))
}

/** script(1) stands for the smallest relay in C: one process, forkpty, read and write. */
const BOUNDS: Bound[] = [
  ...['p50', 'p99'].flatMap(key => [
    ...most('echo', key, 'dtach', 1),
    ...most('echo', key, 'tmux', 1),
    ...most('echo', key, 'screen', undefined, 1),
  ]),
  ...most('echo', 'p999', undefined, 1000, 300),
  ...['text', 'raw'].flatMap(key => [
    ...least('terminal', key, 'dtach', 1),
    ...least('terminal', key, 'tmux', 1.4),
    ...least('terminal', key, 'script', undefined, 1),
    ...least('terminal', `${key}-shown`, undefined, 100),
    ...most('terminal', `${key}-cpu`, 'dtach', 1),
    ...least('pipe', key, 'script', 1),
    ...least('pipe', key, 'bare pty', undefined, 1),
  ]),
  ...most('start', 'exit', 'node', 1.5, 1.2),
  ...most('query', 'name', 'node', 0.95, 0.8),
  ...most('query', 'list1', 'node', 0.95, 0.8),
  ...most('query', 'list100', { key: 'list1' }, 1.5, 1.1),
  ...most('query', 'woken', undefined, 0),
  ...most('memory', 'idle-master', undefined, 8, 6),
  ...most('memory', 'after-master', undefined, 10, 8),
  ...most('memory', 'idle-all', undefined, 16, 13),
  ...most('idle', 'detached-wakes', undefined, 1),
  ...most('idle', 'connected-wakes', undefined, 1),
]

/** What is bound of a result, and whether it is reached. */
export function verdicts(result: Pick<Result, 'name' | 'measures' | 'rows'>): Verdict[] {
  const { name, measures, rows } = result
  const cell = (side: Name, key: string): Pick<Cell, 'value' | 'doubtful'> =>
    rows.find(row => row.side === side)?.cells[key] ?? { value: NaN, doubtful: false }
  const label = (key: string): string => measures.find(one => one.key === key)?.label ?? key
  return BOUNDS.flatMap(({ kind, key, by, compare, limit, level }) => {
    const measure = measures.find(one => one.key === key)
    if (kind !== name || !measure) return []
    const side = typeof by === 'string'
    const ours = cell('sess', key)
    const other = by && (side ? cell(by, key) : cell('sess', by.key))
    const found = ours.value / (other?.value ?? 1)
    const against = by === undefined ? measure.unit : `x ${side ? by : label(by.key)}`
    const met = compare === 'at most' ? found <= limit : found >= limit
    return {
      level,
      what: `${title(measure)} ${compare} ${limit} ${against}`.trimEnd(),
      value: found,
      doubtful: ours.doubtful || other?.doubtful === true,
      ...(Number.isFinite(found) ? { met } : {}),
    }
  })
}

/** A measure's name; that of a flood of text is not that of a raw one. */
function title({ key, label }: Measure): string {
  const [, flood] = /^(text|raw)-/.exec(key) ?? []
  return flood === undefined ? label : `${flood}, ${label}`
}

/** A line each. */
export function reached(all: readonly Verdict[]): string[] {
  const width = Math.max(0, ...all.map(({ what }) => what.length))
  return all.map(({ level, what, value, met, doubtful }) => {
    const answer = met === undefined ? 'not known' : met ? 'yes' : 'no'
    return `${level.padEnd(5)}${what.padEnd(width)}${`${doubtful ? '~' : ''}${shown(value)}`.padStart(9)}  ${answer}`
  })
}
