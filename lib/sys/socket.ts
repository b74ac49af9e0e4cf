// The sockets through which masters are asked.
import fs from 'node:fs'
import net from 'node:net'
import { Trouble, code, reason } from '../die.js'
import { besides } from '../status.js'

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

/**
 * Listens as `at(name)`, open to the caller's user only, and takes the name from nobody who is alive.
 * Throws Trouble if the name is taken or the socket cannot be made.
 */
export async function open(
  at: (name: string) => string,
  name: string,
  welcome: (client: net.Socket) => void,
): Promise<Door> {
  const server = net.createServer(welcome)
  const draft = at(`.${process.pid}`)
  const umask = process.umask(0o177)
  try {
    fs.rmSync(draft, { force: true })
    server.listen(draft)
  } finally {
    process.umask(umask)
  }
  await new Promise<void>((done, fail) => {
    server.once('listening', done)
    server.once('error', error => fail(new Trouble(`cannot make a socket: ${reason(error)}`)))
  })
  const { ino } = fs.statSync(draft)
  const { fd } = (server as unknown as { _handle: { fd: number } })._handle
  await claim(draft, at(name), name)
  return {
    socket: fs.fstatSync(fd).ino,
    file: ino,
    there: () => fs.statSync(at(name), { throwIfNoEntry: false })?.ino === ino,
    close: () => {
      if (fs.statSync(at(name), { throwIfNoEntry: false })?.ino === ino) fs.rmSync(at(name))
      server.close()
    },
  }
}

/** Bound under a draft name, linked into place: link(2) is the atomic claim (FACTS 4). */
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
