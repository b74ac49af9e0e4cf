// The letters of pty 4.0, one by one and in their order, as its manual has them.
import t from 'tap'
import { Fatal } from '../../lib/die.js'
import { Asked } from '../../lib/options.js'
import { PROTECTING, ptyWishes, sessWishes, type Wishes } from '../../lib/wishes.js'

type Row = [options: string, expected: Partial<Wishes>]

/** Only how it differs from pty or sess without options. */
function differs(wishes: Wishes, plain: Wishes): Partial<Wishes> {
  const keys = Object.keys(plain) as (keyof Wishes)[]
  const other = keys.filter(key => JSON.stringify(wishes[key]) !== JSON.stringify(plain[key]))
  return Object.fromEntries(other.map(key => [key, wishes[key]]))
}

const words = (options: string) => options.split(' ').filter(Boolean)
const pty = (options: string) => ptyWishes([...words(options), 'prog'])
const sess = (options: string) => sessWishes(words(options))

function ptys(title: string, table: Row[]): void {
  t.test(title, async t => {
    for (const [options, expected] of table)
      t.strictSame(differs(pty(options), pty('')), expected, options)
  })
}

t.test('without options', async t => {
  t.match(pty(''), { session: false, quiet: false, verbose: false, utmp: false, host: '' })
  t.match(pty(''), { reads: true, touches: true, jobs: true, detached: false, piped: false })
  t.match(pty(''), { keeps: [], modes: '', operands: ['prog'], alone: false })
  t.strictSame(differs(sess(''), pty('')), { operands: [], session: true })
})

const SILENT = { quiet: true }
const TALKS = { verbose: true }
const DETACHED = { detached: true, jobs: false, touches: false }
const ZERO = { keeps: [2, 3] as (2 | 3)[], touches: false, modes: '0' }
const ERR = { keeps: [2, 3] as (2 | 3)[] }
const TTY = { keeps: [3] as (2 | 3)[] }

ptys('each letter, and its capital', [
  ['-q', SILENT],
  ['-qQ', {}],
  ['-v', TALKS],
  ['-vV', {}],
  ['-vQ', {}],
  ['-qV', {}],
  ['-s', { session: true }],
  ['-sS', {}],
  ['-R', { reads: false, touches: false }],
  ['-Rr', {}],
  ['-T', { touches: false }],
  ['-Tt', {}],
  ['-d', DETACHED],
  ['-dD', {}],
  ['-J', { jobs: false }],
  ['-Jj', {}],
  ['-e', ERR],
  ['-3', TTY],
  ['-eE', {}],
  ['-3E', {}],
  ['-0', ZERO],
  ['-u', { utmp: true }],
  ['-uU', {}],
  ['-xu', { utmp: true }],
  ['-xu -xU', {}],
  ['-hhere', { host: 'here' }],
  ['-h here', { host: 'here' }],
  ['-pcE', { modes: 'cE' }],
])

ptys('the later one counts', [
  ['-qv', TALKS],
  ['-vq', SILENT],
  ['-Qq', SILENT],
  ['-e3', TTY],
  ['-3e', ERR],
  ['-E3', TTY],
  ['-Ss', { session: true }],
  ['-us', { session: true, utmp: true }],
  ['-uS', {}],
  ['-Su', { utmp: true }],
  ['-xuU', {}],
  ['-xUu', { utmp: true }],
  ['-uxU', {}],
  ['-JD', {}],
  ['-TD', {}],
  ['-DT', { touches: false }],
  ['-u0', ZERO],
  ['-0u', { ...ZERO, utmp: true }],
  ['-t0', ZERO],
  ['-0t', { ...ERR, modes: '0' }],
  ['-0E', { touches: false, modes: '0' }],
  ['-03', { ...ZERO, ...TTY }],
  ['-0D', { ...ERR, modes: '0' }],
  ['-ha -hb', { host: 'b' }],
  ['-pc -pE -p8', { modes: 'cE8' }],
  ['-pR0', { modes: 'R0' }],
  ['-pe -0 -pR', { ...ZERO, modes: 'e0R' }],
])

ptys('what some force, whatever else is said', [
  ['-se', { session: true }],
  ['-es', { session: true }],
  ['-3s', { session: true }],
  ['-eSs', { session: true }],
  ['-es -S', ERR],
  ['-Rt', { reads: false, touches: false }],
  ['-RD', { reads: false, touches: false }],
  ['-tR', { reads: false, touches: false }],
  ['-dt', DETACHED],
  ['-td', DETACHED],
  ['-dj', { detached: true, touches: false }],
  ['-jd', DETACHED],
  ['-s0', ZERO],
  ['-0s', { session: true, touches: false, modes: '0' }],
])

