// What is measured by starting commands: several sides in turn in one probe, so that they meet the same
// machine, and the shortest of them are not lost in it.

import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { attempt, until } from '../real/leftovers.js'
import { median } from './numbers.js'
import { sleeps, words } from './proc.js'
import { listen, open } from './pty.js'
import { side as sideOf, type Name, type Side } from './sides.js'
import type { Run, Spec, Values } from './spec.js'
import { disturbed, rounds, watch } from './weather.js'
import { fifo, inhabitants, type World } from './world.js'

/** Milliseconds from a command's start until its terminal showed the word, and until it had ended. */
export interface Took {
  word: number
  exit: number
  said: string
}

/** Runs a command on a terminal of its own. Once the word was shown, `then` may hang up. */
export async function command(
  world: World,
  argv: readonly string[],
  word = '',
  then: (hangup: () => void) => void = () => undefined,
): Promise<Took> {
  const took = { word: NaN, exit: NaN, said: '' }
  const began = performance.now()
  const terminal = open(world, argv)
  const hangup = listen(terminal, bytes => {
    took.said += bytes.toString('latin1')
    if (!word || took.word > 0 || !took.said.includes(word)) return
    took.word = performance.now() - began
    then(hangup)
  })
  await terminal.ended
  took.exit = performance.now() - began
  hangup()
  if (word && !(took.word > 0)) throw new Error(`nothing shown: ${JSON.stringify(took.said)}`)
  return took
}

type Measure = (name: Name) => Promise<Values>

/**
 * Lets each side measure a few times in turn, forth and back, until enough turns were undisturbed; a run is
 * the medians of one turn.
 */
async function turns(
  { world, sides, sizes }: Spec,
  measure: Measure,
  tell: (run: Run) => void,
): Promise<void> {
  const failed = new Set<Name>()
  let best = Infinity
  for (let good = 0, turn = 0; good < sizes.turns && turn < rounds(sizes.turns); turn++) {
    const weather = watch(world)
    const order = sides.filter(name => !failed.has(name))
    const found = new Map(order.map(name => [name, [] as Values[]]))
    for (let i = 0; i < sizes.starts; i++) {
      for (const name of i % 2 ? order.toReversed() : order) {
        try {
          if (!failed.has(name)) found.get(name)?.push(await measure(name))
        } catch (error) {
          failed.add(name)
          tell({ side: name, values: {}, failed: (error as Error).message })
        }
      }
    }
    const seen = weather()
    best = Math.min(best, seen.loop)
    if (!disturbed(seen, best)) good++
    for (const [side, values] of found)
      if (!failed.has(side)) tell({ side, values: middle(values), weather: seen })
  }
}

function middle(all: readonly Values[]): Values {
  const keys = Object.keys(all[0] ?? {})
  return Object.fromEntries(keys.map(key => [key, median(all.map(values => values[key] ?? NaN))]))
}

/** Those who stay when a measurement is over are the same as before. */
async function quiet(world: World, before: ReadonlySet<number>): Promise<void> {
  const gone = (): boolean => inhabitants(world).every(({ pid }) => before.has(pid))
  await until(gone, 'nothing is left of a command')
}

const residents = (world: World): Set<number> => new Set(inhabitants(world).map(({ pid }) => pid))

const WORD = 'bench-says-hello'

/** To the first output of a program, and to the end of one that does nothing. */
export async function starts(spec: Spec, tell: (run: Run) => void): Promise<void> {
  const { world } = spec
  const [hello, end] = [`${world.dir}/hello`, fifo(world, 'end')]
  writeFileSync(hello, `${WORD}\n`)
  const nobody = new Set<number>()
  let id = 0
  const release = (): void => {
    const fd = attempt(() => openSync(end, constants.O_WRONLY | constants.O_NONBLOCK))
    if (fd === undefined) setTimeout(release, 1)
    else closeSync(fd)
  }
  await turns(
    spec,
    async name => {
      const side = sideOf(name, world)
      const node = name === 'node'
      const speaks = node ? ['node', '-e', `console.log('${WORD}')`] : ['cat', hello, end]
      const silent = node ? ['node', '-e', '0'] : ['true']
      const { word } = await command(
        world,
        side.run(speaks, id++),
        WORD,
        node ? undefined : release,
      )
      await quiet(world, nobody)
      const { exit } = await command(world, side.run(silent, id++))
      await quiet(world, nobody)
      return { output: word, exit }
    },
    tell,
  )
}

