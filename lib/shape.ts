// JSON objects of a known shape, as others have written them: in messages, in files.

/** A field's default, which is also its type: what an older writer left out is taken to be this. */
type Fields = Record<string, unknown>

/** What its writer must not have written. */
export class Rubbish extends Error {}

/** The JSON object of that shape; what else is in it is left out. Throws Rubbish. */
export function read(shape: Fields, text: string): Fields {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return fields(shape, value)
  } catch (error) {
    if (error instanceof Rubbish) throw error
  }
  throw new Rubbish('a body that is no object')
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// Whoever lists a hundred sessions does this a hundred times, before it is compiled: no step is needless.
function fields(shape: Fields, from: Fields): Fields {
  const made: Fields = {}
  for (const name of Object.keys(shape)) made[name] = field(name, shape[name], from[name])
  return made
}

function field(name: string, otherwise: unknown, value: unknown): unknown {
  if (typeof otherwise !== 'object') {
    if (value === undefined) return otherwise
    if (typeof value !== typeof otherwise) throw new Rubbish(`${name} is no ${typeof otherwise}`)
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw new Rubbish(`${name} is no whole number`)
    return value
  }
  if (Array.isArray(otherwise)) {
    if (value === undefined) return []
    if (!Array.isArray(value)) throw new Rubbish(`${name} is no list`)
    return value.map(one => field(name, otherwise[0], one))
  }
  if (value === undefined) return fields(otherwise as Fields, {})
  if (!isObject(value)) throw new Rubbish(`${name} is no object`)
  return fields(otherwise as Fields, value)
}
