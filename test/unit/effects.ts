// What a state machine does, in words: one short line an effect, for tables that are read.

/** `say 1 bye taken /dev/pts/6`: what it is, to whom, and what of it is not empty. */
export function words(effect: object): string {
  const said = Object.entries(effect).flatMap(([name, value]: [string, unknown]) => {
    if (value === true) return name
    if (typeof value === 'number') return String(value)
    if (typeof value === 'string') return value === '' ? [] : value
    const admission = 'type' in effect && effect.type === 'admit' && name === 'request'
    return typeof value === 'object' && value !== null && !admission ? words(value) : []
  })
  return said.join(' ')
}
