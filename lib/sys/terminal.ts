// The user's terminal: its modes by stty(1), its size, and descriptors of our own for it.
// stty is a child in the signaller's process group, so in the background the kernel stops the whole
// group, as it should (FACTS 2).
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { code } from '../die.js'
import { deviceOf, nameOfDevice } from '../name.js'

const { O_RDONLY, O_WRONLY, O_RDWR, O_NOCTTY, O_NONBLOCK } = fs.constants

/** What a descriptor leads to. */
export type Kind = 'terminal' | 'pipe' | 'socket' | 'file'

/** What descriptor `fd` of this process leads to. /dev/null and the like count as files. */
export function kindOf(fd: number): Kind {
  const stat = fs.fstatSync(fd)
  if (stat.isFIFO()) return 'pipe'
  if (stat.isSocket()) return 'socket'
  return terminalOf(fd) === undefined ? 'file' : 'terminal'
}

/** The device of the terminal that `fd` leads to, like /dev/pts/3; undefined if it is none. */
export function terminalOf(fd: number): string | undefined {
  if (!fs.fstatSync(fd).isCharacterDevice()) return undefined
  const device = fs.readlinkSync(`/proc/self/fd/${fd}`)
  return /^\/dev\/(pts\/|tty|hvc|console)/.test(device) ? device : undefined
}

/** The device of this process's controlling terminal, if that is a pty; or ''. */
export function controllingTerminal(): string {
  const name = nameOfDevice(self()[4] ?? 0)
  return name === undefined ? '' : deviceOf(name)
}

/** The fields of /proc/self/stat from the third on, as numbers: proc(5). */
function self(): number[] {
  const text = fs.readFileSync('/proc/self/stat', 'latin1')
  return text
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number)
}

/** This process's controlling terminal, opened anew; undefined if there is none. */
export const openControlling = (): number | undefined =>
  unlessGone(() => fs.openSync('/dev/tty', O_RDWR | O_NOCTTY | O_NONBLOCK))

/** What `open` opens; undefined if there is no terminal, or none any more. */
function unlessGone(open: () => number): number | undefined {
  try {
    return open()
  } catch {
    return undefined
  }
}

/**
 * The user's terminal: the controlling one or, without one as after setsid(1) or su -c, what a standard
 * descriptor leads to; undefined if there is none, or it has hung up.
 */
export function openTerminal(): number | undefined {
  const controlling = openControlling()
  const fd = [0, 1, 2].find(fd => terminalOf(fd) !== undefined)
  if (controlling !== undefined || fd === undefined) return controlling
  return unlessGone(() => reopen(fd, 'read'))
}

/**
 * A descriptor of our own for what `fd` leads to, non-blocking, so that the user's own never becomes so.
 * Files and sockets are used as they are: a file's position is shared with whoever writes next.
 */
export function reopen(fd: number, how: 'read' | 'write'): number {
  const kind = kindOf(fd)
  if (kind !== 'terminal' && kind !== 'pipe') return fd
  const flags = (how === 'read' ? O_RDONLY : O_WRONLY) | O_NOCTTY | O_NONBLOCK
  try {
    return fs.openSync(`/proc/self/fd/${fd}`, flags)
  } catch (error) {
    // A FIFO that nobody reads any more: writing will tell.
    if (kind === 'pipe' && code(error) === 'ENXIO') return fd
    if (code(error) !== 'EACCES') throw error
    // After su(1) the terminal is somebody else's, but /dev/tty is everybody's.
    return (kind === 'terminal' ? openControlling() : undefined) ?? fd
  }
}

/** How long a terminal may take no more before it is left as it is, in milliseconds. */
const STUCK = 500

/** Writes an escape sequence to the terminal that `fd` leads to, before anything else happens. */
export function put(fd: number, sequence: string): void {
  const end = performance.now() + STUCK
  let rest = Buffer.from(sequence, 'latin1')
  try {
    const own = reopen(fd, 'write')
    while (rest.length > 0 && performance.now() < end) rest = rest.subarray(take(own, rest))
  } catch {
    // a terminal that is gone
  }
}

/** How much of it is taken; when there is no room, nothing after a while. */
function take(fd: number, bytes: Buffer): number {
  try {
    return fs.writeSync(fd, bytes)
  } catch (error) {
    if (code(error) !== 'EAGAIN') throw error
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    return 0
  }
}

function stty(fd: number, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync('stty', args, {
    stdio: [fd, 'pipe', 'ignore'],
    encoding: 'latin1',
  })
  return status === 0 ? stdout.trim() : undefined
}

/** The terminal's modes in stty's own form; undefined if it has none to tell. */
export const save = (fd: number): string | undefined => stty(fd, '-g')

