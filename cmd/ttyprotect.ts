// ttyprotect, once called condom: runs a program so that it can do nothing to the user's terminal.
import { command } from '../lib/main.js'
import { under } from '../lib/under.js'
import { PROTECTING, ptyWishes } from '../lib/wishes.js'

const called = (name: string) =>
  command(name, argv => under(() => ptyWishes(argv, name, PROTECTING)))

export const ttyprotect = called('ttyprotect')
export const condom = called('condom')
