// The echo round trip of one byte: written to the terminal, given back by a program in raw mode, read again.

import { spawn } from 'node:child_process'
import { readSync, writeSync } from 'node:fs'
import { cpus } from 'node:os'
import { quantile } from './numbers.js'
import { open, type Terminal } from './pty.js'
import { gates, up } from './flood.js'
import { side as sideOf, type Name } from './sides.js'
import type { Run } from './spec.js'
import { watch } from './weather.js'
import { pause, script, type World } from './world.js'

/** Letters in turn, none of which is in what a screen writes to move its cursor. */
const LETTERS = Buffer.from('vwyz')
const WARM = 1000

/** Quantiles in microseconds, with the processors kept awake; and the median with them left to sleep. */
export function echo(name: Name, world: World, trips: number): Run {
  const doors = gates(world)
  const lines = ['stty raw -echo', `read x <${doors.up}`, 'exec cat']
  const terminal = open(world, sideOf(name, world).run(script(world, 'echo', lines), 0))
  up(terminal, doors)
  many(terminal, WARM)
  const weather = watch(world)
  const asleep = quantile(many(terminal, trips / 4), 0.5)
  const sleep = keepAwake(world)
  const took = many(terminal, trips)
  sleep()
  const seen = weather()
  const [p50 = NaN, p99 = NaN, p999 = NaN] = [0.5, 0.99, 0.999].map(share => quantile(took, share))
  terminal.handle.close()
  return { side: name, values: { p50, p99, p999, asleep }, weather: seen }
}

/**
 * Something to do of the lowest kind for every processor, until what is given is called. A processor that
 * has halted takes longer to wake up, in a virtual machine, than all else of a round trip.
 */
function keepAwake({ env }: World): () => void {
  const spinners = cpus().map(() =>
    spawn('chrt', ['-i', '0', 'sh', '-c', 'while :; do :; done'], { env, stdio: 'ignore' }),
  )
  for (const spinner of spinners) spinner.on('error', () => undefined)
  pause(100)
  return () => {
    for (const spinner of spinners) spinner.kill('SIGKILL')
  }
}

/** Round trips, sorted. */
function many(terminal: Terminal, count: number): Float64Array {
  const took = new Float64Array(count)
  const buffer = Buffer.alloc(4096)
  globalThis.gc?.()
  for (let i = 0; i < count; i++) took[i] = trip(terminal, i, buffer) * 1000
  return took.sort()
}

/** Milliseconds from before the write until the letter has been read. */
function trip({ fd }: Terminal, n: number, buffer: Buffer): number {
  const at = n % LETTERS.length
  const letter = LETTERS[at]
  const began = performance.now()
  writeSync(fd, LETTERS, at, 1)
  for (;;) {
    const length = readSync(fd, buffer, 0, buffer.length, null)
    if (length === 0) throw new Error('the terminal was hung up on')
    for (let i = 0; i < length; i++) if (buffer[i] === letter) return performance.now() - began
  }
}
