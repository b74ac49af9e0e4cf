// nobuf: runs a filter that writes each line at once, for it takes its output for a terminal.
import { command } from '../lib/main.js'
import { under } from '../lib/under.js'
import { PROTECTING, ptyWishes } from '../lib/wishes.js'

const FIRST = { ...PROTECTING, detached: true, jobs: false, piped: true }

export const nobuf = command('nobuf', argv => under(() => ptyWishes(argv, 'nobuf', FIRST)))
