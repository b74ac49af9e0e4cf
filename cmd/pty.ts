// pty: runs a program on a terminal of its own, which ends with the connection unless it is a session.
import { command } from '../lib/main.js'
import { under } from '../lib/under.js'
import { ptyWishes } from '../lib/wishes.js'

export const pty = command('pty', argv => under(() => ptyWishes(argv)))
