// Throughput: a program writes as fast as it can, and the terminal, or a pipe's reader, takes all at once.

import { readSync, writeFileSync } from 'node:fs'
import { alive } from '../real/leftovers.js'
import { worked } from './proc.js'
import { block, meet, open, rest, type Terminal } from './pty.js'
import { quote, side as sideOf, type Name } from './sides.js'
import type { Values } from './spec.js'
import { watch, type Weather } from './weather.js'
import { fifo, inhabitants, pause, script, type World } from './world.js'

const MIB = 1 << 20
const NEWLINE = 10
const LETTERS = 'etaoinshrdlu    ETAOIN.,;:/=-_0123456789'

export type What = 'text' | 'raw'

/** Where a program that has been started waits to be told to go on. */
export interface Gates {
  /** It is there; it begins; it ends. */
  up: string
  go: string
  end: string
}

export function gates(world: World): Gates {
  const [up, go, end] = ['up', 'go', 'end'].map(name => fifo(world, name))
  return { up: up ?? '', go: go ?? '', end: end ?? '' }
}

/** After whatever was written before, a screen is made to show this. */
const DONE = 'bench-is-done'
const RESET = String.raw`\030\033\\\033c`

/** A program that writes so many MiB, and then a word. Text goes through the terminal as lines do, raw as it is. */
export function writer(world: World, { up, go, end }: Gates, what: What, mib: number): string[] {
  const file = `${world.dir}/${what}`
  writeFileSync(file, payload[what])
  return script(world, `write-${what}`, [
    what === 'text' ? 'stty -echo' : 'stty raw -echo',
    `read x <${up}; read x <${go}`,
    `cat ${Array<string>(mib).fill(file).join(' ')}`,
    `printf '${RESET}${DONE}'`,
    `read x <${end}`,
  ])
}

/** 1 MiB of lines such as programs write, and of all bytes; the same every time. */
const payload = { text: lines(), raw: Buffer.from(Array.from({ length: MIB }, random())) }

function lines(): Buffer {
  const next = random()
  const made = Buffer.alloc(MIB, '\n')
  for (let at = 0; at < MIB;) {
    const end = Math.min(MIB, at + 20 + (next() % 80)) - 1
    while (at < end) made[at++] = LETTERS.charCodeAt(next() % LETTERS.length)
    at++
  }
  return made
}

function random(): () => number {
  let x = 1
  return () => {
    x = (Math.imul(x, 1664525) + 1013904223) | 0
    return (x >>> 16) & 0xff
  }
}

/** A terminal's lines end in two bytes. */
const ends = payload.text.reduce((count, byte) => count + Number(byte === NEWLINE), 0)
const size = (what: What, mib: number): number => mib * (MIB + (what === 'text' ? ends : 0))

/**
 * Reads a terminal that blocks until it has shown the word, which is not looked for before so many bytes.
 * Gives how many came before it; throws if the terminal was hung up.
 */
export function drain({ fd }: Terminal, before: number): number {
  const [room, word] = [DONE.length, Buffer.from(DONE)]
  const buffer = Buffer.alloc(room + 65536)
  for (let count = 0; ;) {
    const length = readSync(fd, buffer, room, 65536, null)
    if (length === 0) throw new Error('the terminal was hung up on')
    count += length
    if (count < before) continue
    const at = buffer.subarray(0, room + length).indexOf(word)
    if (at >= 0) return count - (room + length - at)
    buffer.copyWithin(0, length, length + room)
  }
}

/** Processor seconds so far of all that live in a world. */
const spent = (world: World): number =>
  inhabitants(world).reduce((sum, { pid }) => sum + worked(pid), 0)

let starts = 0

/** One flood: MiB a second from the word to begin to the last byte, processor seconds, how much was shown. */
export function flood(
  name: Name,
  world: World,
  doors: Gates,
  what: What,
  mib: number,
  piped: boolean,
): [Values, Weather] {
  const program = writer(world, doors, what, mib)
  const run = sideOf(name, world).run(program, starts++)
  const through = piped && name !== 'bare pty'
  const terminal = open(world, through ? pipeline(world, run, size(what, mib)) : run)
  up(terminal, doors)
  const before = spent(world)
  const weather = watch(world)
  const [harness, began] = [process.cpuUsage(), performance.now()]
  meet(doors.go)
  const exact = !through && name !== 'tmux' && name !== 'screen'
  const count = drain(terminal, exact ? size(what, mib) : 0)
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(harness)
  const seen = weather()
  const cpu = spent(world) - before
  leave(terminal, doors)
  const values: Values = {
    [what]: mib / seconds,
    [`${what}-cpu`]: (cpu / mib) * 256,
    [`${what}-harness`]: ((user + system) / 1e6 / mib) * 256,
  }
  if (!through) values[`${what}-shown`] = (count / size(what, mib)) * 100
  return [values, seen]
}

/** Waits until the program is there and everything else has settled; then the terminal blocks. */
export function up(terminal: Terminal, { up }: Gates): void {
  try {
    meet(up, () => alive(terminal.pid))
  } catch (error) {
    const said = JSON.stringify(rest(terminal))
    throw new Error(`${(error as Error).message}: ${said}`, { cause: error })
  }
  pause(300)
  block(terminal)
}

/** Lets the program end, and waits until whoever had the terminal has gone. */
export function leave(terminal: Terminal, { end }: Gates): void {
  meet(end)
  terminal.handle.setBlocking(false)
  for (let looks = 0; looks < 500 && alive(terminal.pid); looks++) {
    while (rest(terminal));
    pause(10)
  }
  terminal.handle.close()
}

/** The reader says when it has all, and takes what may still come. */
function pipeline(world: World, run: readonly string[], count: number): string[] {
  const options = `bs=131072 count=${count} iflag=count_bytes,fullblock of=/dev/null status=none`
  const reader = `{ dd ${options}; printf ${DONE} >&2; cat >/dev/null; }`
  return script(world, 'pipeline', [`${run.map(quote).join(' ')} | ${reader}`])
}
