// The sockets through which masters are asked.
import fs from 'node:fs'
import net from 'node:net'
import { Trouble, code, reason } from '../die.js'
import { besides } from '../status.js'

/** A socket that a session will have, under a name of its own meanwhile. */
export interface Draft {
  /**
   * Puts it under the session's name, which is taken from nobody who is alive. Throws Trouble if the name is
   * taken.
   */
  claim(name: string): Promise<Door>
  /** Takes it away. */
  drop(): void
}

/** A master's door: the socket called `name` in a directory. */
export interface Door {
  /** The listening socket's inode, as the kernel numbers sockets, and its file's. */
  socket: number
  file: number
  /** Is it still there under its name? */
  there(): boolean
  /** Takes it away: nobody new comes in. */
  close(): void
}

/** Listens as `at(name)`, open to the caller's user only. Throws Trouble. */
export async function open(
  at: (name: string) => string,
  name: string,
  welcome: (client: net.Socket) => void,
): Promise<Door> {
  return (await listen(at, `.${process.pid}`, welcome)).claim(name)
}

/** Listens as `at(name)`: who finds it can connect. Throws Trouble if the socket cannot be made. */
export async function listen(
  at: (name: string) => string,
  name: string,
  welcome: (client: net.Socket) => void,
): Promise<Draft> {
  const server = net.createServer(welcome)
  const [bound, draft] = [at(`.${process.pid}`), at(name)]
  sweepDrafts(at)
  const umask = process.umask(0o177)
  try {
    fs.rmSync(bound, { force: true })
    server.listen(bound)
  } finally {
    process.umask(umask)
  }
  await new Promise<void>((done, fail) => {
    server.once('listening', done)
    server.once('error', error => fail(new Trouble(`cannot make a socket: ${reason(error)}`)))
  })
  fs.renameSync(bound, draft)
  const { ino } = fs.statSync(draft)
  const { fd } = (server as unknown as { _handle: { fd: number } })._handle
  const socket = fs.fstatSync(fd).ino
  const door = (place: string): Door => {
    const there = (): boolean => fs.statSync(place, { throwIfNoEntry: false })?.ino === ino
    const close = (): void => {
      if (there()) fs.rmSync(place)
      server.close()
    }
    return { socket, file: ino, there, close }
  }
  return {
    claim: async session => {
      await claim(draft, at(session), session)
      return door(at(session))
    },
    drop: () => door(draft).close(),
  }
}

/** How old a draft is that nobody will use any more, in milliseconds. */
const OLD = 60000

/** Takes away what masters have left that were killed before they had a session. */
function sweepDrafts(at: (name: string) => string): void {
  for (const name of fs.readdirSync(at('.')).filter(name => name.startsWith('.'))) {
    const found = fs.lstatSync(at(name), { throwIfNoEntry: false })
    if (found?.isSocket() && found.mtimeMs < Date.now() - OLD) fs.rmSync(at(name), { force: true })
  }
}

/** There under a draft name, linked into place: link(2) is the atomic claim (FACTS 4). */
async function claim(draft: string, place: string, name: string): Promise<void> {
  for (;;) {
    try {
      fs.linkSync(draft, place)
      return fs.rmSync(draft)
    } catch (error) {
      if (code(error) !== 'EEXIST') throw new Trouble(`cannot make a socket: ${reason(error)}`)
    }
    const other = await call(place)
    const found = fs.lstatSync(place, { throwIfNoEntry: false })
    if (!other && (!found || found.isSocket())) continue
    other?.destroy()
    fs.rmSync(draft, { force: true })
    const who = other ? 'a session of another machine or container' : 'a file that is no socket'
    throw new Trouble(`the name ${name} is taken by ${who}`)
  }
}

/**
 * Connects to the socket at `place`. Undefined if there is none, or nobody listens: then what is left
 * of it is swept away. Throws Trouble if it cannot be reached for another reason.
 */
export async function call(place: string): Promise<net.Socket | undefined> {
  const found = fs.lstatSync(place, { throwIfNoEntry: false })
  if (!found?.isSocket()) return undefined
  const socket = net.connect(place)
  try {
    await new Promise((done, fail) => socket.once('connect', done).once('error', fail))
    return socket
  } catch (error) {
    const why = code(error) ?? ''
    if (why === 'ECONNREFUSED') sweep(place, found.ino)
    else if (!GONE.has(why)) throw new Trouble(`cannot ask: ${reason(error)}`)
    return undefined
  }
}

/**
 * Connects to the socket that is about to come at `at(name)`. Undefined if it does not in so many
 * milliseconds, or if its master has died; then what is left of it is taken away.
 */
export async function meet(
  at: (name: string) => string,
  name: string,
  patience: number,
): Promise<net.Socket | undefined> {
  const place = at(name)
  await new Promise<void>(come => {
    const look = (): void => {
      if (!fs.existsSync(place)) return
      watcher.close()
      clearTimeout(late)
      come()
    }
    const late = setTimeout(() => {
      watcher.close()
      come()
    }, patience)
    // Watched before it is looked for, so that its coming is not missed.
    const watcher = fs.watch(at('.'), (_, file) => file === name && look())
    watcher.on('error', () => undefined)
    look()
  })
  return call(place)
}

/** What connecting to a master that is just going may say. */
const GONE = new Set(['ENOENT', 'ECONNRESET', 'EPIPE'])

/**
 * Moved aside before it is removed: a new master may have taken the name since it was found dead. What the
 * dead one has told of itself goes, too.
 */
function sweep(place: string, dead: number): void {
  const aside = `${place}.${process.pid}`
  try {
    fs.renameSync(place, aside)
    if (fs.lstatSync(aside).ino !== dead) return fs.renameSync(aside, place)
    fs.rmSync(aside)
    fs.rmSync(besides(place), { force: true })
  } catch (error) {
    if (code(error) !== 'ENOENT') throw new Trouble(`cannot remove a dead socket: ${reason(error)}`)
  }
}
