import t from 'tap'
import { leader, type Command } from '../../lib/leader.js'

const COMMAND: Command = {
  argv: ['vi', 'a b'],
  file: '/usr/bin/vi',
  env: { PATH: '/bin' },
  modes: '',
  tuned: '',
  kept: [],
  pipe: '',
  files: '',
  nohup: false,
  jobs: true,
  bash: '/bin/bash',
}

/** What follows the shell's own arguments: the program and its arguments. */
const program = (command: Partial<Command>): string[] =>
  leader({ ...COMMAND, ...command }).args.slice(3)

t.test('a leader is a shell that is given the program as it was typed', async t => {
  const { file, args } = leader(COMMAND)
  t.equal(file, '/bin/sh')
  t.strictSame(args.slice(2), ['sess', 'vi', 'a b'])
  t.match(args[0], /^-.*m/, 'with job control')
  t.notMatch(leader({ ...COMMAND, jobs: false }).args[0], /m/, 'or without')
})

t.test("a program's own name is kept where the shell can say it", async t => {
  const bash = '/bin/bash'
  const exec = 'exec -a "$0" "$@"'
  const table: [argv: string[], file: string, bash: string | undefined, program: string[]][] = [
    [['vi'], '/usr/bin/vi', bash, ['vi']],
    [['./a b', ''], '/tmp/a b', bash, ['./a b', '']],
    [['x=1', 'y'], '/bin/x=1', bash, ['nice', '-n', '0', '--', 'x=1', 'y']],
    [['-sh'], '/bin/sh', bash, [bash, '-c', exec, '-sh', '/bin/sh']],
    [['-sh', '-c', ':'], '/bin/sh', bash, [bash, '-c', exec, '-sh', '/bin/sh', '-c', ':']],
    [['-zsh'], '/bin/zsh', undefined, ['/bin/zsh', '-l']],
  ]
  for (const [argv, file, bash, expected] of table) {
    t.strictSame(program({ argv, file, bash }), expected)
  }
})

t.test('what ps shows of a leader tells nothing of the environment', async t => {
  const env = {
    PATH: '/bin',
    PWD: '/secret-1',
    'a.b': 'secret-2',
    IFS: 'secret-3',
    TOKEN: 'secret-4',
  }
  const { args, env: pairs } = leader({ ...COMMAND, env })
  t.notMatch(args.join('\n'), /secret/)
  for (const n of [1, 2, 3, 4]) t.match(pairs.join('\n'), `secret-${n}`)
})

t.test("modes are the user's, but no terminal has a Latin-1 y for an end of line", async t => {
  const saved = '4500:5:bf:8a3b:3:1c:7f:15:4:0:1:0:11:13:1a:ff:12:f:17:16:ff:0:0'
  const given = '4500:5:bf:8a3b:3:1c:7f:15:4:0:1:0:11:13:1a:0:12:f:17:16:0:0:0'
  const table: [modes: string, stty: string][] = [
    [saved, `${given} iutf8`],
    [given, `${given} iutf8`],
    ['', 'eol undef eol2 undef iutf8'],
    ['speed 38400; $(reboot)', 'eol undef eol2 undef iutf8'],
  ]
  for (const [modes, stty] of table) {
    t.ok(
      leader({ ...COMMAND, modes })
        .env.join('\n')
        .includes(`stty ${stty} `),
      modes,
    )
  }
})
