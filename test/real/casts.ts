// What tests ask of recordings: our own reader for the bytes, python's json for what others can read.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CastReader } from '../../lib/cast.js'
import type { Moment } from '../../lib/event.js'
import type { World } from './driver.js'

export function recorded(world: World, name = 'cast'): Moment[] {
  const reader = new CastReader()
  const file = readFileSync(join(world.home, name))
  return [...reader.read(file), ...reader.end()]
}

export const output = (moments: Moment[]): Buffer =>
  Buffer.concat(
    moments.map(({ event }) => (event.type === 'output' ? event.bytes : Buffer.alloc(0))),
  )

/** The events that are no output, each in words. */
export const others = (moments: Moment[]): string[] =>
  moments.flatMap(({ event }) => {
    if (event.type === 'size') return `${event.columns}x${event.rows}`
    if (event.type === 'exit') return `exit ${event.status}`
    return event.type === 'mark' ? event.label : []
  })

/** What python's json makes of it: is it asciicast 3, and what has the terminal shown? */
export const CHECK = `import json, sys
head, *rest = open(sys.argv[1], encoding='utf-8').read().splitlines()
head = json.loads(head)
assert head['version'] == 3 and head['timestamp'] > 0, head
events = [json.loads(line) for line in rest if not line.startswith('#')]
for time, code, data in events: assert time >= 0 and code in 'oimrx' and type(data) is str
print(head['term']['cols'], head['term']['rows'], sum(e[0] for e in events) < 60)
print(ascii(''.join(e[2] for e in events if e[1] == 'o')))`

/** Throws if that reader finds anything wrong. */
export function check(world: World, name = 'cast'): void {
  execFileSync('python3', ['-c', CHECK, join(world.home, name)], { maxBuffer: 1 << 28 })
}

/** The pid of the recorder on a terminal, whose command line ends in `words`. */
export function recorderOn({ device }: { device: string }, words: string): number {
  const found = execFileSync('pgrep', ['-f', `^[^ ]*node .*${words}$`, '-t', device.slice(5)])
  return Number(found.toString().split('\n')[0])
}
