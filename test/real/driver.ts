// Real processes for tests: a scratch world for each test, which must be empty at its end, and in it
// commands without a terminal (run.ts), on one (terminal.ts), and shells on one.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { leftovers, sweep, type World } from './leftovers.js'
import { terminal, type Terminal, type TerminalOptions } from './terminal.js'

export { alive, leftovers, processes, stateOf, until, type World } from './leftovers.js'
export { run, type Outcome } from './run.js'
export { terminal, type Terminal } from './terminal.js'

/** The commands as `make` builds them. */
export const BIN = join(import.meta.dirname, '../../bin')

// All that is started from here has it.
process.umask(0o077)

/** A world for this test, which fails if anything is left once its terminals are closed at its end. */
export function place(t: { teardown(end: () => Promise<void>): void }): World {
  const dir = mkdtempSync(join(tmpdir(), 's'))
  const home = join(dir, 'h')
  const sessions = join(dir, 's')
  mkdirSync(home)
  const system = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter(at => !at.includes('node_modules'))
  const env = {
    PATH: [BIN, ...system].join(delimiter),
    HOME: home,
    SHELL: '/bin/sh',
    TERM: 'xterm',
    PS1: '$ ',
    LANG: 'C.UTF-8',
    SESS_DIR: sessions,
    ...(process.env['SESS_DIRECT'] ? { SESS_DIRECT: process.env['SESS_DIRECT'] } : {}),
  }
  const world: World = { dir, home, sessions, env, children: new Set(), terminals: new Set() }
  t.teardown(async () => {
    for (const hangup of world.terminals) hangup()
    const left = await leftovers(world)
    await sweep(world)
    rmSync(dir, { recursive: true })
    if (left.length > 0) throw new Error(`left behind:\n${left.join('\n')}`)
  })
  return world
}

/** A terminal with a shell on it. A line editor's echo is only known while the line fits in the columns. */
export interface Shell extends Terminal {
  /** Types the line and return, and moves past their echo. */
  command(line: string): Promise<void>
  /** Waits for the next prompt. */
  prompt(): Promise<void>
  /** The command's output up to the next prompt, with plain newlines; for a shell without a line editor. */
  answer(line: string): Promise<string>
}

export const DASH = ['/bin/sh', '-i']
export const BASH = ['/bin/bash', '--norc', '--noprofile', '-i']

/** An interactive shell, dash unless said, ready at its prompt. */
export async function shell(
  world: World,
  { argv = DASH, ...options }: TerminalOptions & { argv?: readonly string[] } = {},
): Promise<Shell> {
  const its = terminal(world, argv, options)
  const command = async (line: string): Promise<void> => {
    await its.type(`${line}\r`)
    await its.see(`${line}\r\n`)
  }
  const prompt = async (): Promise<void> => {
    await its.see('$ ')
  }
  const answer = async (line: string): Promise<string> => {
    await command(line)
    const said = await its.see(/^([^]*)\$ $/)
    return said.replaceAll('\r\n', '\n').trimEnd()
  }
  await prompt()
  return Object.assign(its, { command, prompt, answer })
}
