// What tests do with sessions again and again: make one that nobody is connected to, look at them, end them.

import { run, until, type World } from './driver.js'

/** A session as sesslist --json gives it. */
export interface Session {
  name: string
  title: string
  state: string
  pid: number
  slave: number | null
  status: number | null
  stopped: number | null
  next: string | null
  connection: { tty: string; from: string } | null
  viewers: { tty: string; from: string }[]
  direct: { input: boolean; output: boolean } | null
  recording: string | null
}

export const sh = (script: string): string[] => ['/bin/sh', '-c', script]

/** A session that nobody is connected to; its name. What is said comes before the program: options of sess. */
export async function session(world: World, ...argv: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(world, ['sess', '-n', ...argv])
  const name = /^([a-ep-z]+[0-9a-f])\n$/.exec(stdout.toString())?.[1]
  if (status !== 0 || stderr !== '' || !name) throw new Error(`status ${status}: ${stderr}`)
  return name
}

export async function sessions(world: World): Promise<Session[]> {
  const { stdout } = await run(world, ['sesslist', '--json'])
  return JSON.parse(stdout.toString()) as Session[]
}

export async function look(world: World, name: string): Promise<Session | undefined> {
  return (await sessions(world)).find(one => one.name === name)
}

/** Waits until the session is like that. */
export async function becomes(
  world: World,
  name: string,
  like: Partial<Session>,
): Promise<Session> {
  const wanted = Object.entries(like) as [keyof Session, unknown][]
  return until(
    async () => {
      const its = await look(world, name)
      return wanted.every(([key, value]) => its?.[key] === value) && its
    },
    `session ${name} is ${JSON.stringify(like)}`,
  )
}

/** The one session that somebody is connected to, once there is one and its program has begun. */
export async function only(world: World): Promise<Session> {
  return until(async () => {
    const [its, ...others] = (await sessions(world)).filter(one => one.state === 'connected')
    return others.length === 0 && its?.slave ? its : undefined
  }, 'somebody is connected to one session')
}

export async function kill(world: World, ...names: string[]): Promise<void> {
  await Promise.all(names.map(name => run(world, ['sesskill', '-yms', name])))
}

/** The lines of a text, without the empty one after the last. */
export const lines = (text: string | Buffer): string[] =>
  text
    .toString()
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