const SLEEP = ['sleep', '86400']

/** Commands that ask, over more and more sessions. */
export async function queries(spec: Spec, tell: (run: Run) => void): Promise<void> {
  const { world, sizes } = spec
  const ours = make(world, sideOf('sess', world), SLEEP, 0)
  const rest = spec.sides.filter(name => name !== 'sess')
  for (const name of rest) make(world, sideOf(name, world), SLEEP, 0)
  await turns(
    { ...spec, sides: spec.sides.filter(name => name === 'sess' || name === 'node') },
    async name => {
      const argv = name === 'node' ? ['node', '-e', '0'] : ['sessname', '-s', ours]
      return { name: (await command(world, argv)).exit }
    },
    tell,
  )
  let there = 1
  for (const count of sizes.lists) {
    for (; there < count; there++)
      for (const name of spec.sides) make(world, sideOf(name, world), SLEEP, there)
    const key = `list${count}`
    const list = async (name: Name): Promise<Values> => {
      const argv = name === 'node' ? ['node', '-e', '0'] : sideOf(name, world).list
      return argv ? { [key]: (await command(world, argv)).exit } : {}
    }
    await turns(spec, list, tell)
  }
  await sleep(sizes.settle * 1000)
  const masters = inhabitants(world).filter(({ pid }) => words(pid)[0]?.startsWith('sessmaster '))
  const woken = (): number => masters.reduce((sum, { pid }) => sum + sleeps(pid), 0)
  // Some may look after their sockets meanwhile, as each does once a minute: the median tells.
  for (let i = 0; i < 5; i++) {
    const before = woken()
    await command(world, ['sesslist'])
    tell({ side: 'sess', values: { woken: woken() - before } })
  }
}

/**
 * Makes a session without a terminal, whose end would hang up on screens that are not far enough yet. Gives
 * what was printed, through a file that may be held open: the session's name, if it is ours.
 */
export function make(world: World, side: Side, program: readonly string[], id: number): string {
  const [file, ...args] = side.make?.(program, id) ?? []
  if (file === undefined) return ''
  const said = `${world.dir}/said`
  const fd = openSync(said, 'w')
  execFileSync(file, args, { env: world.env, stdio: ['ignore', fd, 'inherit'] })
  closeSync(fd)
  return read(said).trim()
}

/** Milliseconds that whoever was hung up on may take to notice. */
const AFTER = 100

/** From the start of the command that connects to the first byte of what was not seen yet. */
export async function reconnects(spec: Spec, tell: (run: Run) => void): Promise<void> {
  const { world } = spec
  const made = new Map<Name, { said: string; speaker: number }>()
  for (const name of spec.sides) {
    const file = `${world.dir}/pid-${name}`
    const program = [process.execPath, speaker(world), file]
    const said = make(world, sideOf(name, world), program, 0)
    const pid = await until(() => attempt(() => Number(read(file))), `${name} runs its program`)
    made.set(name, { said, speaker: pid })
  }
  await turns(
    spec,
    async name => {
      const { said = '', speaker = 0 } = made.get(name) ?? {}
      const before = residents(world)
      process.kill(speaker, 'SIGUSR2')
      await sleep(20)
      const argv = sideOf(name, world).attach?.(0, said) ?? []
      const { word } = await command(world, argv, WORD, hangup => hangup())
      await quiet(world, before)
      await sleep(AFTER)
      return { first: word }
    },
    tell,
  )
}

const read = (file: string): string => readFileSync(file, 'latin1')

/** A program that says the word when it is told to, and when its terminal asks for a new screen, as dtach does. */
function speaker({ dir }: World): string {
  const file = `${dir}/speaker.cjs`
  const word = JSON.stringify(`${WORD}\r\n`)
  writeFileSync(
    file,
    `const fs = require('fs')
for (const signal of ['SIGUSR2', 'SIGWINCH']) process.on(signal, () => fs.writeSync(1, ${word}))
setInterval(() => undefined, 1 << 30)
fs.writeFileSync(process.argv[2], String(process.pid))
`,
  )
  return file
}
