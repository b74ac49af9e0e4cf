// What sessions cost that nobody uses: memory, processor time, wake-ups.

import { drain, gates, leave, up, writer } from './flood.js'
import { memory, sleeps, words, worked, type Process } from './proc.js'
import { meet, open } from './pty.js'
import { side as sideOf, type Name } from './sides.js'
import type { Run, Sizes, Values } from './spec.js'
import { make } from './turns.js'
import { inhabitants, pause, script, type World } from './world.js'

/** The processes of a side, without the programs in its sessions. */
interface Parts {
  /** In the session of processes that the terminal was given to. */
  client: Process[]
  server: Process[]
}

function parts(world: World, client: number, but: ReadonlySet<number>): Parts {
  const all = inhabitants(world).filter(({ pid }) => !but.has(pid))
  const programs = new Set(all.filter(({ pid }) => isProgram(words(pid))).map(({ pid }) => pid))
  const its = all.filter(({ pid, parent }) => !programs.has(pid) && !programs.has(parent))
  return {
    client: its.filter(({ session }) => session === client),
    server: its.filter(({ session }) => session !== client),
  }
}

const SLEEP = ['sleep', '86400']

/** What is run in sessions here: a script of this harness, perhaps by a shell that script starts, or a sleep. */
function isProgram([first, second]: string[]): boolean {
  if (first === SLEEP[0] || (first === 'sh' && second === '-c')) return true
  return first === '/bin/sh' && /\/(write-\w+|hold)$/.test(second ?? '')
}

function size(processes: Process[]): { private: number; pss: number; most: number } {
  const each = processes.map(({ pid }) => memory(pid))
  const sum = (what: 'private' | 'pss'): number => each.reduce((all, one) => all + one[what], 0)
  return {
    private: sum('private'),
    pss: sum('pss'),
    most: Math.max(...each.map(one => one.private)),
  }
}

/** Memory of a session that is connected and idle, of the same after traffic, and of one among many. */
export function memories(name: Name, world: World, sizes: Sizes): Run {
  const doors = gates(world)
  const side = sideOf(name, world)
  const terminal = open(world, side.run(writer(world, doors, 'text', sizes.traffic), 0))
  up(terminal, doors)
  pause(sizes.settle * 1000)
  const values: Values = {}
  const note = (when: string): void => {
    const { client, server } = parts(world, terminal.pid, new Set())
    const [here, there] = [size(client), size(server)]
    if (server.length > 0) values[`${when}-master`] = there.most
    if (server.length > 0) values[`${when}-master-pss`] = there.pss
    values[`${when}-client`] = here.private
    values[`${when}-client-pss`] = here.pss
    values[`${when}-all`] = here.private + there.private
    values[`${when}-all-pss`] = here.pss + there.pss
  }
  note('idle')
  meet(doors.go)
  drain(terminal, 0)
  pause(sizes.settle * 1000)
  note('after')
  leave(terminal, doors)
  if (side.make) {
    const before = new Set(inhabitants(world).map(({ pid }) => pid))
    for (let id = 1; id <= sizes.sessions; id++) make(world, side, SLEEP, id)
    pause(sizes.settle * 1000)
    const many = size(parts(world, 0, before).server)
    values['each'] = many.private / sizes.sessions
    values['each-pss'] = many.pss / sizes.sessions
  }
  return { side: name, values }
}

/** Processor time and wake-ups of a session that is connected, and of one that is not, while nothing happens. */
export function idle(name: Name, world: World, sizes: Sizes): Run {
  const doors = gates(world)
  const side = sideOf(name, world)
  make(world, side, SLEEP, 1)
  pause(500)
  const apart = new Set(inhabitants(world).map(({ pid }) => pid))
  const hold = [`read x <${doors.up}`, `read x <${doors.end}`]
  const terminal = open(world, side.run(script(world, 'hold', hold), 0))
  up(terminal, doors)
  pause(sizes.settle * 1000)
  const { client, server } = parts(world, terminal.pid, new Set())
  const detached = server.filter(({ pid }) => apart.has(pid))
  const connected = server.filter(({ pid }) => !apart.has(pid))
  const groups = { detached, connected, client }
  const before = Object.values(groups).map(count)
  pause(sizes.idle * 1000)
  const values: Values = {}
  Object.entries(groups).forEach(([group, processes], i) => {
    if (processes.length === 0) return
    const [was, is] = [before[i], count(processes)]
    values[`${group}-cpu`] = (is.cpu - (was?.cpu ?? 0)) * 1000
    values[`${group}-wakes`] = is.wakes - (was?.wakes ?? 0)
  })
  leave(terminal, doors)
  return { side: name, values }
}

function count(processes: readonly Process[]): { cpu: number; wakes: number } {
  const sum = (of: (pid: number) => number): number =>
    processes.reduce((all, { pid }) => all + of(pid), 0)
  return { cpu: sum(worked), wakes: sum(sleeps) }
}
