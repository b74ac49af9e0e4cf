// sesslist: lists the caller's sessions.
import { directory, everyone } from '../lib/ask.js'
import { json, listed, listing, stray, unanswered, unansweredListing } from '../lib/lines.js'
import { command } from '../lib/main.js'
import { options } from '../lib/options.js'
import { print, write } from '../lib/sys/say.js'

export const sesslist = command('sesslist', async argv => {
  const { on } = options(argv, '0vV --json', 'sesslist [-0v] [--json]', 0)
  const found = await everyone()
  if (on('json')) {
    print(json(found.map(({ name, info }) => (info ? listing(info) : unansweredListing(name)))))
    return 0
  }
  const end = on('0') ? '\0' : '\n'
  const lines = found.map(({ name, info }) => (info ? listed(info, on('v')) : unanswered(name)))
  const others = directory()?.strays().map(stray) ?? []
  write(1, [...lines, ...others].map(line => line + end).join(''))
  return 0
})
