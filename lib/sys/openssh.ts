// What OpenSSH says of itself. Nothing here waits longer than it was given, whatever ssh runs or is.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { Server } from '../alive/link.js'
import { UNKNOWN, dumped, version, type Settings } from '../alive/ssh.js'
import { configured } from '../alive/sshd-config.js'
import { code } from '../die.js'
import { find } from './find.js'
import { plain } from './plain.js'

/** Where servers are that a user's PATH does not lead to. */
const SYSTEM = ['/usr/local/sbin', '/usr/sbin', '/sbin']
const ETC = '/etc/ssh'

/** More than its settings ever are, in bytes. */
const LONGEST = 1 << 20

interface Said {
  status: number | null
  stdout: string
  stderr: string
}

/** Asks a program of OpenSSH; undefined if there is none, it takes too long, or says too much. */
export type Ask = (program: 'ssh' | 'sshd', ...argv: string[]) => Said | undefined

/** One that takes `ms` for all questions together. */
export function asking(ms: number): Ask {
  const end = performance.now() + ms
  return (program, ...argv) => {
    const timeout = Math.floor(end - performance.now())
    const file = where(program)
    if (timeout <= 0 || file === undefined) return undefined
    const { status, stdout, stderr, error } = spawnSync(file, argv, {
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'latin1',
      maxBuffer: LONGEST,
      killSignal: 'SIGKILL',
      timeout,
    })
    return error === undefined ? { status, stdout, stderr } : undefined
  }
}

/** sshd wants to be called by its whole path. */
function where(program: string): string | undefined {
  const search = [process.env['PATH'], ...SYSTEM].filter(Boolean).join(':')
  try {
    return find(program, search)
  } catch {
    return undefined
  }
}

/** The settings of ssh for a host, whose name must not look like an option. */
export function clientOf(ask: Ask, host: string): Settings {
  const said = ask('ssh', '-G', '--', host)
  return said?.status === 0 ? dumped(said.stdout, 'client') : UNKNOWN
}

/** The settings of this machine's sshd: as it says itself, which only root may ask it, or else by its files. */
export function ownServer(ask: Ask): Server {
  const files = configured(plain(path.join(ETC, 'sshd_config')), included)
  const said = ask('sshd', '-T')
  const settings = said?.status === 0 ? dumped(said.stdout, 'server') : files.settings
  // Old ones do not know the option, and say their version nevertheless.
  const words = ask('sshd', '-V')
  return { ...settings, version: version(words?.stderr ?? ''), match: files.match }
}

/** The texts of the files that an Include in it means; undefined if one cannot be read. */
function included(pattern: string): string[] | undefined {
  const whole = path.resolve(ETC, pattern)
  const names = matching(path.dirname(whole), path.basename(whole))
  const texts = names?.map(name => plain(path.join(path.dirname(whole), name)))
  return texts?.every(text => text !== undefined) ? texts : undefined
}

/** The names in a directory that a pattern of * and ? matches; undefined for other patterns. */
function matching(directory: string, pattern: string): string[] | undefined {
  if (/[*?[{]/.test(directory) || /[[{\\]/.test(pattern)) return undefined
  try {
    const like = new RegExp(`^${pattern.replace(/[*?]+|[^*?]+/g, piece)}$`, 's')
    const shown = fs.readdirSync(directory).filter(name => !name.startsWith('.'))
    return shown.filter(name => like.test(name)).sort()
  } catch (error) {
    return code(error) === 'ENOENT' ? [] : undefined
  }
}

function piece(text: string): string {
  if (/[*?]/.test(text)) return text.replaceAll('?', '.').replace(/\*+/g, '.*')
  return text.replace(/[^\w]/g, '\\$&')
}
