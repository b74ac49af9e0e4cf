// sess: runs a program under a new session, and is its signaller.
import { caller } from '../lib/caller.js'
import { Fatal, apart } from '../lib/die.js'
import { command } from '../lib/main.js'
import { count, options, type Options } from '../lib/options.js'
import type { Settings } from '../lib/orders.js'
import { Signaller } from '../lib/signaller/run.js'
import { start } from '../lib/start.js'
import { enter, find, isOurs } from '../lib/sys/find.js'
import { print } from '../lib/sys/say.js'
import { size } from '../lib/sys/terminal.js'

const USAGE =
  'sess [-qvRTJnu] [-d keep|block|drop] [-b bytes] [-x minutes] [-N title] [-C dir] [program [arg ...]]'

export const sess = command('sess', async argv => {
  let quiet = false
  try {
    const given = options(argv, 'qQvVrRtTjJnuUd:b:x:N:C:', USAGE)
    quiet = given.on('q')
    return await under(given)
  } catch (error) {
    if (!(error instanceof Fatal)) throw error
    const ours = apart(error)
    if (quiet) return ours.status
    throw ours
  }
})

async function under({ on, values, operands }: Options): Promise<number> {
  const settings = prepare(values, operands, on('u'), !on('n'), !on('J'))
  const { file } = settings.command
  if (on('n')) {
    const { name } = await start(settings)
    print(name)
    return 0
  }
  // What is typed is not for reconnect, which is done at once, but for the session that it leads to.
  const later = isOurs(file, 'reconnect', process.env['SESS_BIN'])
  const read = on('R') ? false : later ? 'later' : true
  return new Promise((done, fail) => {
    const habits = { quiet: on('q'), read, touch: !on('T'), jobs: !on('J') } as const
    const signaller = new Signaller(habits, done)
    settings.command.modes = signaller.user.saved ?? ''
    start(settings).then(({ name, line }) => {
      if (on('v')) signaller.user.say('info', `session ${name} created`)
      signaller.begin(name, line)
    }, fail)
  })
}

function prepare(
  values: Options['values'],
  operands: string[],
  utmp: boolean,
  awaited: boolean,
  jobs: boolean,
): Settings {
  const { env, files, nohup } = caller(process.env)
  const argv = operands.length > 0 ? operands : [env['SHELL'] ?? '/bin/sh']
  const [program = ''] = argv
  const title = values.get('N') ?? ''
  if (Buffer.byteLength(title) > 255) throw new Fatal('a title has at most 255 bytes')
  const policy = values.get('d') ?? 'keep'
  if (policy !== 'keep' && policy !== 'block' && policy !== 'drop') {
    throw new Fatal('a policy is keep, block or drop')
  }
  const directory = values.get('C')
  const cwd = directory === undefined ? `/proc/${process.pid}/cwd` : enter(directory)
  if (directory !== undefined) env['PWD'] = cwd
  const bash = findBash()
  const file = find(program.replace(/^-/, ''), env['PATH'])
  return {
    command: { argv, file, env, modes: '', files, nohup, jobs, bash },
    cwd,
    ...(size() ?? { rows: 24, columns: 80 }),
    policy,
    size: count(values.get('b') ?? '262144', 0, 16777216, 'bytes'),
    minutes: count(values.get('x') ?? '0', 0, 10000000, 'minutes'),
    title,
    utmp,
    awaited,
  }
}

function findBash(): string | undefined {
  try {
    return find('bash')
  } catch {
    return undefined
  }
}
