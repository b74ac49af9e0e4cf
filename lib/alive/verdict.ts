// Does an idle link outlive a NAT that forgets the silent? Pure arithmetic on who sends something how often.

/** What sends something on an idle link every so many seconds; 'off' if it does not. */
export interface Source {
  every: number | 'off' | undefined
  /** The most that it may be late by, in seconds. */
  late?: number
}

/** What all of them together come to. */
export interface Period {
  /** The shortest of those that are known and on, in seconds; Infinity if none is. */
  nominal: number
  /** The same, if each is as late as it can be. */
  most: number
  /** Is nothing unknown that could be shorter? */
  sure: boolean
}

export function together(sources: Source[]): Period {
  const on = sources.flatMap(({ every, late = 0 }) =>
    typeof every === 'number' ? [{ every, most: every + late }] : [],
  )
  return {
    nominal: Math.min(...on.map(({ every }) => every)),
    most: Math.min(...on.map(({ most }) => most)),
    sure: sources.every(({ every }) => every !== undefined),
  }
}

export type Verdict = 'survives' | 'dies' | 'unknown'

/** A link like that under a NAT that forgets it after `limit` seconds of silence. */
export function verdict({ nominal, most, sure }: Period, limit: number): Verdict {
  if (most < limit) return 'survives'
  return sure && nominal >= limit ? 'dies' : 'unknown'
}
