import fc from 'fast-check'
import t from 'tap'
import { Fatal, Usage } from '../../lib/die.js'
import { Asked, count, decimal, options, sessionName } from '../../lib/options.js'

const USAGE = 'sess [options] [program [arg ...]]'
const SPEC = 'qQvVrRuUnN:mys:b:x:Xd: --json --log:'

/** What the options came to: the flags that are on, the values, the operands. */
function read(argv: string[], spec = SPEC): [flags: string, values: object, operands: string[]] {
  const { on, values, operands } = options(argv, spec, USAGE)
  const flags = ['q', 'v', 'r', 'u', 'n', 'm', 'y', 'json'].filter(flag => on(flag))
  return [flags.join(' '), Object.fromEntries(values), operands]
}

/** What it throws, as it is said: the level, the status, the line. */
function said(what: () => unknown): unknown {
  try {
    return what()
  } catch (error) {
    if (error instanceof Asked) return [error.what, error.message]
    return error instanceof Fatal ? [error.level, error.status, error.message] : error
  }
}

const refused = (argv: string[], spec = SPEC, most = Infinity) =>
  said(() => options(argv, spec, USAGE, most))

t.test('options are read as getopt reads them', async t => {
  const table: [argv: string[], flags: string, values: object, operands: string[]][] = [
    [[], '', {}, []],
    [['-q'], 'q', {}, []],
    [['-qv'], 'q v', {}, []],
    [['-q', '-v'], 'q v', {}, []],
    [['-q', '-q', '-qq'], 'q', {}, []],
    [['-sp7'], '', { s: 'p7' }, []],
    [['-s', 'p7'], '', { s: 'p7' }, []],
    [['-mysqf'], 'm y', { s: 'qf' }, []],
    [['-mys', 'qf'], 'm y', { s: 'qf' }, []],
    [['-sqf', '-m'], 'm', { s: 'qf' }, []],
    [['-s', 'p7', '-sqf'], '', { s: 'qf' }, []],
    [['-s', ''], '', { s: '' }, []],
    [['-s='], '', { s: '=' }, []],
    [['-s=p7'], '', { s: '=p7' }, []],
    [['-b007'], '', { b: '007' }, []],
    [['-b', '1e3'], '', { b: '1e3' }, []],
    [['-b', '0x10'], '', { b: '0x10' }, []],
    [['-b', '-1'], '', { b: '-1' }, []],
    [['-s', '-q'], '', { s: '-q' }, []],
    [['-s', '--', '-q'], 'q', { s: '--' }, []],
    [['-s', '--help'], '', { s: '--help' }, []],
    [['-sfalse', '-b', 'true'], '', { s: 'false', b: 'true' }, []],
    [['-q', 'true'], 'q', {}, ['true']],
    [['-q', 'false'], 'q', {}, ['false']],
    [['-nN', 'a title'], 'n', { N: 'a title' }, []],
    [['-Nn'], '', { N: 'n' }, []],
    [['-s', 'é\n\x1b'], '', { s: 'é\n\x1b' }, []],
    [['-vsé'], 'v', { s: 'é' }, []],
    [['--json'], 'json', {}, []],
    [['--json', '--json', '-q'], 'q json', {}, []],
    [['--log', 'f'], '', { log: 'f' }, []],
    [['--log=f=g\nh'], '', { log: 'f=g\nh' }, []],
    [['--log='], '', { log: '' }, []],
    [['--log', '--json'], '', { log: '--json' }, []],
    [['--log', 'a', '--log=b'], '', { log: 'b' }, []],
  ]
  for (const [argv, ...expected] of table) t.strictSame(read(argv), expected, argv.join(' '))
})

t.test('the first operand ends the options, and so does --', async t => {
  const table: [argv: string[], flags: string, operands: string[]][] = [
    [['ls', '-q'], '', ['ls', '-q']],
    [['--', 'ls', '--', '-l'], '', ['ls', '--', '-l']],
    [['ls', '--', '-l'], '', ['ls', '--', '-l']],
    [['-q', '--', '-v'], 'q', ['-v']],
    [['-q', '--', '--'], 'q', ['--']],
    [['--'], '', []],
    [['-'], '', ['-']],
    [['-q', '-', '-v'], 'q', ['-', '-v']],
    [['', '-q'], '', ['', '-q']],
    [['007', '1e3', '-0', ''], '', ['007', '1e3', '-0', '']],
    [
      ['sh', '-c', 'exit 3', '--help', '--version'],
      '',
      ['sh', '-c', 'exit 3', '--help', '--version'],
    ],
    [['--', '--toString', '--__proto__.x=1'], '', ['--toString', '--__proto__.x=1']],
  ]
  for (const [argv, flags, operands] of table) {
    t.strictSame(read(argv), [flags, {}, operands], argv.join(' '))
  }
})

