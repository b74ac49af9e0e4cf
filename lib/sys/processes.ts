// The process table, as /proc has it. A process may be gone before the next line: absence is undefined,
// or an empty list, never an error.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { numberOf } from '../name.js'
import { parseTitle, type Titled } from '../title.js'

export interface Process {
  pid: number
  parent: number
  group: number
  session: number
  /** The controlling terminal's device number, 0 if there is none, and its foreground group. */
  tty: number
  foreground: number
  /** R, S, T and so on: proc(5). */
  state: string
  /** In clock ticks since the machine began. */
  started: number
  /** Who owns it; missing if it went meanwhile. */
  uid?: number
}

/** Clock ticks in a second: what Linux tells programs on every machine that Node runs on. */
const TICKS = 100

/** Made when it is needed: a snapshot is to be small. */
let room: Buffer | undefined

/**
 * A file of /proc, whose size nobody can tell: less work than readFileSync, for there are many. `once` is for
 * one that is made as a whole, and gives all at once.
 */
function read(path: string, once = false): string | undefined {
  try {
    const fd = fs.openSync(path, 'r')
    try {
      room ??= Buffer.alloc(65536)
      let text = ''
      let length: number
      do {
        length = fs.readSync(fd, room)
        text += room.toString('latin1', 0, length)
      } while (length > 0 && !once)
      return text
    } finally {
      fs.closeSync(fd)
    }
  } catch {
    return undefined
  }
}

/** The pid and the name, the state, parent, group, session, tty and foreground group, and when it began. */
const STAT = /^(\d+) \(.*\) ([A-Za-z]) (-?\d+) (-?\d+) (-?\d+) (-?\d+) (-?\d+)(?: -?\d+){13} (\d+)/s

/** Reads a /proc/PID/stat. The program's name, between the first parenthesis and the last, may hold anything. */
export function parseStat(text: string): Process | undefined {
  const found = STAT.exec(text)
  if (!found) return undefined
  return {
    pid: Number(found[1]),
    parent: Number(found[3]),
    group: Number(found[4]),
    session: Number(found[5]),
    tty: Number(found[6]),
    foreground: Number(found[7]),
    state: found[2] ?? '',
    started: Number(found[8]),
  }
}

/** What there is to read of the process called `pid`, but whose it is. */
export function statOf(pid: number): Process | undefined {
  return parseStat(read(`/proc/${pid}/stat`, true) ?? '')
}

/** The process called `pid`. */
export function processOf(pid: number): Process | undefined {
  const found = statOf(pid)
  const uid = ownerOf(pid)
  return found && (uid === undefined ? found : { ...found, uid })
}

function pids(): number[] {
  return fs.readdirSync('/proc').flatMap(entry => (/^[1-9]\d*$/.test(entry) ? [Number(entry)] : []))
}

/** Every process that the caller may see. */
export function processes(): Process[] {
  return pids().flatMap(pid => processOf(pid) ?? [])
}

/** Who lives on the terminal with this device number; the dead whom nobody has waited for are left out. */
export function onTerminal(tty: number): Process[] {
  return processes().filter(one => one.tty === tty && !/[ZXx]/.test(one.state))
}

/** The children of `pid`, dead ones that it has not waited for among them. */
export function children(pid: number): number[] {
  const listed = read(`/proc/${pid}/task/${pid}/children`)
  if (listed !== undefined) return listed.split(' ').filter(Boolean).map(Number)
  // Not every kernel has that file.
  return processes().flatMap(one => (one.parent === pid ? [one.pid] : []))
}

/** The command line of `pid`, a space between the words; '' if it has none. */
export function commandOf(pid: number): string {
  const words = Buffer.from(read(`/proc/${pid}/cmdline`) ?? '', 'latin1').toString()
  return words.replace(/\0+$/, '').replaceAll('\0', ' ')
}

/** The number of the user whose process `pid` is. */
export function ownerOf(pid: number): number | undefined {
  try {
    return fs.statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid
  } catch {
    return undefined
  }
}

/** A line of a /proc/PID/status, without its name. */
export function parseStatus(text: string, field: string): string | undefined {
  const line = text.split('\n').find(line => line.startsWith(`${field}:\t`))
  return line?.slice(field.length + 2).trim()
}

/** Is `pid` stopped, and what is its umask? */
export function stopSignal(pid: number): { stopped: boolean; umask: number } | undefined {
  const status = read(`/proc/${pid}/status`) ?? ''
  const state = parseStatus(status, 'State')
  const umask = parseInt(parseStatus(status, 'Umask') ?? '', 8)
  return state === undefined || Number.isNaN(umask)
    ? undefined
    : { stopped: state.startsWith('T'), umask }
}

/** The numbers of the signals in a set, as /proc/PID/status writes it. */
export function parseSignals(set: string): number[] {
  if (!/^[0-9a-f]{1,32}$/.test(set)) return []
  const bits = Array.from(BigInt(`0x${set}`).toString(2)).reverse()
  return bits.flatMap((bit, i) => (bit === '1' ? [i + 1] : []))
}

/** The numbers of the signals that `pid` ignores. */
export function ignored(pid: number): number[] {
  return parseSignals(parseStatus(read(`/proc/${pid}/status`) ?? '', 'SigIgn') ?? '')
}

/** When the machine began, in milliseconds since 1970. */
export function boot(): number {
  const seconds = /^btime (\d+)$/m.exec(read('/proc/stat') ?? '')?.[1]
  return Number(seconds ?? 0) * 1000
}

/** When the process began, in milliseconds since 1970. `since` is when the machine did. */
export function startedAt({ started }: Pick<Process, 'started'>, since = boot()): number {
  return since + (started * 1000) / TICKS
}

/** A process that says it is a session's master. `begun` is milliseconds since 1970. */
export interface Master extends Titled {
  pid: number
  uid: number
  begun: number
}

/** Everybody's masters, as their titles have it, in the order of their names' numbers. */
export function masters(): Master[] {
  const since = boot()
  const found = pids().flatMap(pid => {
    const titled = parseTitle(commandOf(pid))
    const process = titled && processOf(pid)
    return titled && process?.uid !== undefined ? [{ titled, process, uid: process.uid }] : []
  })
  const named = new Map(found.map(({ titled, process }) => [process.pid, titled.name]))
  // What a master forks has its title until it becomes something else.
  const own = found.filter(({ titled, process }) => named.get(process.parent) !== titled.name)
  const number = (master: Master): number => numberOf(master.name) ?? 0
  return own
    .map(({ titled, process, uid }) => ({
      ...titled,
      pid: process.pid,
      uid,
      begun: startedAt(process, since),
    }))
    .sort((one, other) => number(one) - number(other) || one.pid - other.pid)
}

/**
 * What ps(1) says of the processes on a terminal, like /dev/pts/3, but one, in lines of so many columns;
 * '' if there is no ps.
 */
export function ps(device: string, columns = 80, but?: number): string {
  const format = 'user,pid,%cpu,%mem,vsz,rss,tty,stat,bsdstart,bsdtime,args'
  const { status, stdout } = spawnSync('ps', ['-o', format, '-t', device.replace(/^\/dev\//, '')], {
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: String(columns) },
  })
  if (status !== 0) return ''
  const its = (line: string): string | undefined => line.split(/ +/)[1]
  return stdout.replace(/.*\n/g, line => (its(line) === String(but) ? '' : line))
}
