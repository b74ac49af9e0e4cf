// A place for one measurement: a scratch directory, an environment in which nothing changes how Node or a
// peer starts, and the processes that live there, all of which end with it.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { attempt } from '../real/leftovers.js'
import { environ, everything, words, type Process } from './proc.js'

export interface World {
  dir: string
  /** The commands to measure. */
  bin: string
  env: Record<string, string>
}

export function create(bin: string): World {
  const dir = mkdtempSync(join(tmpdir(), 'bench-'))
  const made = (name: string): string => {
    mkdirSync(join(dir, name), 0o700)
    return join(dir, name)
  }
  const path = (process.env['PATH'] ?? '').split(delimiter).filter(at => !/node_modules/.test(at))
  const env = {
    PATH: [bin, ...path].join(delimiter),
    HOME: made('home'),
    SHELL: '/bin/sh',
    TERM: 'xterm',
    LANG: 'C.UTF-8',
    SESS_DIR: made('sess'),
    SCREENDIR: made('screen'),
    TMUX_TMPDIR: made('tmux'),
  }
  return { dir, bin, env }
}

/** A shell script there. */
export function script(world: World, name: string, lines: readonly string[]): string[] {
  writeFileSync(join(world.dir, name), lines.map(line => `${line}\n`).join(''))
  return ['/bin/sh', join(world.dir, name)]
}

export function fifo(world: World, name: string): string {
  const path = join(world.dir, name)
  execFileSync('mkfifo', [path])
  return path
}

/** Who lives there, apart from the caller. Nobody can look into the environment of a set-group-id screen. */
export function inhabitants(world: World): Process[] {
  const mark = `${world.dir}/`
  const here = ({ pid }: Process): boolean =>
    environ(pid)?.includes(`=${mark}`) ?? words(pid).some(word => word.includes(mark))
  return everything().filter(
    one => one.pid !== process.pid && !one.kernel && one.state !== 'Z' && here(one),
  )
}

/** Ends all that lives there, and removes it. Nothing is waited for but that, so that it serves a ^C as well. */
export function end(world: World): void {
  // A process has no environment for the moment of an exec: nobody is gone before a second look.
  for (let quiet = 0, looks = 0; quiet < 2 && looks < 300; looks++) {
    const left = inhabitants(world)
    quiet = left.length === 0 ? quiet + 1 : 0
    for (const { pid } of left) attempt(() => process.kill(pid, 'SIGKILL'))
    pause(10)
  }
  rmSync(world.dir, { recursive: true, force: true, maxRetries: 3 })
}

/** Waits so many milliseconds, with the event loop. */
export function pause(milliseconds: number): void {
  Atomics.wait(NEVER, 0, 0, milliseconds)
}

const NEVER = new Int32Array(new SharedArrayBuffer(4))