t.test('a capital letter turns the small one off, and the later wins', async t => {
  const table: [argv: string[], on: boolean][] = [
    [['-u'], true],
    [['-U'], false],
    [['-uU'], false],
    [['-Uu'], true],
    [['-u', '-U'], false],
    [['-U', '-u'], true],
    [['-uUu'], true],
    [['-UuqU'], false],
  ]
  for (const [argv, expected] of table) {
    const { on } = options(argv, 'uUq', USAGE)
    t.equal(on('u'), expected, argv.join(' '))
    t.equal(on('u', true), expected, `${argv.join(' ')}, whatever the default`)
    t.equal(on('U'), !expected, `${argv.join(' ')}, asked the other way round`)
  }
  t.equal(options([], 'uU', USAGE).on('u'), false)
  t.equal(options([], 'uU', USAGE).on('u', true), true, 'neither given: the default')
})

t.test('a capital letter also takes back a value', async t => {
  t.strictSame(read(['-x5', '-X'])[1], {})
  t.strictSame(read(['-X', '-x', '5'])[1], { x: '5' })
  t.strictSame(read(['-x5', '-x6', '-Xx7'])[1], { x: '7' })
})

t.test('a capital letter that takes a value, or stands alone, is an option of its own', async t => {
  t.strictSame(read(['-n', '-Nx']), ['n', { N: 'x' }, []])
  t.strictSame(read(['-Nx', '-n']), ['n', { N: 'x' }, []])
  t.equal(options(['-R'], 'R', USAGE).on('R'), true)
  t.equal(options(['-0'], '0', USAGE).on('0'), true)
})

const wrong = (what: string) => ['usage', 1, `${what}; ${USAGE}`]

t.test('wrong use is one line: what is wrong, then the usage', async t => {
  const table: [argv: string[], what: string][] = [
    [['-z'], 'unknown option -z'],
    [['-qz'], 'unknown option -z'],
    [['-1'], 'unknown option -1'],
    [['-:'], 'unknown option -:'],
    [['-q='], 'unknown option -='],
    [['-q-'], 'unknown option --'],
    [['---'], 'unknown option ---'],
    [['-é'], 'unknown option -é'],
    [['-💻'], 'unknown option -💻'],
    [['-\x1b[31m'], 'unknown option -^['],
    [['-\n'], 'unknown option -^J'],
    [['--zap'], 'unknown option --zap'],
    [['--zap=1'], 'unknown option --zap'],
    [['--q'], 'unknown option --q'],
    [['--s=p7'], 'unknown option --s'],
    [['--js'], 'unknown option --js'],
    [['--no-json'], 'unknown option --no-json'],
    [['--=x'], 'unknown option --'],
    [['--json=1'], 'option --json takes no value'],
    [['--json='], 'option --json takes no value'],
    [['--json=false'], 'option --json takes no value'],
    [['--help=x'], 'option --help takes no value'],
    [['-s'], 'option -s needs a value'],
    [['-mys'], 'option -s needs a value'],
    [['--log'], 'option --log needs a value'],
    [['--toString'], 'unknown option --toString'],
    [['--constructor'], 'unknown option --constructor'],
    [['--__proto__'], 'unknown option --__proto__'],
    [['--__proto__.x=1'], 'unknown option --__proto__.x'],
    [['--_'], 'unknown option --_'],
    [['--a\x1b]0;b\x07\nc\u202e'], 'unknown option --a^[]0;b^G^Jc\\u{202e}'],
    [[`--${'x'.repeat(5000)}`], `unknown option --${'x'.repeat(39)}…`],
    [[`--${'\x1b'.repeat(5000)}`], `unknown option --${'^['.repeat(19)}^…`],
  ]
  for (const [argv, what] of table) {
    t.strictSame(refused(argv), wrong(what), JSON.stringify(argv).slice(0, 60))
  }
  t.equal(({} as { x?: number }).x, undefined, 'no prototype was touched')
})

t.test('a surplus operand is refused where the command says how many it takes', async t => {
  t.strictSame(options(['p7'], 's:', USAGE, 1).operands, ['p7'])
  t.strictSame(options(['--', '-s'], 's:', USAGE, 1).operands, ['-s'])
  const table: [argv: string[], most: number, shown: string][] = [
    [['x'], 0, 'x'],
    [[''], 0, ''],
    [['p7', '-s', 'qf'], 1, '-s'],
    [['\x1b'.repeat(900)], 0, `${'^['.repeat(19)}^…`],
  ]
  for (const [argv, most, shown] of table) {
    t.strictSame(refused(argv, 's:', most), wrong(`unexpected operand '${shown}'`), shown)
  }
})