t.test('what protects the terminal is -0, and the options given change it', async t => {
  const called = (...argv: string[]) => ptyWishes([...argv, 'prog'], 'ttyprotect', PROTECTING)
  t.strictSame(called(), pty('-0'))
  t.strictSame(called('-d', '-pe'), pty('-0dpe'))
  t.strictSame(called('-E'), pty('-0E'))
})

t.test('sess is pty -s with options of its own', async t => {
  const table: Row[] = [
    ['-q', SILENT],
    ['-qQ', {}],
    ['-qv', TALKS],
    ['-vq', SILENT],
    ['-vQ', {}],
    ['-vV', {}],
    ['-R', { reads: false, touches: false }],
    ['-Rr', {}],
    ['-Rt', { reads: false, touches: false }],
    ['-T', { touches: false }],
    ['-Tt', {}],
    ['-J', { jobs: false }],
    ['-Jj', {}],
    ['-u', { utmp: true }],
    ['-uU', {}],
    ['-n', { alone: true }],
    ['-d block', { policy: 'block' }],
    ['-ddrop -dkeep', {}],
    ['-b1', { size: 1 }],
    ['-x60', { minutes: 60 }],
    ['-N title', { title: 'title' }],
    ['-C/tmp', { directory: '/tmp' }],
    ['-pc -pE', { modes: 'cE' }],
    ['-q prog -v', { quiet: true, operands: ['prog', '-v'] }],
  ]
  for (const [options, expected] of table)
    t.strictSame(differs(sess(options), sess('')), expected, options)
})

t.test('the options end at the program', async t => {
  const operands = (...argv: string[]) => ptyWishes(argv).operands
  t.strictSame(operands('vi', '-q', '--', '-R'), ['vi', '-q', '--', '-R'])
  t.strictSame(operands('-q', '--', '-sh', '-R'), ['-sh', '-R'])
  t.strictSame(ptyWishes(['-s']).operands, [], 'a session has the shell if nothing is said')
})

/** The level, the status and the line, without the usage that may follow it. */
function said(what: () => unknown): unknown {
  try {
    return what()
  } catch (error) {
    if (error instanceof Asked) return [error.what]
    if (!(error instanceof Fatal)) return error
    return [error.level, error.status, error.message.replace(/; .*/, '')]
  }
}

t.test('what is not there is refused', async t => {
  const refused = (...argv: string[]) => said(() => ptyWishes(argv))
  t.strictSame(refused(), ['usage', 1, 'what program do you want to run?'])
  t.strictSame(refused('-sS'), ['usage', 1, 'what program do you want to run?'])
  t.strictSame(refused('-h'), ['usage', 1, 'option -h needs a value'])
  t.strictSame(refused('-p'), ['usage', 1, 'option -p needs a value'])
  const security = (letter: string) => ['fatal', 1, `unrecognized security option -x${letter}`]
  t.strictSame(refused('-xuw', 'prog'), security('w'))
  t.strictSame(refused('-x', 'ue', 'prog'), security('e'))
  for (const letter of 'ACHOW')
    t.strictSame(refused(`-${letter}`, 'prog'), ['usage', 1, `unknown option -${letter}`])
  for (const letter of 'nbNC')
    t.strictSame(refused(`-${letter}`, 'prog'), ['usage', 1, `unknown option -${letter}`])
  t.strictSame(refused('--help'), ['help'])
  t.strictSame(refused('--version'), ['version'])
  const wrong = (...argv: string[]) => said(() => sessWishes(argv))
  for (const letter of 'sSeE3D0')
    t.strictSame(wrong(`-${letter}`), ['usage', 1, `unknown option -${letter}`])
  t.strictSame(wrong('-h'), ['help'])
  t.strictSame(wrong('-d', 'no'), ['fatal', 2, 'a policy is keep, block or drop'])
  t.strictSame(wrong('-N', 'é'.repeat(128)), ['fatal', 2, 'a title has at most 255 bytes'])
})

t.test('an empty value changes nothing', async t => {
  t.equal(ptyWishes(['-u', '-x', '', 'prog']).utmp, true)
  t.equal(ptyWishes(['-pc', '-p', '', 'prog']).modes, 'c')
})
