// waitfor: reads its input up to the end of a string in it, and not one byte further.
import { Fatal, Usage, reason } from '../lib/die.js'
import { command } from '../lib/main.js'
import { options } from '../lib/options.js'
import { Search } from '../lib/search.js'
import { pieces, sink } from '../lib/pieces.js'
import { leaveAlone, reopen } from '../lib/sys/terminal.js'

const USAGE = 'waitfor string'

export const waitfor = command('waitfor', async argv => {
  const [sought] = options(argv, '', USAGE, 1).operands
  if (sought === undefined) throw new Usage(USAGE)
  leaveAlone()
  const search = new Search(Buffer.from(sought))
  const from = pieces(reopen(0, 'read'), () => search.most)
  const copy = sink(reopen(2, 'write'))
  while (search.most > 0) {
    const bytes = await from.next().catch((error: unknown) => {
      throw new Fatal(`cannot read: ${reason(error)}`, 4)
    })
    if (!bytes) return 4
    try {
      await copy.write(bytes)
    } catch {
      return 3
    }
    search.feed(bytes)
  }
  return 0
})
