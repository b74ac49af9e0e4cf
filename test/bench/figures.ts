// What is measured: the figures, their columns, who takes part, how large and how often.

import type { Name } from './sides.js'
import type { Kind, Sizes } from './spec.js'

export interface Measure {
  key: string
  label: string
  unit: string
  better: 'less' | 'more'
  /** Is it in the drawing? Then this is its title there. */
  drawn?: string
}

export interface Figure {
  name: Kind
  title: string
  /** A probe for each run, sides in turn; one in which they take turns; or one for each, all at once. */
  how: 'each' | 'turns' | 'beside'
  /** How many undisturbed runs are wanted of each side. */
  runs: number
  sides: readonly Name[]
  /** Who cannot take part, and why not. */
  without: string
  measures: Measure[]
}

export const sizes = (quick: boolean): Sizes =>
  quick
    ? {
        flood: 26,
        traffic: 102,
        trips: 2000,
        starts: 2,
        turns: 3,
        lists: [1, 10],
        sessions: 5,
        settle: 10,
        idle: 6,
      }
    : {
        flood: 256,
        traffic: 1024,
        trips: 20000,
        starts: 4,
        turns: 15,
        lists: [1, 10, 100],
        sessions: 50,
        settle: 20,
        idle: 60,
      }

const ALL: readonly Name[] = ['sess', 'bare pty', 'dtach', 'tmux', 'screen', 'script']
const LASTING: readonly Name[] = ['sess', 'dtach', 'tmux', 'screen']

export function figures(quick: boolean): Figure[] {
  const { flood, traffic, lists, sessions, idle, trips, turns } = sizes(quick)
  return [
    {
      name: 'echo',
      title: `echo: round trip of one byte, ${trips} a run, processors kept awake (asleep: left to sleep)`,
      how: 'each',
      runs: quick ? 3 : 7,
      sides: ALL,
      without: '',
      measures: [
        less('p50', 'p50', 'us', 'echo of one byte, median'),
        less('p99', 'p99', 'us', 'echo of one byte, 99 of 100'),
        less('p999', 'p99.9', 'us', 'echo of one byte, 999 of 1000'),
        less('asleep', 'p50 asleep', 'us'),
      ],
    },
    {
      name: 'terminal',
      title: `terminal: ${flood} MiB to a terminal that takes all; cpu for 256 MiB, program included`,
      how: 'each',
      runs: quick ? 2 : 5,
      sides: ALL,
      without: 'screen is given a sixteenth of the raw bytes, for its slowness',
      measures: [
        more('text', 'text', 'MiB/s', 'text to a terminal'),
        less('text-cpu', 'cpu', 's', 'processor time for 256 MiB of it'),
        more('text-shown', 'shown', '%'),
        more('raw', 'raw', 'MiB/s', 'raw bytes to a terminal'),
        less('raw-cpu', 'cpu', 's'),
        more('raw-shown', 'shown', '%'),
      ],
    },
    {
      name: 'pipe',
      title: `pipe: ${flood} MiB into a pipe (bare pty: to a terminal)`,
      how: 'each',
      runs: quick ? 2 : 5,
      sides: ['sess', 'bare pty', 'script'],
      without: 'tmux and screen refuse a pipe; dtach writes escapes of its own',
      measures: [
        more('text', 'text', 'MiB/s', 'text into a pipe'),
        less('text-cpu', 'cpu', 's'),
        more('raw', 'raw', 'MiB/s', 'raw bytes into a pipe'),
        less('raw-cpu', 'cpu', 's'),
      ],
    },
    {
      name: 'start',
      title: 'start: to the first output of a program, and to the end of true (node: of node -e 0)',
      how: 'turns',
      runs: turns,
      sides: [...ALL, 'node'],
      without: '',
      measures: [
        less('output', 'output', 'ms', 'start to first output'),
        less('exit', 'exit', 'ms', 'start to end, of true'),
      ],
    },
    {
      name: 'query',
      title: 'query: sessname, and lists of sessions (node: node -e 0)',
      how: 'turns',
      runs: turns,
      sides: ['sess', 'tmux', 'screen', 'node'],
      without: 'dtach and script know of no list',
      measures: [
        less('name', 'name', 'ms', 'sessname'),
        ...lists.map(count => less(`list${count}`, `list ${count}`, 'ms', `list of ${count}`)),
        less('woken', 'masters woken', ''),
      ],
    },
    {
      name: 'reconnect',
      title: 'reconnect: to the first byte',
      how: 'turns',
      runs: turns,
      sides: LASTING,
      without: 'script cannot',
      measures: [less('first', 'first byte', 'ms', 'reconnect to first byte')],
    },
    {
      name: 'memory',
      title: `memory: private, and proportional (pss); after ${traffic} MiB; each of ${sessions}`,
      how: 'beside',
      runs: 1,
      sides: [...LASTING, 'script'],
      without: '',
      measures: [
        less('idle-master', 'master', 'MiB', 'private memory, master'),
        less('idle-client', 'client', 'MiB'),
        less('idle-all', 'both', 'MiB', 'private memory, master and client'),
        less('after-master', 'master after', 'MiB', 'private memory, master after traffic'),
        less('idle-master-pss', 'master pss', 'MiB'),
        less('idle-client-pss', 'client pss', 'MiB'),
        less('idle-all-pss', 'both pss', 'MiB'),
        less('after-master-pss', 'after pss', 'MiB'),
        less('each', 'each of many', 'MiB', `private memory, each of ${sessions} sessions`),
        less('each-pss', 'each, pss', 'MiB'),
      ],
    },
    {
      name: 'idle',
      title: `idle: ${idle} s of nothing; disconnected, and connected`,
      how: 'beside',
      runs: 1,
      sides: [...LASTING, 'script'],
      without: '',
      measures: [
        less('detached-wakes', 'wakes, alone', ''),
        less('connected-wakes', 'wakes, master', ''),
        less('client-wakes', 'wakes, client', ''),
        less('detached-cpu', 'cpu, alone', 'ms'),
        less('connected-cpu', 'cpu, master', 'ms'),
        less('client-cpu', 'cpu, client', 'ms'),
      ],
    },
  ]
}

const less = (key: string, label: string, unit: string, drawn?: string): Measure => ({
  key,
  label,
  unit,
  better: 'less',
  ...(drawn === undefined ? {} : { drawn }),
})
const more = (key: string, label: string, unit: string, drawn?: string): Measure => ({
  ...less(key, label, unit, drawn),
  better: 'more',
})