/** Sets modes as `save` gave them. */
export const restore = (fd: number, saved: string): void => void stty(fd, saved)

/** Every byte typed comes in, every byte written goes out, as it is. */
export const raw = (fd: number): void => void stty(fd, 'raw', '-echo')

/** Modes as `saved`, but what is written goes out as it is: keys still make signals. */
export const rawOutput = (fd: number, saved: string): void => void stty(fd, saved, '-opost')

/** Modes as `saved`, but keys come one by one and unseen; what is written goes out as it is. Keys still make signals. */
export const keys = (fd: number, saved: string): void => {
  stty(fd, saved, '-icanon', '-echo', '-opost', 'min', '1', 'time', '0')
}

/** Does what is typed at the terminal appear on it? False if it cannot be told. */
export const echoes = (fd: number): boolean => {
  const [, , , local] = (save(fd) ?? '').split(':').map(field => parseInt(field, 16))
  return local !== undefined && (local & ECHO) !== 0
}

/** Does `saved` describe modes as `raw` leaves them, with nobody having put them right since? */
export function isRaw(saved: string): boolean {
  const [input, output, , local] = saved.split(':').map(field => parseInt(field, 16))
  if (input === undefined || output === undefined || local === undefined) return false
  return !(output & OPOST) && !(local & ICANON) && !(local & ECHO)
}

/** The bits of modes that we look at. */
const [OPOST, ICANON, ECHO] = [1, 2, 8]

interface Tty {
  getWindowSize(size: [number, number]): number
  close(): void
}

/** The size of the user's terminal; undefined if there is none or it has none. */
export function size(): { rows: number; columns: number } | undefined {
  const fd = openTerminal()
  if (fd === undefined) return undefined
  const { TTY } = (
    process as unknown as {
      binding(name: string): { TTY: new (fd: number, context: object) => Tty }
    }
  ).binding('tty_wrap')
  const tty = new TTY(fd, {})
  const found: [number, number] = [0, 0]
  const error = tty.getWindowSize(found)
  tty.close()
  const [columns, rows] = found
  return error || rows < 1 || columns < 1 ? undefined : { rows, columns }
}

/**
 * Waits for the foreground: in the background the terminal has somebody else's modes. Stops as the kernel
 * would stop whoever sets modes there. Did it have to wait?
 */
export function awaitForeground(): boolean {
  let waited = false
  while (inBackground() && stoppable()) {
    process.kill(0, 'SIGTTOU')
    waited = true
  }
  return waited
}

/** The modes of the controlling terminal as the launcher has noted them, which is quicker than `save`. */
export function noted(): string | undefined {
  const modes = process.env['SESS_MODES'] ?? ''
  return /^[0-9a-f]+(:[0-9a-f]+){20,}$/.test(modes) ? modes : undefined
}

function inBackground(): boolean {
  const [, , group, , , foreground = 0] = self()
  return foreground > 0 && foreground !== group
}

/** Is the terminal of a standard descriptor gone? Then Node, which sets terminals' modes as it exits, aborts. */
export function hungUp(): boolean {
  return [0, 1, 2].some(fd => {
    if (terminalOf(fd) === undefined) return false
    try {
      fs.closeSync(fs.openSync(`/proc/self/fd/${fd}`, O_RDONLY | O_NOCTTY | O_NONBLOCK))
      return false
    } catch (error) {
      return code(error) === 'EIO' || code(error) === 'ENXIO'
    }
  })
}

/** May this process's group be stopped, or would nobody be there to continue it? (An orphaned process group.) */
export function stoppable(): boolean {
  const stat = (pid: number | string): number[] => {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text
      .replace(/^.*\) /s, '')
      .split(' ')
      .slice(1, 4)
      .map(Number)
  }
  try {
    const [first = 1, group, session] = stat('self')
    for (let pid = first; pid > 1;) {
      const [parent = 1, its, where] = stat(pid)
      if (where !== session) return false
      if (its !== group) return true
      pid = parent
    }
  } catch {
    // a parent that is gone
  }
  return false
}

/**
 * Lets go of the standard terminals as this process ends, also by these signals. Node would set their modes
 * as they were when it began, whatever others have made of them since, and abort where one is gone.
 */
export function leaveAlone(ending: NodeJS.Signals[] = ['SIGINT', 'SIGTERM']): void {
  const letGo = (): void => {
    for (const fd of [0, 1, 2].filter(leadsToTerminal)) fs.closeSync(fd)
  }
  process.once('exit', letGo)
  for (const signal of ending) {
    process.once(signal, () => {
      letGo()
      process.kill(process.pid, signal)
    })
  }
}

/** Also where the terminal is gone. */
function leadsToTerminal(fd: number): boolean {
  try {
    return terminalOf(fd) !== undefined
  } catch {
    return false
  }
}
