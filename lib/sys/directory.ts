// The directory where a user's sessions have their sockets (DESIGN 3). Opened once and used through its
// descriptor: no path is too long for a socket, and nobody swaps it between the check and the use.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { Trouble, code, reason } from '../die.js'
import { numberOf } from '../name.js'
import { printable, short } from '../printable.js'

export interface Directory {
  path: string
  /** A path for the file `name` in it, short enough for any socket. */
  at: (name: string) => string
  /** What lies there now. */
  list: () => Contents
}

export interface Contents {
  /** The names of the sessions that have a socket there, in their numbers' order. */
  names: string[]
  /** What is nothing of ours. */
  strays: string[]
}

/** Where sessions of `uid` live. Throws Trouble if $SESS_DIR cannot say. */
export function directoryPath(uid: number, env: NodeJS.ProcessEnv): string {
  const chosen = env['SESS_DIR']
  if (chosen?.startsWith('/')) return path.resolve(chosen)
  if (chosen) throw new Trouble(`SESS_DIR is no absolute path: ${short(printable(chosen), 200)}`)
  const runtime = env['XDG_RUNTIME_DIR']
  return runtime && outlivesLogin(uid) ? path.resolve(runtime, 'sess') : `/tmp/sess-${uid}`
}

/** logind removes the runtime directory at the last logout, unless linger is on (FACTS 4). */
function outlivesLogin(uid: number): boolean {
  if (!fs.existsSync('/run/systemd/seats')) return true
  return fs.existsSync(`/var/lib/systemd/linger/${userName(uid)}`)
}

function lines(file: string): string[] {
  try {
    return fs.readFileSync(file, 'latin1').split('\n')
  } catch {
    return []
  }
}

/** The login name of `uid`, or its number. */
export function userName(uid: number): string {
  const entry = lines('/etc/passwd').find(line => line.split(':')[2] === String(uid))
  return entry?.split(':')[0] ?? asked(String(uid))?.split(':')[0] ?? String(uid)
}

/** Users that no file lists, as in LDAP. */
function asked(user: string): string | undefined {
  const { status, stdout } = spawnSync('getent', ['passwd', user], { encoding: 'utf8' })
  return status === 0 ? stdout : undefined
}

/** The number of the user called `name`, or undefined. */
export function userNumber(name: string): number | undefined {
  const entry = lines('/etc/passwd').find(line => line.split(':')[0] === name)
  const found = (entry ?? asked(name))?.split(':')[2]
  if (found !== undefined) return Number(found)
  return /^\d{1,9}$/.test(name) ? Number(name) : undefined
}

/**
 * Opens the directory of `uid`'s sessions; made if `create`. Undefined if there is none.
 * Throws Trouble if it is not safe: a symbolic link, somebody else's, or open to others.
 */
export function openDirectory(
  uid: number,
  env: NodeJS.ProcessEnv,
  create: boolean,
): Directory | undefined {
  const where = directoryPath(uid, env)
  if (create) make(where)
  let fd: number
  try {
    fd = fs.openSync(where, fs.constants.O_DIRECTORY | fs.constants.O_NOFOLLOW)
  } catch (error) {
    if (code(error) === 'ENOENT') return undefined
    throw new Trouble(
      `cannot use ${where}: ${link(where) ? 'it is a symbolic link' : reason(error)}`,
    )
  }
  const stat = fs.fstatSync(fd)
  if (stat.uid !== uid)
    throw new Trouble(`cannot use ${where}: it belongs to ${userName(stat.uid)}`)
  if (stat.mode & 0o077) throw new Trouble(`cannot use ${where}: it is open to others`)
  const at = (name: string): string => `/proc/self/fd/${fd}/${name}`
  return { path: where, at, list: () => list(at('.')) }
}

function make(where: string): void {
  try {
    fs.mkdirSync(where, 0o700)
    fs.chmodSync(where, 0o700)
  } catch (error) {
    if (code(error) !== 'EEXIST') throw new Trouble(`unable to create ${where}: ${reason(error)}`)
  }
}

function link(where: string): boolean {
  return fs.lstatSync(where, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}

function list(where: string): Contents {
  const entries = fs.readdirSync(where, { withFileTypes: true })
  const sessions = entries.flatMap(entry => {
    const n = entry.isSocket() ? numberOf(entry.name) : undefined
    return n === undefined ? [] : [{ name: entry.name, n }]
  })
  return {
    names: sessions.sort((one, other) => one.n - other.n).map(({ name }) => name),
    strays: entries
      .filter(entry => !isOurs(entry))
      .map(({ name }) => name)
      .sort(),
  }
}

/** A session's socket, or one that is about to come or go (socket.ts); its status, or one to be (status.ts). */
function isOurs(entry: fs.Dirent): boolean {
  const { name } = entry
  const hidden = name.startsWith('.')
  if (entry.isSocket()) return hidden || numberOf(name.replace(/\.\d+$/, '')) !== undefined
  return hidden && entry.isFile() && numberOf(name.slice(1).replace(/\.new$/, '')) !== undefined
}
