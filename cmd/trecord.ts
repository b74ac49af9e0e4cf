// trecord: records what passes through it, with its times.
import { command } from '../lib/main.js'
import { options } from '../lib/options.js'
import { record } from '../lib/record.js'
import { size } from '../lib/sys/terminal.js'

/** A number of columns or rows in the environment. */
function told(name: string): number | undefined {
  const text = process.env[name] ?? ''
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : undefined
}

export const trecord = command('trecord', async argv => {
  const { on, operands } = options(argv, 'i', 'trecord [-i] [file]', 1)
  const { columns, rows } = size() ?? {
    columns: told('COLUMNS') ?? 80,
    rows: told('LINES') ?? 24,
  }
  const term = process.env['TERM'] ?? ''
  return record(operands[0], on('i'), { columns, rows, term, since: Date.now() / 1000 })
})
