// The leader: the program's parent inside the pty, a small shell (DESIGN 1). It sets the terminal's modes,
// runs the program as its foreground job, and turns a stop of the program into a stop of itself, which the
// master sees. It tells which signal it was by its umask, for nothing else of a stopped shell can be read.

export interface Command {
  /** The program as the user typed it, and the file that it is. */
  argv: string[]
  file: string
  env: Readonly<Record<string, string>>
  /** Modes for the terminal as `stty -g` gives them, or '' for a plain terminal's. */
  modes: string
  /** The soft limit of open files to go back to, or ''. */
  files: string
  nohup: boolean
  /** Is there a shell to hand a stopped program back to? */
  jobs: boolean
  /** Where bash is, or undefined: the only common shell that can choose an argv[0]. */
  bash: string | undefined
}

export interface Leader {
  file: string
  args: string[]
  /** NAME=value. */
  env: string[]
}

/** How to start the command's leader. */
export function leader(command: Command): Leader {
  const { env, jobs } = command
  const odd = Object.entries(env).filter(([name]) => !IDENTIFIER.test(name))
  const even = Object.entries(env).filter(([name]) => IDENTIFIER.test(name))
  const carried = odd.map((entry, n) => [`SESS_ODD_${n}`, entry.join('=')] as const)
  const script = [
    START,
    ...preparations(command),
    `run() { exec ${environment(carried.map(([name]) => name))}"$@"; }`,
    jobs ? JOB : 'run "$@"',
  ]
  return {
    file: '/bin/sh',
    args: [jobs ? '-mc' : '-c', 'eval "$SESS_LEADER"', 'sess', ...program(command)],
    env: [...even, ...carried, ['SESS_LEADER', script.join('\n')]].map(entry => entry.join('=')),
  }
}

/** What a shell takes for a variable's name; it drops the others from the environment that it hands on. */
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/

/**
 * The leader waits until its master has the session's name, which is that of the terminal and so not known
 * before; it reads it from the master's title (lib/title.ts).
 */
const START = `kill -STOP $$
read -r x PTY x </proc/$PPID/cmdline
export PTY
unset SESS_LEADER x`

/**
 * bash leaves a loop when a job stops in it, but not a function in the loop; and it speaks of jobs on its
 * own stderr, which is not to be the program's.
 */
const JOB = `again() { fg %1 >/dev/null; s=$?; }
exec 3>&2 2>/dev/null
(run "$@" 2>&3 3>&-)
s=$?
while kill -0 %1; do
  umask $(((s - 128) / 8))$(((s - 128) % 8))
  kill -STOP $$
  again
done
exit $s`

function preparations({ modes, files, nohup, env }: Command): string[] {
  const shlvl = env['SHLVL'] ?? ''
  return [
    `stty ${words(modes)} 2>/dev/null`,
    files ? `ulimit -Sn ${files} 2>/dev/null` : '',
    nohup ? "trap '' HUP" : '',
    /^\d+$/.test(shlvl) ? `SHLVL=${shlvl}` : 'unset SHLVL',
  ].filter(Boolean)
}

/** node-pty's own terminals have a Latin-1 y for an end of line: no terminal is given that. */
function words(modes: string): string {
  if (!/^[0-9a-f]+(:[0-9a-f]+){20,}$/.test(modes)) return 'eol undef eol2 undef iutf8'
  const fields = modes.split(':')
  for (const eol of [VEOL, VEOL2]) if (fields[eol] === 'ff') fields[eol] = '0'
  return `${fields.join(':')} iutf8`
}

/** The places of the characters EOL and EOL2 in what stty -g prints. */
const [VEOL, VEOL2] = [4 + 11, 4 + 16]

/** env(1) puts back what the shell would drop; the values travel in variables, for ps shows arguments to everybody. */
function environment(carried: string[]): string {
  if (carried.length === 0) return ''
  const options = carried.map(name => `-u ${name}`)
  const values = carried.map(name => `"$${name}"`)
  return `env ${[...options, '--', ...values].join(' ')} `
}

/** A login shell's argv[0] begins with a dash: `-sh` is the program sh, called so. */
function program({ argv, file, bash }: Command): string[] {
  const [name = '', ...rest] = argv
  if (!name.startsWith('-')) return name.includes('=') ? [file, ...rest] : argv
  return bash ? [bash, '-c', 'exec -a "$0" "$@"', name, file, ...rest] : [file, '-l', ...rest]
}
