// sesswait: waits until a session ends, or until a string appears in its output.
import { find, target } from '../lib/ask.js'
import { Fatal } from '../lib/die.js'
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
  const socket = await find(name, '')
  const begin = (): Search => new Search(Buffer.from(sought ?? ''))
  let search = begin()
  const looking = watch(name, socket, {
    tty: '',
    kept: sought === undefined ? 0 : Number.MAX_SAFE_INTEGER,
    follow: true,
    output: bytes => Promise.resolve(sought !== undefined && search.find(bytes)),
    lost: () => (search = begin()),
  })
  const end = await Promise.race([looking, late])
  return end === 'late' ? 1 : status(name, end, sought !== undefined)
})

function timeout(seconds: string | undefined): Promise<'late'> {
  if (seconds === undefined) return new Promise(() => undefined)
  const limit = count(seconds, 1, 2000000, 'seconds')
  return new Promise(done => setTimeout(() => done('late'), limit * 1000))
}

function status(name: string, end: End, seeking: boolean): number {
  if (end.why === 'enough') return 0
  if (seeking) throw new Fatal(`session ${name} has ended, and did not write that`)
  return end.why === 'ended' ? end.status : KILLED
}

/** As of a program that SIGHUP has ended. */
const KILLED = 129
