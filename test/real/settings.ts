// For tests of what a command makes of this machine's settings.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome, World } from './driver.js'
import { lines } from './sessions.js'

/** What sessalive says of `name`, without the remark. */
export function said({ stdout }: Outcome, name: string): string | undefined {
  const line = lines(stdout).find(line => line.startsWith(`${name} `))
  return line?.replace(/ +#.*/, '').slice(name.length + 1)
}

/** An environment with a shell's script for the program of that name. */
export function instead(world: World, name: string, script: string): Record<string, string> {
  const dir = join(world.dir, 'bin')
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return { PATH: `${dir}:${world.env['PATH'] ?? ''}` }
}
