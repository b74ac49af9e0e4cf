// Those who are compared: how each runs a program, makes a session, connects to one and lists them. All with
// their own defaults, but for what would write something of its own on the screen.

import { execFileSync } from 'node:child_process'
import { accessSync, constants, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { attempt } from '../real/leftovers.js'
import type { World } from './world.js'

type Argv = string[]

export interface Side {
  /** Runs a program in a session of its own, connected to the caller's terminal. `id` is new each time. */
  run(program: readonly string[], id: number): Argv
  /** Makes a session that nobody is connected to. */
  make?(program: readonly string[], id: number): Argv
  /** Connects to it; `said` is what was printed when it was made. */
  attach?(id: number, said: string): Argv
  /** Lists all that were made. */
  list?: Argv
}

/** Every side's name, in the order of the tables: ours, what there is without any, and the others. */
export const SIDES = ['sess', 'bare pty', 'dtach', 'tmux', 'screen', 'script', 'node'] as const
export type Name = (typeof SIDES)[number]

/** How each says which version it is. */
const VERSIONS: Record<Name, Argv | undefined> = {
  sess: ['sess', '--version'],
  'bare pty': undefined,
  dtach: ['dtach', '--version'],
  tmux: ['tmux', '-V'],
  screen: ['screen', '--version'],
  script: ['script', '--version'],
  node: [process.execPath, '--version'],
}

/** The versions of those that are installed. */
export function installed(world: World): Map<Name, string> {
  return new Map(
    SIDES.flatMap(name => {
      const argv = VERSIONS[name]
      if (!argv) return [[name, '']]
      return found(world, argv[0]) ? [[name, version(world, argv)]] : []
    }),
  )
}

function found(world: World, program = ''): boolean {
  const path = program.startsWith('/') ? [''] : (world.env['PATH'] ?? '').split(delimiter)
  const reach = (at: string): true => {
    accessSync(join(at, program), constants.X_OK)
    return true
  }
  return path.some(at => attempt(() => reach(at)))
}

function version({ env }: World, [file = '', ...args]: Argv): string {
  const stdio = ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore']
  const said = attempt(() => execFileSync(file, args, { env, stdio, encoding: 'utf8' })) ?? ''
  return /\d[\w.]*/.exec(said)?.[0] ?? ''
}

export function side(name: Name, world: World): Side {
  switch (name) {
    case 'sess':
      return {
        run: program => ['sess', ...program],
        make: program => ['sess', '-n', ...program],
        attach: (_, said) => ['sess', 'reconnect', said],
        list: ['sesslist'],
      }
    case 'bare pty':
    case 'node':
      return { run: program => [...program] }
    case 'dtach':
      return dtach(world)
    case 'tmux':
      return tmux(world)
    case 'screen':
      return screen(world)
    case 'script':
      return { run: program => ['script', '-q', '-c', program.map(quote).join(' '), '/dev/null'] }
  }
}

/** For a shell. */
export const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

function dtach({ dir }: World): Side {
  const socket = (id: number): string => join(dir, `dtach${id}`)
  return {
    run: (program, id) => ['dtach', '-c', socket(id), '-E', '-z', '-r', 'none', ...program],
    make: (program, id) => ['dtach', '-n', socket(id), '-E', '-z', ...program],
    attach: id => ['dtach', '-a', socket(id), '-E', '-z', '-r', 'winch'],
  }
}

/** What it runs has a new server each time; what it makes has one for all, as tmux ls wants it. */
function tmux({ dir }: World): Side {
  const config = join(dir, 'tmux.conf')
  writeFileSync(config, 'set -g status off\n')
  const server = (name: string): Argv => ['tmux', '-S', join(dir, name), '-f', config]
  return {
    run: (program, id) => [...server(`tmux${id}`), 'new-session', ...program],
    make: (program, id) => [...server('tmux-all'), 'new-session', '-d', '-s', `b${id}`, ...program],
    attach: id => [...server('tmux-all'), 'attach-session', '-t', `=b${id}`],
    list: [...server('tmux-all'), 'ls'],
  }
}

function screen({ dir }: World): Side {
  const config = join(dir, 'screenrc')
  writeFileSync(config, 'msgminwait 0\nmsgwait 0\nstartup_message off\nvbell off\ndeflogin off\n')
  return {
    run: (program, id) => ['screen', '-c', config, '-S', `b${id}`, ...program],
    make: (program, id) => ['screen', '-c', config, '-S', `b${id}`, '-d', '-m', ...program],
    attach: id => ['screen', '-c', config, '-r', `b${id}`],
    list: ['screen', '-ls'],
  }
}
