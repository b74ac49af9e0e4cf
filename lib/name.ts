// A session's name: the BSD extension of its pty, made from the N of /dev/pts/N (DESIGN 3).

const LETTERS = 'pqrstuvwxyzabcde'

/** The name of the session on /dev/pts/N: 0 is p0, 31 is qf, 256 is qp0. */
export function nameOf(n: number): string {
  const digits = n.toString(16).padStart(2, '0')
  const letters = Array.from(digits.slice(0, -1)).map(digit => LETTERS.charAt(parseInt(digit, 16)))
  return letters.join('') + digits.slice(-1)
}

/** Could the text be a session's name, of a kind that may come one day too? It is safe to use in a path. */
export function isNameLike(text: string): boolean {
  return /^[a-z]{1,6}[0-9a-z]$/.test(text)
}

/** The N of a session's name; undefined if the text is no name. */
export function numberOf(name: string): number | undefined {
  if (!/^[a-ep-z]{1,6}[0-9a-f]$/.test(name)) return undefined
  const digits = Array.from(name.slice(0, -1)).map(letter => LETTERS.indexOf(letter).toString(16))
  const n = parseInt(digits.join('') + name.slice(-1), 16)
  return nameOf(n) === name ? n : undefined
}

/** The device of the session called `name`. */
export function deviceOf(name: string): string {
  return `/dev/pts/${numberOf(name) ?? '?'}`
}

/** The session on the terminal `device`, like /dev/pts/7; undefined if it is no pty. */
export function nameAt(device: string): string | undefined {
  const number = /^\/dev\/pts\/(\d+)$/.exec(device)?.[1]
  return number === undefined ? undefined : nameOf(Number(number))
}

/** The session whose pty has this device number, or undefined if it is no pty (majors 136 to 143, 256 minors each above the first). */
export function nameOfDevice(rdev: number): string | undefined {
  const major = (rdev >>> 8) & 0xfff
  const minor = (rdev & 0xff) | ((rdev >>> 12) & 0xfff00)
  if (major < 136 || major > 143) return undefined
  return nameOf((major - 136) * 0x100000 + minor)
}
