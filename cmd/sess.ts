// sess: runs a program under a new session, and is its signaller.
import { command } from '../lib/main.js'
import { under } from '../lib/under.js'
import { sessWishes } from '../lib/wishes.js'

export const sess = command('sess', argv => under(() => sessWishes(argv)))
