// Asking masters: one question, one answer; or reading what they have told already.
import { Fatal } from './die.js'
import { isNameLike, nameAt, numberOf } from './name.js'
import { sessionName } from './options.js'
import { besides, holds, parse } from './status.js'
import { openDirectory, type Contents, type Directory } from './sys/directory.js'
import { peer, type Socket } from './sys/peer.js'
import { statOf } from './sys/processes.js'
import { call } from './sys/socket.js'
import { inode, listening, readStatus } from './sys/status.js'
import { Frames, request } from './frames.js'
import { VERSION, type Info, type Reply, type Request } from './wire.js'

/** How long a master may take to answer, in milliseconds. */
const PATIENCE = 1000

/** How long it may take to do what takes time: to see a connection off. */
const LONG = 5000

type Answer = Exclude<Reply, { type: 'hello' }>

const uid = (): number => process.geteuid?.() ?? 0

/** The caller's sessions' directory, or another user's. Undefined if there is none. Throws Trouble. */
export function directory(user = uid()): Directory | undefined {
  const env = user === uid() ? process.env : {}
  return openDirectory(user, env, false)
}

/** The session that a command is about: what -s says, else $PTY. Throws Fatal if neither names one. */
export function target(option: string | undefined): string {
  if (option !== undefined) return sessionName(option)
  const pty = process.env['PTY']
  if (pty !== undefined && numberOf(pty) !== undefined) return pty
  throw new Fatal('no -s specified, and PTY not set; are we under a session?')
}

/** Asks session `name`. Throws Fatal if there is no such session, or it refuses; Trouble if it does not answer. */
export async function ask(
  name: string,
  question: Request | Request[],
  user = uid(),
): Promise<Answer> {
  const place = directory(user)
  const answer = place && (await inquire(place, name, question, LONG))
  if (!answer) throw missing(name)
  if (answer === 'silence') throw new Fatal(`session ${name} does not answer`, 111)
  if (answer.type === 'no') throw new Fatal(answer.reason)
  return answer
}

/** Asks what masters have not always known, and throws as `ask` does; also Fatal if this one does not know it. */
export async function askNewer(name: string, question: Request): Promise<Answer> {
  // It passes over what it does not know, and answers what comes next.
  const answer = await ask(name, [question, { type: 'info' }])
  if (answer.type === 'info') throw new Fatal(`the master of session ${name} is too old for that`)
  return answer
}

/** What a session tells of itself, or has told already. Throws as `ask` does. */
export async function inform(name: string): Promise<Info> {
  const place = directory()
  const told = place && tell(place, [name]).get(name)
  if (told) return told
  const answer = await ask(name, { type: 'info' })
  if (answer.type !== 'info') throw new Fatal(`session ${name} does not answer`, 111)
  return answer
}

/** What there is to know of a session; `info` is missing where its master does not answer. */
export interface Known {
  name: string
  info?: Info
}

/** All the caller's sessions, and what else lies in their directory. Who has not told yet is asked, all at once. */
export async function everyone(): Promise<{ sessions: Known[]; strays: Contents['strays'] }> {
  const place = directory()
  if (!place) return { sessions: [], strays: [] }
  const { names, strays } = place.list()
  const told = tell(place, names)
  const answers = names.map(async (name): Promise<Known[]> => {
    const info = told.get(name)
    if (info) return [{ name, info }]
    const answer = await inquire(place, name, { type: 'info' }, PATIENCE)
    if (!answer) return []
    return [
      typeof answer === 'object' && answer.type === 'info' ? { name, info: answer } : { name },
    ]
  })
  return { sessions: (await Promise.all(answers)).flat(), strays }
}

/** What sessions have told before they were asked, as far as it is certain that they would say the same now. */
function tell(place: Directory, names: readonly string[]): Map<string, Info> {
  const told = new Map<string, Info>()
  const sockets = names.length > 0 ? listening() : new Set<number>()
  for (const name of names) {
    const status = parse(readStatus(besides(place.at(name))))
    if (!status) continue
    const [process, file] = [statOf(status.pid), inode(place.at(name))]
    if (holds(status, { name, process, file, listening: sockets })) told.set(name, status)
  }
  return told
}

/** The first answer; undefined if nobody is there to be asked. */
async function inquire(
  place: Directory,
  name: string,
  question: Request | Request[],
  patience: number,
): Promise<Answer | 'silence' | undefined> {
  const socket = await call(place.at(name))
  if (!socket) return undefined
  return new Promise(done => {
    const timer = setTimeout(() => finish('silence'), patience)
    const finish = (answer: Answer | 'silence' | undefined): void => {
      clearTimeout(timer)
      master.drop()
      done(answer)
    }
    const heard = (answer: Reply): void => {
      if (answer.type !== 'hello') finish(answer)
    }
    const master = peer(socket, Frames.replies(), request, heard, () => finish(undefined))
    master.send({ type: 'hello', version: VERSION })
    for (const one of [question].flat()) master.send(one)
  })
}

/**
 * Connects to session `name` for the terminal `from`, or ''. Undefined if there is no such session. Throws
 * Fatal if the terminal is its own, directly or through others, and Trouble if it cannot be reached.
 */
export async function reach(name: string, from: string): Promise<Socket | undefined> {
  if (from !== '' && (await loops(from, name)))
    throw new Fatal(`session ${name} cannot be connected to its own terminal`)
  const place = isNameLike(name) ? directory()?.at(name) : undefined
  return place === undefined ? undefined : call(place)
}

/** As `reach`, but throws Fatal if there is no such session. */
export async function find(name: string, from: string): Promise<Socket> {
  const socket = await reach(name, from)
  if (!socket) throw missing(name)
  return socket
}

function missing(name: string): Fatal {
  return new Fatal(`cannot find session ${name}; if it exists, do you own it?`)
}

/** Does the chain of connections that begins at terminal `from` lead to the session `to`? Then to connect it there would be a loop. */
async function loops(from: string, to: string): Promise<boolean> {
  const { sessions } = await everyone()
  const infos = new Map(sessions.map(({ name, info }) => [name, info]))
  const seen = new Set<string>()
  const waiting = [from]
  for (let device = waiting.pop(); device !== undefined; device = waiting.pop()) {
    const name = nameAt(device)
    if (name === to) return true
    if (name === undefined || seen.has(name)) continue
    seen.add(name)
    const info = infos.get(name)
    if (info) waiting.push(...[info.connection, ...info.viewers].map(({ tty }) => tty))
  }
  return false
}
