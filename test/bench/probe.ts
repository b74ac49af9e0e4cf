// A process of its own that measures one thing, as its argument says, and tells of each run in a line of
// JSON: it may wait in the kernel, and be killed, while main.ts stays attentive.

import { writeSync } from 'node:fs'
import { echo } from './echo.js'
import { flood, gates } from './flood.js'
import type { Name } from './sides.js'
import type { Run, Spec } from './spec.js'
import { idle, memories } from './standing.js'
import { queries, reconnects, starts } from './turns.js'
import { end } from './world.js'

const spec = JSON.parse(process.argv[2] ?? '') as Spec
const { world, sizes, sides } = spec

try {
  if (spec.kind === 'start') await starts(spec, tell)
  else if (spec.kind === 'query') await queries(spec, tell)
  else if (spec.kind === 'reconnect') await reconnects(spec, tell)
  else for (const side of sides) tell(one(side))
} catch (error) {
  for (const side of sides) tell({ side, values: {}, failed: (error as Error).message })
}
// Terminals that are still open would keep the event loop, and so us, alive.
process.exit()

function tell(run: Run): void {
  try {
    writeSync(1, `${JSON.stringify(run)}\n`)
  } catch {
    // main.ts was killed: nobody else is left to clear up.
    end(world)
    process.exit(1)
  }
}

function one(side: Name): Run {
  if (spec.kind === 'echo') return echo(side, world, sizes.trips)
  if (spec.kind === 'memory') return memories(side, world, sizes)
  if (spec.kind === 'idle') return idle(side, world, sizes)
  const doors = gates(world)
  const [text, then] = flood(side, world, doors, 'text', sizes.flood, spec.kind === 'pipe')
  // screen(1) shows all bytes a hundred times as slowly as text.
  const size = side === 'screen' ? Math.ceil(sizes.flood / 16) : sizes.flood
  const [raw, later] = flood(side, world, doors, 'raw', size, spec.kind === 'pipe')
  const weather = {
    seconds: then.seconds + later.seconds,
    others: then.others + later.others,
    stolen: then.stolen + later.stolen,
    loop: Math.max(then.loop, later.loop),
  }
  return { side, values: { ...text, ...raw }, weather }
}
