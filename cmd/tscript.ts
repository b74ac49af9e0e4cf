// tscript: records a shell, from start to end.
import { join } from 'node:path'
import { caller } from '../lib/caller.js'
import { commandApart } from '../lib/main.js'
import { options } from '../lib/options.js'
import { script } from '../lib/script.js'
import { size } from '../lib/sys/terminal.js'

/** The command of ours that runs the shell. */
const RUNNER = 'sess'

export const tscript = commandApart('tscript', async argv => {
  const { on, operands } = options(argv, 'a', 'tscript [-a] [file]', 1)
  const [path = 'typescript.cast'] = operands
  const bin = process.env['SESS_BIN'] ?? ''
  const its = caller(process.env)
  const runs = [join(bin, RUNNER), '--', its.env['SHELL'] ?? '/bin/sh']
  const { columns, rows } = size() ?? { columns: 80, rows: 24 }
  const header = { columns, rows, term: its.env['TERM'] ?? '', since: Date.now() / 1000 }
  return await script({ path, append: on('a'), argv: runs, caller: its }, header)
})
