// What main.ts tells a probe to do, and what the probe tells of it, a line of JSON for each run.

import type { Name } from './sides.js'
import type { Weather } from './weather.js'
import type { World } from './world.js'

export interface Sizes {
  /** Of a flood, in MiB, and of the one after which memory is measured. */
  flood: number
  traffic: number
  /** Round trips in a run. */
  trips: number
  /** Starts of each side in a run; runs wanted of those who take turns in one probe. */
  starts: number
  turns: number
  /** How many sessions are listed. */
  lists: number[]
  /** Sessions over which memory is shared out. */
  sessions: number
  /** Seconds until what a garbage collector does after a start is over, and of doing nothing. */
  settle: number
  idle: number
}

export type Kind =
  'terminal' | 'pipe' | 'echo' | 'start' | 'query' | 'reconnect' | 'memory' | 'idle'

export interface Spec {
  kind: Kind
  sides: Name[]
  world: World
  sizes: Sizes
}

export type Values = Record<string, number>

export interface Run {
  side: Name
  values: Values
  /** Missing where the machine's other work makes no difference. */
  weather?: Weather
  /** Why there are no values. */
  failed?: string
}
