// What the kernel tells of a descriptor of this process (proc(5)).
import fs from 'node:fs'

/** Its flags as open(2) has them; undefined if it is not open. */
export function flagsOf(fd: number): number | undefined {
  try {
    const text = fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')
    return parseInt(/^flags:\t(\d+)/m.exec(text)?.[1] ?? '', 8)
  } catch {
    return undefined
  }
}
