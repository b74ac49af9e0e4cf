// Descriptors that a process has from its caller by accident.
import fs from 'node:fs'

/** Closes them: they would hold the caller's pipes open. */
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
