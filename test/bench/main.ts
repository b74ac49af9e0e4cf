// The benchmarks: main.js [--quick] [--bin DIR] [--json FILE] [--svg FILE] [figure ...]. Measures our
// commands beside those of others, in turn; compares, and judges nothing.

import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { drawing } from './drawing.js'
import { figures, sizes, type Figure } from './figures.js'
import { bestLoop, judge, result, type Result } from './results.js'
import { installed, type Name } from './sides.js'
import type { Run, Spec } from './spec.js'
import { LEGEND, table } from './table.js'
import { CRITERION, rounds } from './weather.js'
import { create, end, type World } from './world.js'

const DIST = join(import.meta.dirname, '../..')

const { values: chosen, positionals } = options()
const size = sizes(chosen.quick)
const all = figures(chosen.quick)
if (!positionals.every(name => all.some(figure => figure.name === name))) usage()

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        bin: { type: 'string', default: join(DIST, 'bin') },
        json: { type: 'string', default: join(DIST, 'bench.json') },
        svg: { type: 'string', default: join(DIST, 'bench.svg') },
      },
    })
  } catch {
    return usage()
  }
}

function usage(): never {
  const names = figures(false).map(({ name }) => name)
  console.error(`bench: usage: main.js [--quick] [--bin dir] [--json file] [--svg file] [figure ...]
figures: ${names.join(' ')}`)
  process.exit(1)
}

const worlds = new Set<World>()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    for (const world of worlds) end(world)
    process.exit(128 + os.constants.signals[signal])
  })
}

const about = create(chosen.bin)
const versions = installed(about)
end(about)
if (!versions.has('sess')) {
  console.error(`bench: fatal: there is no sess in ${chosen.bin}`)
  process.exit(111)
}

/** The longest that a probe may take: screen(1) is not fast. */
const LIMIT = 15 * 60_000

/** Runs a probe in a world of its own; gives its runs, and a failed one if it did not come to an end. */
async function probe(kind: Spec['kind'], sides: Name[]): Promise<Run[]> {
  const world = create(chosen.bin)
  worlds.add(world)
  const spec: Spec = { kind, sides, world, sizes: size }
  const file = join(import.meta.dirname, 'probe.js')
  // So much room for what is allocated that no collection comes in between.
  const flags = [
    '--expose-gc',
    '--min-semi-space-size=64',
    '--max-semi-space-size=64',
    '--no-warnings',
  ]
  const child = spawn(process.execPath, [...flags, file, JSON.stringify(spec)], {
    env: world.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT)
  const whole = await new Promise<boolean>(resolve => {
    child.once('close', status => resolve(status === 0))
  })
  clearTimeout(timer)
  end(world)
  worlds.delete(world)
  const runs = said
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Run)
  const failed = sides.map(side => ({ side, values: {}, failed: 'did not come to an end' }))
  return whole ? runs : [...runs, ...failed]
}

/** All runs of a figure. */
async function measure(figure: Figure): Promise<Run[]> {
  const sides = figure.sides.filter(side => versions.has(side))
  if (figure.how === 'turns') return probe(figure.name, sides)
  if (figure.how === 'beside')
    return (await Promise.all(sides.map(side => probe(figure.name, [side])))).flat()
  const runs: Run[] = []
  const lacking = (side: Name): boolean => {
    const its = judge(runs, bestLoop(runs)).filter(run => run.side === side)
    return its.filter(run => !run.rejected).length < figure.runs && !its.some(run => run.failed)
  }
  for (let round = 0; round < rounds(figure.runs) && sides.some(lacking); round++) {
    const order = round % 2 ? sides.toReversed() : sides
    for (const side of order) {
      progress(`${figure.name}: round ${round + 1}, ${side}`)
      if (!runs.some(run => run.side === side && run.failed))
        runs.push(...(await probe(figure.name, [side])))
    }
  }
  return runs
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}

const wanted = all.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
const cpus = os.cpus()
const machine = `${cpus.length} x ${cpus[0]?.model.trim() ?? '?'}, Linux ${os.release()}`
const them = [...versions].map(pair => pair.join(' ').trim()).join(', ')
console.log(`${machine}\n${them}\n${LEGEND}\n${CRITERION}\n`)
const measured: [Figure, Run[]][] = []
for (const figure of wanted) {
  progress(figure.name)
  const runs = await measure(figure)
  measured.push([figure, runs])
  progress('')
  console.log(table(conclude([figure, runs])))
}

function conclude([figure, runs]: [Figure, Run[]]): Result {
  return result(
    figure,
    new Set(versions.keys()),
    runs,
    bestLoop(measured.flatMap(([, runs]) => runs)),
  )
}

const results = measured.map(conclude)
const date = new Date().toISOString()
const seconds = Math.round(performance.now() / 1000)
const facts = { date, machine, quick: chosen.quick, seconds, criterion: CRITERION, sizes: size }
const digits = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(6)) : value
const whole = { ...facts, versions: Object.fromEntries(versions), figures: results }
const json = JSON.stringify(whole, digits, 1)
writeFileSync(chosen.json, `${json}\n`)
const when = `${date.slice(0, 10)}${chosen.quick ? ', a quick run' : ''}`
const { figures: drawn } = JSON.parse(json) as { figures: Result[] }
writeFileSync(chosen.svg, drawing(drawn, [`Medians; ${LEGEND}`, `${machine}; ${when}; ${them}`]))
for (const level of ['must', 'aim'] as const) {
  const bounds = results.flatMap(one => one.bounds).filter(one => one.level === level)
  const [met, known] = [bounds.filter(one => one.met), bounds.filter(one => one.met !== undefined)]
  console.log(
    `${level}: ${met.length} of ${known.length} reached, ${bounds.length - known.length} not known`,
  )
}
console.log(`${seconds} s; ${chosen.json}, ${chosen.svg}`)
