// What a master has from the process that started it: descriptors that came by accident, and that it lives.
import fs from 'node:fs'
import { processOf } from './processes.js'

/** Closes the descriptors that came from the caller by accident: they would hold his pipes open. */
export function closeStrays(): void {
  for (const name of fs.readdirSync('/proc/self/fd')) {
    const fd = Number(name)
    if (fd > 2 && !closesOnExec(fd)) fs.closeSync(fd)
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

/** How often a starter is looked at, and for how long he may not come, in milliseconds. */
const [OFTEN, PATIENCE] = [100, 5000]

/** Watches the process `pid` for a while: `gone` is called when it ends, or at the end. Returns what stops that. */
export function watch(pid: number, gone: () => void): () => void {
  const late = performance.now() + PATIENCE
  const timer = setInterval(() => {
    const { state = 'X' } = processOf(pid) ?? {}
    if (!/[ZXx]/.test(state) && performance.now() < late) return
    clearInterval(timer)
    gone()
  }, OFTEN)
  return () => clearInterval(timer)
}
