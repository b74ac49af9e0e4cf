// trecord: records what passes through it, with its times.
import { Usage } from '../lib/die.js'
import { command } from '../lib/main.js'
import { options } from '../lib/options.js'
import { record } from '../lib/record.js'
import { size } from '../lib/sys/terminal.js'

const USAGE = 'trecord [-i] [[-a] file]'

/** A number of columns or rows in the environment. */
function told(name: string): number | undefined {
  const text = process.env[name] ?? ''
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : undefined
}

export const trecord = command('trecord', async argv => {
  const { on, operands } = options(argv, 'ia', USAGE, 1)
  const [path] = operands
  if (on('a') && path === undefined) throw new Usage(USAGE)
  const { columns, rows } = size() ?? {
    columns: told('COLUMNS') ?? 80,
    rows: told('LINES') ?? 24,
  }
  const term = process.env['TERM'] ?? ''
  const header = { columns, rows, term, since: Date.now() / 1000 }
  return record(path, { typed: on('i'), append: on('a') }, header)
})
