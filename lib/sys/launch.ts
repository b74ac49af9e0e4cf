// Starting a master: a detached process of its own, told what to do over its descriptor 3, where it says
// that it is ready. The starter's end stays open until it has connected, so that the master knows.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import { Trouble, reason } from '../die.js'
import type { Command } from '../leader.js'
import type { Policy } from '../master/tape.js'

export interface Settings {
  command: Command
  /** Where the program starts. */
  cwd: string
  rows: number
  columns: number
  policy: Policy
  /** How much output is kept while nobody is connected, in bytes. */
  size: number
  /** The session ends when nobody was connected for so many minutes; 0: never. */
  minutes: number
  title: string
  utmp: boolean
  /** Will its starter connect? */
  awaited: boolean
}

type Ready = { name: string } | { error: string }

/** An argument that a master does not read: it reserves room for its title in ps(1). */
const ROOM = ' '.repeat(200)

/**
 * Starts a master and waits until its session is there. Returns the session's name, and `connected`, to be
 * called when its first connection stands. Throws Trouble.
 */
export async function launch(
  master: string,
  settings: Settings,
): Promise<{ name: string; connected: () => void }> {
  const child = spawn(process.execPath, [master, ROOM], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  child.unref()
  const channel = child.stdio[3] as net.Socket
  channel.write(`${JSON.stringify(settings)}\n`)
  const ready = await answer(channel, child)
  if ('error' in ready) throw new Trouble(ready.error)
  return { name: ready.name, connected: () => channel.destroy() }
}

async function answer(channel: net.Socket, child: ReturnType<typeof spawn>): Promise<Ready> {
  const failed = new Promise<Ready>(done => {
    child.once('error', error => done({ error: `cannot start a master: ${reason(error)}` }))
  })
  const line = await Promise.race([failed, readLine(channel)])
  if (typeof line !== 'string') return line
  return line ? (JSON.parse(line) as Ready) : { error: 'the master ended before it was ready' }
}

async function readLine(channel: net.Socket): Promise<string> {
  let text = ''
  return new Promise(done => {
    channel.on('data', bytes => {
      text += bytes.toString()
      if (text.endsWith('\n')) done(text)
    })
    channel.on('error', () => done(''))
    channel.on('end', () => done(''))
  })
}

/** The master's side: its settings, how it answers, and when its starter has let go of it. */
export async function orders(): Promise<{
  settings: Settings
  say: (ready: Ready) => void
  left: Promise<void>
}> {
  closeStrays()
  const channel = new net.Socket({ fd: 3 })
  const left = new Promise<void>(done => channel.once('close', () => done()))
  const settings = JSON.parse(await readLine(channel)) as Settings
  return { settings, say: ready => void channel.write(`${JSON.stringify(ready)}\n`), left }
}

/** Closes the descriptors that came from the caller by accident: they would hold his pipes open. */
function closeStrays(): void {
  for (const name of fs.readdirSync('/proc/self/fd')) {
    const fd = Number(name)
    if (fd > 3 && !closesOnExec(fd)) fs.closeSync(fd)
  }
}

function closesOnExec(fd: number): boolean {
  try {
    const [, flags = ''] =
      /^flags:\t(\d+)/m.exec(fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')) ?? []
    return (parseInt(flags, 8) & 0o2000000) !== 0
  } catch {
    return true
  }
}
