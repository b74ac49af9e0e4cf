import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'

/** Files that import nothing of ours. */
const WORDS = [
  'alive/ssh',
  'alive/tcp',
  'alive/verdict',
  'die',
  'event',
  'look',
  'name',
  'pace',
  'printable',
  'screen',
  'search',
  'sequences',
  'settings',
  'shape',
  'utf8',
  'when',
  'wire',
]

/** What a master knows and can do, for its decisions. */
const KNOWN = ['master/state']

/** Decisions that live in a room of one process. */
const PURE = ['master/step', 'master/tape', 'master/typing', 'signaller/state']

/** What they do with the machine, for run.ts; and what commands share. */
const PARTS = [
  'ask',
  'main',
  'start',
  'type',
  'watch',
  'master/clients',
  'master/expiry',
  'master/presence',
  'master/program',
  'master/recorder',
  'master/starter',
  'play/stage',
  'record',
  'signaller/user',
]

/** What carries bytes, for the clients and for commands; and how it is made of what was lent. */
const CARRIERS = ['master/channel', 'master/input', 'pieces']
const LENT = ['master/client', 'master/lent']

/** What does what a process is there for, as it is told. */
const DOERS = ['master/session', 'script']

/** Words that are made of what other files decide. */
const MADE = [
  'alive/advice',
  'alive/chosen',
  'alive/report',
  'orders',
  'recording',
  'resume',
  'wishes',
]

/** What uses a room of a process, for commands. */
const WHOLE = ['under']

/** What other files of lib/sys are made with. */
const TOOLS = ['sys/fdinfo', 'sys/find', 'sys/line', 'sys/plain']

/** What may be imported that is not ours, and where. */
const ALLOWED: [what: RegExp, where: RegExp][] = [
  [/^node:(fs|net|tty|child_process|v8)$/, /^lib\/sys\//],
  [/^node:(path|os)$/, /^(lib\/sys\/|lib\/.*\/(run|program)$|cmd\/)/],
  [/^minimist$/, /^lib\/options$/],
]

/** The floor that a file is on; the roof has no number. */
function floor(file: string): number {
  const name = file.replace(/^lib\//, '')
  if (file.startsWith('cmd/bundles/')) return 6
  if (file.startsWith('cmd/')) return 5
  if (WHOLE.includes(name)) return 4.5
  if (file.endsWith('/run')) return 4
  if (DOERS.includes(name)) return 3.5
  if (PARTS.includes(name)) return 3
  if (LENT.includes(name)) return 2.6
  if (CARRIERS.includes(name)) return 2.3
  if (TOOLS.includes(name)) return 1.9
  if (file.startsWith('lib/sys/')) return 2
  if (MADE.includes(name)) return 1.5
  if (KNOWN.includes(name)) return 0.5
  return WORDS.includes(name) ? 0 : 1
}

/** Sources, without their suffix, in the directory that the tests are run from. */
function sources(...directories: string[]): string[] {
  const files = directories.flatMap(directory =>
    readdirSync(directory, { recursive: true, encoding: 'utf8' }).map(
      name => `${directory}/${name}`,
    ),
  )
  return files.filter(file => file.endsWith('.ts')).map(file => file.slice(0, -3))
}

const text = (file: string): string => readFileSync(`${file}.ts`, 'utf8')

/** What a file imports: ours as a file, others by their names. */
function imports(file: string): string[] {
  const found = text(file).matchAll(
    /^(?:import|export|\}).*? from '([^']+)'$|import\('([^']+)'\)/gm,
  )
  return Array.from(found, ([, one, other]) => {
    const what = one ?? other ?? ''
    return what.startsWith('.') ? path.join(path.dirname(file), what).replace(/\.js$/, '') : what
  })
}

/** What is declared in a file. */
const DECLARED = /(?<=\b(class|function|interface|type|const|let) )\w+/g

/** Names that say nothing. */
const EMPTY = /^_|^I[A-Z][a-z]|[Uu]til|[Hh]elper|[Mm]anager|[Hh]andler/

const skip = !existsSync('tsconfig.json') && 'the sources are elsewhere'

t.test('the sources keep to their floors', { skip }, async t => {
  const ours = sources('cmd', 'lib')

  t.test('a file imports from floors below its own', async t => {
    const wrong = ours.flatMap(file => {
      const others = imports(file).filter(what => ours.includes(what))
      return others.filter(what => floor(what) >= floor(file)).map(what => `${file}: ${what}`)
    })
    t.strictSame(wrong, [])
    t.ok(ours.flatMap(imports).length > 150, 'and there are many')
    const named = [WORDS, KNOWN, MADE, PURE, PARTS, DOERS, CARRIERS, LENT, WHOLE, TOOLS]
      .flat()
      .map(name => `lib/${name}`)
    const missing = named.filter(file => !ours.includes(file))
    t.strictSame(missing, [])
  })

  t.test('only lib/sys knows the machine', async t => {
    const wrong = ours.flatMap(file => {
      const others = imports(file).filter(what => !ours.includes(what))
      const allowed = (what: string) => ALLOWED.some(([it, at]) => it.test(what) && at.test(file))
      return others.filter(what => !allowed(what)).map(what => `${file}: ${what}`)
    })
    t.strictSame(wrong, [])
    const bound = ours.filter(file => /\bbinding\(|getBuiltinModule/.test(text(file)))
    t.strictSame([...new Set(bound.map(file => path.dirname(file)))], ['lib/sys'])
  })

  t.test('a file is short, and named after what it is about', async t => {
    const files = [...ours, ...sources('test')]
    const long = files.filter(file => text(file).trimEnd().split('\n').length > 300)
    t.strictSame(long, [])
    const names = ours.flatMap(file => text(file).match(DECLARED) ?? [])
    const empty = [...files, ...names].filter(name => EMPTY.test(name))
    t.strictSame(empty, [])
  })
})
