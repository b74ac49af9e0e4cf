// Runs a program on a terminal of its own, under a session or not, and is its signaller.
import { caller } from './caller.js'
import { Fatal, apart } from './die.js'
import type { Kept } from './leader.js'
import type { Settings } from './orders.js'
import { Signaller } from './signaller/run.js'
import { start } from './start.js'
import { directoryPath } from './sys/directory.js'
import { enter, find, isOurs } from './sys/find.js'
import { kept } from './sys/kept.js'
import { print } from './sys/say.js'
import { noted, size } from './sys/terminal.js'
import { tuned } from './tuning.js'
import type { Wishes } from './wishes.js'

/** Does what `wish` says that is wanted. Returns what to exit with. Throws Fatal, 100 or more. */
export async function under(wish: () => Wishes): Promise<number> {
  let quiet = false
  try {
    const wishes = wish()
    quiet = wishes.quiet
    return await go(wishes)
  } catch (error) {
    if (!(error instanceof Fatal)) throw error
    const ours = apart(error)
    if (quiet) return ours.status
    throw ours
  }
}

async function go(wishes: Wishes): Promise<number> {
  const settings = prepare(wishes)
  const { quiet, verbose, reads, touches, jobs, alone, detached } = wishes
  if (alone) {
    const { name } = await start(settings)
    print(name)
    return 0
  }
  // What is typed is not for reconnect, which is done at once, but for the session that it leads to.
  const later = isOurs(settings.command.file, 'reconnect', process.env['SESS_BIN'])
  const read = reads && (later ? 'later' : true)
  return new Promise((done, fail) => {
    const signaller = new Signaller({ quiet, read, touch: touches, jobs }, done)
    if (!detached) settings.command.modes = signaller.user.saved ?? noted() ?? ''
    start(settings).then(({ name, line }) => {
      if (verbose) signaller.user.say('info', `session ${name} created`)
      signaller.begin(name, line)
    }, fail)
  })
}

function prepare(wishes: Wishes): Settings {
  const { env, files, nohup, third } = caller(process.env)
  const { operands, jobs, alone, directory, piped } = wishes
  const argv = operands.length > 0 ? operands : [env['SHELL'] ?? '/bin/sh']
  const [program = ''] = argv
  const cwd = directory === undefined ? `/proc/${process.pid}/cwd` : enter(directory)
  if (directory !== undefined) env['PWD'] = cwd
  const bash = findBash()
  const file = find(program.replace(/^-/, ''), env['PATH'])
  const pipe = piped ? directoryPath(process.geteuid?.() ?? 0, process.env) : ''
  const own = { modes: '', tuned: tuned(wishes.modes), kept: keep(wishes, third), pipe }
  const { session, policy, size: most, minutes, title, utmp, host } = wishes
  return {
    command: { argv, file, env, ...own, files, nohup, jobs, bash },
    cwd,
    ...(size() ?? { rows: 24, columns: 80 }),
    ...{ session, policy, size: most, minutes, title, utmp, host },
    awaited: !alone,
  }
}

/** A third descriptor that the caller has not is the terminal, as all know it. */
function keep({ keeps }: Wishes, third: boolean): Kept[] {
  const terminal: Kept = { fd: 3, how: '<>', from: '/dev/tty' }
  const missing = keeps.includes(2) ? [] : [terminal]
  return keeps.flatMap(fd => (fd === 3 && !third ? missing : (kept(fd) ?? [])))
}

function findBash(): string | undefined {
  try {
    return find('bash')
  } catch {
    return undefined
  }
}
