// sesswait: waits until a session ends, or until a string appears in its output.
import { reach, target } from '../lib/ask.js'
import { Fatal, Trouble } from '../lib/die.js'
import { command } from '../lib/main.js'
import { count, options } from '../lib/options.js'
import { Search } from '../lib/search.js'
import { watch, type End } from '../lib/watch.js'

const USAGE = 'sesswait [-s name] [-m string] [-t seconds]'

export const sesswait = command('sesswait', async argv => {
  const { values } = options(argv, 's:m:t:', USAGE, 0)
  const name = target(values.get('s'))
  const late = timeout(values.get('t'))
  const sought = values.get('m')
  if (sought === '') throw new Fatal('-m needs a string that is not empty', 1)
  const socket = await reach(name, '')
  if (!socket) throw new Fatal(`cannot find session ${name}; if it exists, do you own it?`)
  const search = new Search(Buffer.from(sought ?? ''))
  const end = await Promise.race([
    late,
    watch(socket, sought === undefined ? 0 : Number.MAX_SAFE_INTEGER, {
      output: bytes => Promise.resolve(sought !== undefined && search.find(bytes)),
      caughtUp: () => false,
      notice: () => undefined,
    }),
  ])
  return end === 'late' ? 1 : status(name, end, sought !== undefined)
})

function timeout(seconds: string | undefined): Promise<'late'> {
  if (seconds === undefined) return new Promise(() => undefined)
  const limit = count(seconds, 0, 2000000, 'seconds')
  return new Promise(done => setTimeout(() => done('late'), limit * 1000))
}

function status(name: string, end: End, seeking: boolean): number {
  if (end.why === 'enough') return 0
  if (end.why === 'gone') throw new Trouble(`session ${name} is gone`)
  if (seeking) throw new Fatal(`session ${name} ended before that`)
  return end.why === 'ended' ? end.status : 129
}

