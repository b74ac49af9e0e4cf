// A command without any terminal: in a session of its own, with no descriptors but the standard three.

import { execFileSync, spawn, type StdioOptions } from 'node:child_process'
import { closeSync, constants, openSync, unlinkSync } from 'node:fs'
import { Socket } from 'node:net'
import { constants as os } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import {
  attempt,
  environment,
  inTime,
  pairs,
  processes,
  type Changes,
  type World,
} from './leftovers.js'
import { visible } from './transcript.js'

export interface RunOptions {
  /** Given through a pipe. */
  input?: string | Buffer
  /** Without input: /dev/null, or none at all; 'silent' keeps the pipe open, also after input. */
  stdin?: 'null' | 'closed' | 'silent'
  /** Sockets instead of pipes, as under sshd without a terminal. */
  sockets?: boolean
  env?: Changes
  /** The world's home if not said. */
  cwd?: string
  timeout?: number
}

export interface Outcome {
  /** 128 + signal if it was killed. */
  status: number
  signal: NodeJS.Signals | undefined
  stdout: Buffer
  stderr: string
}

/** Resolves when the command has ended and nobody holds its output any more; rejects if that takes too long. */
export async function run(
  world: World,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const { input, stdin = 'null', cwd = world.home, timeout = 20_000 } = options
  const env = environment(world, options.env)
  const script = `${CLOSE} ${input === undefined ? STDIN[stdin] : ''} exec env -i "$@"`
  const args = ['--norc', '-c', script, 'bash', ...pairs(env), ...argv]
  const pipes = options.sockets ? undefined : makePipes(world)
  const stdio: StdioOptions = pipes?.map(pipe => pipe.theirs) ?? 'pipe'
  const child = spawn('/bin/bash', args, { cwd, env, detached: true, stdio })
  for (const { theirs } of pipes ?? []) closeSync(theirs)

  type Standard = [Socket, Socket, Socket]
  const [feed, out, err] = (pipes?.map(pipe => pipe.ours) ?? child.stdio) as Standard
  const [stdout, stderr] = [collect(out), collect(err)]
  feed.on('error', () => undefined)
  feed.write(input ?? '')
  if (stdin !== 'silent') feed.end()

  const pid = child.pid ?? 0
  let running = pid > 0
  if (running) world.children.add(pid)
  const exit = new Promise<How>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      running = false
      world.children.delete(pid)
      feed.destroy()
      resolve({
        status: code ?? 128 + os.signals[signal ?? 'SIGKILL'],
        signal: signal ?? undefined,
      })
    })
  })

  const late = (): string => {
    const how = running ? 'still runs' : 'has ended, but its output is held'
    const those = processes(world).map(one => `${one.pid} (${one.state}) ${one.command}`)
    const said = [stdout, stderr].map(it => visible(it.bytes().subarray(-1000)))
    return [`${argv.join(' ')} ${how}`, ...those, 'said:', ...said].join('\n')
  }
  try {
    const [how] = await inTime(Promise.all([exit, stdout.end, stderr.end]), timeout, late)
    return { ...how, stdout: stdout.bytes(), stderr: stderr.bytes().toString() }
  } finally {
    if (running) attempt(() => process.kill(-pid, 'SIGKILL'))
    for (const socket of [feed, out, err]) socket.destroy()
  }
}

type How = Pick<Outcome, 'status' | 'signal'>

/** All that Node spawns inherits our ends of terminals, and would keep them from dying. */
const CLOSE = 'for n in /proc/$$/fd/*; do n=${n##*/}; [ $n -gt 2 ] && eval "exec $n>&-"; done;'

const STDIN = { null: 'exec </dev/null;', closed: 'exec <&-;', silent: '' }

interface PipeEnds {
  theirs: number
  ours: Socket
}

/** Real pipes for input, output, error (Node's own are sockets): FIFOs that lose their names at once. */
function makePipes(world: World): PipeEnds[] {
  const names = [0, 1, 2].map(n => join(world.dir, `pipe${n}`))
  execFileSync('mkfifo', names)
  const { O_RDONLY, O_WRONLY, O_RDWR, O_NONBLOCK } = constants
  return names.map((name, n) => {
    const both = openSync(name, O_RDWR | O_NONBLOCK)
    const theirs = openSync(name, n === 0 ? O_RDONLY : O_WRONLY)
    const fd = openSync(name, (n === 0 ? O_WRONLY : O_RDONLY) | O_NONBLOCK)
    closeSync(both)
    unlinkSync(name)
    return { theirs, ours: new Socket({ fd, readable: n > 0, writable: n === 0 }) }
  })
}

function collect(from: Readable): { end: Promise<void>; bytes(): Buffer } {
  const chunks: Buffer[] = []
  from.on('data', (chunk: Buffer) => chunks.push(chunk))
  const end = new Promise<void>(resolve => from.once('close', resolve))
  return { end, bytes: () => Buffer.concat(chunks) }
}
