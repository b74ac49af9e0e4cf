// A master: waits for who started it, and runs the session that he wants.
import { Trouble, reason } from '../die.js'
import { openDirectory } from '../sys/directory.js'
import { load } from '../sys/pty.js'
import { closeStrays } from '../sys/strays.js'
import { Session } from './session.js'
import { come, type Starter } from './starter.js'

/**
 * Waits at `draft` for who started it, the process `starter`, and runs the session that he wants until it is
 * over. Returns what to exit with if he does not come. `binary` is node-pty's. Throws Trouble.
 */
export async function run(starter: number, draft: string, binary: string): Promise<number> {
  closeStrays()
  process.on('SIGHUP', () => undefined)
  const coming = come(
    starter,
    () => openDirectory(process.geteuid?.() ?? 0, process.env, false),
    draft,
  )
  load(binary)
  const he = await coming
  if (!he) return 0
  try {
    const session = await begun(he)
    const line = he.started(session.name)
    if (line.destroyed) session.forsake()
    else session.clients.welcome(line.once('close', () => session.forsake()))
    return await new Promise(() => undefined)
  } catch (error) {
    he.failed(error instanceof Trouble ? error.message : `cannot start a session: ${reason(error)}`)
    throw error
  }
}

async function begun(he: Starter): Promise<Session> {
  const session = new Session(he.settings)
  const { presence } = session
  try {
    await presence.enter((name, welcome) => he.claim(name, welcome))
    setInterval(() => presence.look(), 60000).unref()
    process.on('SIGUSR1', () => presence.look())
    process.on('SIGTERM', () => session.happen({ type: 'end' }))
    process.on('SIGINT', () => session.happen({ type: 'end' }))
    await session.go()
  } catch (error) {
    presence.leave()
    throw error
  }
  return session
}
