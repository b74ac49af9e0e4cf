// sessmenu's question: prints `new`, `plain` or `reconnect NAME`, the user's wish, for sessmenu.sh to
// carry out. The dialogue itself goes to the controlling terminal.
import { everyone } from '../lib/ask.js'
import { Trouble } from '../lib/die.js'
import { command } from '../lib/main.js'
import { NOTHING, greeting, press, type Offer, type Outcome } from '../lib/menu.js'
import { deviceOf } from '../lib/name.js'
import { options } from '../lib/options.js'
import { talk } from '../lib/sys/keys.js'
import { processOf, ps } from '../lib/sys/processes.js'
import { print } from '../lib/sys/say.js'
import { openControlling, raw, restore, save, size } from '../lib/sys/terminal.js'
import type { Info } from '../lib/wire.js'

const PATIENCE = 5 * 60 * 1000

function offer(info: Info, columns: number): Offer {
  const { name, title, since, state, status } = info
  const device = deviceOf(name)
  const offered = { name, device, title, since }
  if (state === 'ended') return { ...offered, ps: '', ended: status }
  // Command lines tell most about a session: they may take a second line.
  return { ...offered, ps: ps(device, 2 * columns, leaderOf(info)) }
}

/** The leader is ours, and tells the user nothing. */
function leaderOf({ pid, slave }: Info): number | undefined {
  const parent = processOf(slave)?.parent
  return parent === pid ? undefined : parent
}

async function ask(offers: Offer[]): Promise<Outcome> {
  const [terminal, spoken] = [openControlling(), openControlling()]
  const saved = terminal === undefined ? undefined : save(terminal)
  if (terminal === undefined || spoken === undefined || saved === undefined) {
    throw new Trouble('there is no terminal')
  }
  const signals = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 }
  for (const [signal, status] of Object.entries(signals)) {
    process.once(signal, () => process.exit(status))
  }
  process.once('exit', () => restore(terminal, saved))
  raw(terminal)
  const names = offers.map(({ name }) => name)
  let typed = NOTHING
  let outcome: Outcome = 'plain'
  const hear = (key: number): { say: string; over: boolean } => {
    const pressed = press(names, typed, key)
    typed = pressed.typed
    outcome = pressed.outcome ?? outcome
    return { say: pressed.say, over: pressed.outcome !== undefined }
  }
  await talk(spoken, greeting(offers), hear, PATIENCE)
  return outcome
}

export const menu = command('sessmenu', async argv => {
  options(argv, '', 'sessmenu [program [arg ...]]')
  const columns = size()?.columns ?? 80
  const { sessions } = await everyone()
  const disconnected = sessions.flatMap(({ info }) => {
    return info && info.state !== 'connected' ? [offer(info, columns)] : []
  })
  const outcome = disconnected.length > 0 ? await ask(disconnected) : 'new'
  print(typeof outcome === 'string' ? outcome : `reconnect ${outcome.choose}`)
  return 0
})
