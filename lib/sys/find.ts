// Programs, found as execvp(3) finds them.
import fs from 'node:fs'
import path from 'node:path'
import { Fatal, code, reason } from '../die.js'
import { printable, short } from '../printable.js'

/** The file that `name` stands for. Throws Fatal: 127 if there is none, 126 if it cannot be executed. */
export function find(name: string, search = '/usr/local/bin:/usr/bin:/bin'): string {
  const shown = short(printable(name), 200)
  const candidates = name.includes('/')
    ? [path.resolve(name)]
    : search.split(':').map(directory => path.resolve(directory, name))
  const reasons = name === '' ? [] : candidates.map(obstacle)
  const found = candidates.find((_, n) => reasons[n] === undefined)
  if (found !== undefined && name !== '') return found
  const unable = reasons.find(why => why !== undefined && why !== MISSING)
  if (unable !== undefined) throw new Fatal(`cannot execute ${shown}: ${unable}`, 126)
  throw new Fatal(`cannot find ${shown === '' ? "''" : shown}: ${MISSING}`, 127)
}

const MISSING = 'no such file or directory'

/** Why a file cannot be executed; undefined if it can. */
function obstacle(file: string): string | undefined {
  try {
    fs.accessSync(file, fs.constants.X_OK)
    return fs.statSync(file).isFile() ? undefined : 'not a regular file'
  } catch (error) {
    return code(error) === 'ENOENT' || code(error) === 'ENOTDIR' ? MISSING : reason(error)
  }
}

/** Is `file` this toolkit's command called `name`? */
export function isOurs(file: string, name: string, bin: string | undefined): boolean {
  return bin !== undefined && same(file, path.join(bin, name))
}

function same(one: string, other: string): boolean {
  try {
    return fs.realpathSync(one) === fs.realpathSync(other)
  } catch {
    return false
  }
}

/** Where a program may start, given by the user. Throws Fatal 100 if it is no directory or cannot be entered. */
export function enter(directory: string): string {
  const where = path.resolve(directory)
  const shown = short(printable(directory), 200) || "''"
  try {
    fs.accessSync(directory && `${where}/.`, fs.constants.X_OK)
    return where
  } catch (error) {
    throw new Fatal(`cannot start in ${shown}: ${reason(error)}`, 100)
  }
}
