// Sessions without a machine below them: masters, signallers and commands as they decide, joined by the
// real wire. A program is what a story says that it writes; a terminal is what is shown on it.

import { deviceOf } from '../../lib/name.js'
import { Frames, request } from '../../lib/frames.js'
import { VERSION, type Request } from '../../lib/wire.js'
import { words } from '../unit/effects.js'
import { Queue } from './queue.js'
import { Session } from './session.js'
import { Signaller } from './signaller.js'

/** Somebody at a terminal, and what is shown to him; what becomes of the terminal is in brackets. */
export interface User {
  signaller: Signaller
  screen: string[]
}

export interface World extends User {
  session: (name: string) => Session
  exists: (name: string) => boolean
  /** Asks a session, as a command does. The answer in words, as soon as there is one. */
  run: (name: string, question: Request) => string[]
  /** The command reconnect in session `here`, on its terminal; and `reconnect to; disconnect`. */
  reconnect: (here: string, to: string) => void
  flip: (here: string, to: string) => void
  /** `sess` in session `here`, where it is read from; its output may go elsewhere. */
  sess: (here: string, name: string, show?: (text: string) => void) => Signaller
  /** Another user, who has come to session `name` from one of his own. */
  visit: (name: string, how?: { force?: boolean; viewer?: boolean }) => User
}

/** A world where a user has just begun the first session, and the others are disconnected. */
export const world = (...names: string[]): World => make(names, true)

/** One where all output is carried by the signallers. */
export const relayed = (...names: string[]): World => make(names, false)

function make([first = '', ...others]: string[], lends: boolean): World {
  const queue = new Queue()
  const sessions = new Map<string, Session>()
  let terminals = 0

  function begin(name: string): Session {
    const made = new Session(name, queue, () => sessions.delete(name))
    sessions.set(name, made)
    return made
  }

  const find = (name: string): Session | undefined => sessions.get(name)

  function session(name: string): Session {
    const found = find(name)
    if (!found) throw new Error(`there is no session ${name}`)
    return found
  }

  function login(name: string): User {
    const screen: string[] = []
    const show = (text: string): void => void screen.push(text)
    const mark = (what: string): void => void screen.push(`[${what}]`)
    const place = { tty: `/dev/pts/${++terminals}`, terminal: true, lends, show, say: show, mark }
    const signaller = new Signaller(name, place, queue, find)
    begin(name)
    signaller.start()
    return { signaller, screen }
  }

  function run(name: string, question: Request): string[] {
    const answer: string[] = []
    const frames = Frames.replies()
    const hear = (bytes: Buffer): void => {
      for (const message of frames.read(bytes))
        if (message.type !== 'hello') answer.push(words(message))
    }
    const socket = session(name).join({ hear, closed: () => undefined })
    const hello = request({ type: 'hello', version: VERSION })
    socket.send(Buffer.concat([hello, request(question)]))
    return answer
  }

  function reconnect(here: string, to: string): void {
    const text = `reconnect: will connect to session ${to} when session ${here} is done`
    const how = { to, force: false, viewer: false, notice: to && text }
    const [answer] = run(here, { type: 'reconnect', ...how })
    if (to && answer !== 'ok said') session(here).write(text)
  }

  function flip(here: string, to: string): void {
    reconnect(here, to)
    run(here, { type: 'disconnect' })
  }

  function sess(here: string, name: string, show?: (text: string) => void): Signaller {
    const around = session(here)
    const say = (text: string): void => around.write(text)
    // Who stops or ends leaves the terminal to the shell.
    const mark = (what: string): void => {
      if (what === 'raw') around.reader = made
      if (what === 'restore') around.reader = undefined
    }
    const place = {
      tty: deviceOf(here),
      terminal: show === undefined,
      lends,
      show: show ?? say,
      say,
      mark,
    }
    const made = new Signaller(name, place, queue, find)
    begin(name)
    made.start()
    return made
  }

  function visit(name: string, { force = false, viewer = false } = {}): User {
    const own = `z${terminals}`
    const user = login(own)
    run(own, { type: 'reconnect', to: name, force, viewer, notice: '' })
    session(own).exit(0)
    return user
  }

  for (const name of others) begin(name)
  const exists = (name: string): boolean => sessions.has(name)
  return { ...login(first), session, exists, run, reconnect, flip, sess, visit }
}
