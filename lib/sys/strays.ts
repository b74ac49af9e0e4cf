// Descriptors that a process has from its caller by accident.
import fs from 'node:fs'
import { flagsOf } from './fdinfo.js'

/** Closes them: they would hold the caller's pipes open. */
export function closeStrays(): void {
  for (const name of fs.readdirSync('/proc/self/fd')) {
    const fd = Number(name)
    if (fd > 2 && !closesOnExec(fd)) fs.closeSync(fd)
  }
}

const O_CLOEXEC = 0o2000000

/** One that is open no more has been closed. */
const closesOnExec = (fd: number): boolean => ((flagsOf(fd) ?? O_CLOEXEC) & O_CLOEXEC) !== 0
