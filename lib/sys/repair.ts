// A user's terminal whose signaller may be killed before it can put the terminal's modes back: held open
// by the master meanwhile, which then does it (DESIGN 5).
import fs from 'node:fs'
import { spawnSync } from 'node:child_process'

const { O_RDWR, O_NOCTTY, O_NONBLOCK, O_NOFOLLOW } = fs.constants

/** A held terminal. */
export interface Held {
  /** Writes `undo`, and puts `saved` modes back if the terminal is still as a signaller leaves it. */
  repair(saved: string, undo: string, isRaw: (modes: string) => boolean): void
  release(): void
}

/** Holds the terminal at `device`; undefined if it is none or cannot be opened. */
export function hold(device: string): Held | undefined {
  if (!/^\/dev\/(pts\/\d+|[a-zA-Z0-9]+)$/.test(device)) return undefined
  let fd: number
  try {
    fd = fs.openSync(device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW)
  } catch {
    return undefined
  }
  return {
    repair: (saved, undo, isRaw) => {
      try {
        fs.writeSync(fd, undo, null, 'latin1')
      } catch {
        // a terminal that takes no more, or is gone
      }
      const now = stty(fd, '-g')
      if (now !== undefined && isRaw(now)) stty(fd, saved)
    },
    release: () => fs.closeSync(fd),
  }
}

function stty(fd: number, argument: string): string | undefined {
  const stdio: [number, 'pipe', 'ignore'] = [fd, 'pipe', 'ignore']
  const { status, stdout } = spawnSync('stty', [argument], { stdio, encoding: 'latin1' })
  return status === 0 ? stdout.trim() : undefined
}