t.test('help and version are asked for by every command', async t => {
  const table: [argv: string[], spec: string, what: 'help' | 'version'][] = [
    [['--help'], '', 'help'],
    [['-h'], 'q', 'help'],
    [['-qh'], 'q', 'help'],
    [['--version'], 'vV', 'version'],
    [['-q', '--version', '--help'], 'q', 'version'],
    [['--help', '--zap'], '', 'help'],
    [['--help', 'surplus'], '', 'help'],
  ]
  for (const [argv, spec, what] of table) {
    t.strictSame(refused(argv, spec, 0), [what, USAGE], argv.join(' '))
  }
  t.strictSame(
    refused(['--zap', '--help']),
    wrong('unknown option --zap'),
    'but not after a mistake',
  )
  t.equal(options(['-h'], 'h', USAGE).on('h'), true, '-h is help only where it means nothing else')
  t.equal(options(['-hx'], 'h:', USAGE).values.get('h'), 'x')
})

t.test('any words give options or one printable line; operands stay as they are', async () => {
  const odd = [
    '-',
    '--',
    '-s',
    '-q',
    '-uU',
    '--json',
    '--log=',
    '--help',
    '--__proto__',
    '-=',
    '007',
    '',
  ]
  const word = fc.oneof(fc.constantFrom(...odd), fc.string({ unit: 'binary' }), fc.string())
  fc.assert(
    fc.property(fc.array(word), argv => {
      try {
        const { operands } = options(argv, SPEC, USAGE)
        const tail = operands.length === 0 ? [] : argv.slice(-operands.length)
        return operands.every((operand, i) => operand === tail[i])
      } catch (error) {
        if (error instanceof Asked) return true
        return error instanceof Usage && /^[^\p{Cc}]{1,140}$/u.test(error.message)
      }
    }),
  )
  fc.assert(
    fc.property(fc.array(word), operands => {
      const read = options(['-q', '--', ...operands], SPEC, USAGE)
      return JSON.stringify(read.operands) === JSON.stringify(operands)
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), value => {
      const apart = options(['-s', value, '--log', value], SPEC, USAGE).values
      const joined = options([`-qs${value || '-'}`, `--log=${value}`], SPEC, USAGE).values
      return (
        apart.get('s') === value &&
        apart.get('log') === value &&
        joined.get('s') === (value || '-') &&
        joined.get('log') === value
      )
    }),
  )
})

t.test('a count is a whole decimal number within its range', async t => {
  t.equal(count('0', 0, 524288, 'the buffer'), 0)
  t.equal(count('007', 0, 524288, 'the buffer'), 7)
  t.equal(count('524288', 0, 524288, 'the buffer'), 524288)
  const bad = ['', ' ', '-1', '+1', '1.0', '1e3', '0x10', '524289', '9'.repeat(400), '1\n', '٣']
  const counted = (...given: Parameters<typeof count>) => said(() => count(...given))
  const begin = 'the buffer must be a whole number from 0 to 524288, not'
  for (const text of bad) {
    const shown = text.length > 40 ? `${text.slice(0, 39)}…` : text.replace('\n', '^J')
    const line = `${begin} '${shown}'`
    t.strictSame(counted(text, 0, 524288, 'the buffer'), ['fatal', 1, line], shown)
  }
  const line = "-x must be a whole number from 5 to 9, not '4'"
  t.strictSame(counted('4', 5, 9, '-x'), ['fatal', 1, line])
})

t.test('a decimal number is read whole and in its limits', async t => {
  for (const text of ['0', '1.5', '007', '2.', '.5', '9'])
    t.equal(decimal(text, 0, 9, 'speed'), Number(text))
  for (const text of ['', '.', '-1', '+1', '1e3', '0x1', '9.1', '1,5', 'NaN', 'Infinity', '1 ']) {
    const line = `speed must be a number from 0 to 9, not '${text}'`
    t.strictSame(
      said(() => decimal(text, 0, 9, 'speed')),
      ['fatal', 1, line],
    )
  }
})

t.test('what is no name of a session is shown printable and cut short', async t => {
  for (const name of ['p0', 'p7', 'qf', 'ef', 'qp0']) t.equal(sessionName(name), name)
  const table: [text: string, shown: string][] = [
    ['', ''],
    ['../x', '../x'],
    ['P7', 'P7'],
    ['p7\n', 'p7^J'],
    ['\x1b[31m', '^[[31m'],
    ['p'.repeat(5000), `${'p'.repeat(39)}…`],
  ]
  for (const [text, shown] of table) {
    const line = said(() => sessionName(text))
    t.strictSame(line, ['fatal', 1, `not a session's name: '${shown}'`])
  }
})
