// sesstype: types into a session from outside: its operands, or its standard input.
import { find, target } from '../lib/ask.js'
import { Trouble, reason } from '../lib/die.js'
import { command } from '../lib/main.js'
import { options } from '../lib/options.js'
import { pieces } from '../lib/pieces.js'
import { leaveAlone, reopen } from '../lib/sys/terminal.js'
import { typist, type Typist } from '../lib/type.js'

export const sesstype = command('sesstype', async argv => {
  const { on, values, operands } = options(argv, 's:lL', 'sesstype [-l] [-s name] [text ...]')
  const name = target(values.get('s'))
  const to = await typist(name, await find(name, ''))
  if (operands.length > 0) await to.type(Buffer.from(operands.join(' ')))
  else await pass(to)
  if (on('l')) await to.type(Buffer.from('\r'))
  await to.end()
  return 0
})

/** Types all of the standard input. */
async function pass(to: Typist): Promise<void> {
  leaveAlone()
  const from = pieces(reopen(0, 'read'))
  const next = (): Promise<Buffer | undefined> =>
    from.next().catch((error: unknown) => {
      throw new Trouble(`cannot read: ${reason(error)}`)
    })
  for (let bytes = await next(); bytes; bytes = await next()) await to.type(bytes)
}
