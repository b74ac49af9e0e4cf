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
  /** What stty(1) changes of them, in its words. */
  tuned: string
  /** Descriptors that are not the terminal's. */
  kept: readonly Kept[]
  /** Where to make the pipe that the program reads, instead of the terminal; '' for none. */
  pipe: string
  /** The soft limit of open files to go back to, or ''. */
  files: string
  nohup: boolean
  /** Is there a shell to hand a stopped program back to? */
  jobs: boolean
  /** Where bash is, or undefined: the only common shell that can choose an argv[0]. */
  bash: string | undefined
}

/** A descriptor that the program has from somewhere else, and how the shell opens that. */
export interface Kept {
  fd: 2 | 3
  how: '<' | '>>' | '<>'
  from: string
}

/** The descriptor at which a leader has the pipe for its master to find, until the program begins. */
export const PIPE = 4

export interface Leader {
  file: string
  args: string[]
  /** NAME=value. */
  env: string[]
}

/** How to start the command's leader. */
export function leader(command: Command): Leader {
  const { env, jobs } = command
  const entries = Object.entries(env).filter(([name]) => !SET.includes(name))
  const odd = entries.filter(([name]) => !HARMLESS.test(name))
  const even = entries.filter(([name]) => HARMLESS.test(name))
  const carried = odd.map((entry, n) => [`SESS_ODD_${n}`, entry.join('=')] as const)
  const script = [
    command.pipe && pipe(command.pipe),
    START,
    ...preparations(command),
    `own() {\n${SET.map(name => variable(name, env[name])).join('\n')}\n}`,
    `run() { exec ${environment(carried.map(([name]) => name))}"$@"; }`,
    jobs ? job(redirections(command)) : alone(redirections(command)),
  ]
  // A shell that cannot tell where it is, because that is no more, would complain of it in the session.
  const here = ['PWD', '/proc/self/cwd']
  const ours = [
    ...carried,
    here,
    ['LC_ALL', 'C'],
    ['SESS_LEADER', script.filter(Boolean).join('\n')],
  ]
  return {
    file: '/bin/sh',
    args: [jobs ? '-mc' : '-c', 'eval "$SESS_LEADER"', 'sess', ...program(command)],
    env: [...even, ...ours].map(entry => entry.join('=')),
  }
}

/** The pipe has a name only as long as it takes to open it. */
const pipe = (directory: string): string => `SESS_LEADER=${quoted(directory)}/.in-$$
command -p mkfifo -m 600 "$SESS_LEADER" && exec ${PIPE}<>"$SESS_LEADER" || exit
command -p rm -f "$SESS_LEADER"`

/** What the program's descriptors lead to; at 3 the leader with job control has its own stderr. */
function redirections({ jobs, kept, pipe }: Command): string {
  const keeps = (fd: number): boolean => kept.some(one => one.fd === fd)
  return [
    pipe ? '<&5 5<&-' : '',
    jobs && !keeps(2) ? '2>&3' : '',
    jobs && !keeps(3) ? '3>&-' : '',
    ...kept.map(({ fd, how, from }) => `${fd}${how}${from}`),
  ]
    .filter(Boolean)
    .join(' ')
}

/** Variables that a shell uses, changes or makes, and that are set for the program at last. */
const SET = ['LC_ALL', 'OLDPWD', 'PWD', 'SHLVL']

/** Names that no shell uses, and no shell drops from the environment that it hands on. */
const HARMLESS = new RegExp(
  '^(?!(BASH.*|COLUMNS|COMP_.*|EPOCH.*|HISTCMD|IFS|LINENO|LINES|OPTERR|OPTIND|PPID|PS[0-9]' +
    '|S?RANDOM|SECONDS|SHELLOPTS)$)[A-Za-z_][A-Za-z0-9_]*$',
)

function variable(name: string, value: string | undefined): string {
  if (value === undefined) return `unset ${name}`
  return `export ${name}=${quoted(value)}`
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/**
 * The leader waits until its master has the session's name, which is that of the terminal and so not known
 * before; it reads it from the master's title (lib/title.ts).
 */
const START = `kill -STOP $$
read -r SESS_LEADER PTY SESS_LEADER </proc/$PPID/cmdline
export PTY
unset SESS_LEADER`

/**
 * bash leaves a loop when a job stops in it, but not a function in the loop; and it speaks of jobs on its
 * own stderr, which is not to be the program's. The program tells the master that it is there, before it
 * becomes itself, by a signal that harms nobody who does not expect it. A job that was stopped is told of
 * the window's size again: meanwhile the terminal was the leader's.
 */
const job = (
  redirections: string,
): string => `again() { if kill -WINCH %1; then fg %1 >/dev/null; else wait %1; fi; s=$?; }
exec 3>&2 2>/dev/null
own
(kill -URG $PPID; run "$@" ${redirections})
s=$?
while kill -0 %1; do
  umask $(((s - 128) / 8))$(((s - 128) % 8))
  kill -STOP $$
  again
done
exit $s`

/** bash counts itself out of SHLVL when it becomes something else. */
const alone = (redirections: string): string => `own 2>/dev/null
if test "\${BASH_VERSION-}"; then
  set -- /usr/bin/env -u SHLVL \${SHLVL+"SHLVL=$SHLVL"} "$@"
  unset SHLVL
fi
run "$@" ${redirections}`

function preparations({ modes, tuned, pipe, files, nohup }: Command): string[] {
  return [
    `command -p stty ${words(modes)} ${tuned} 2>/dev/null; hash -r`,
    pipe ? `exec 5</proc/self/fd/${PIPE} ${PIPE}<&-` : '',
    files ? `ulimit -Sn ${files} 2>/dev/null` : '',
    nohup ? "trap '' HUP" : '',
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
  return `/usr/bin/env ${[...options, '--', ...values].join(' ')} `
}

/**
 * A login shell's argv[0] begins with a dash: `-sh` is the program sh, called so. One with a `=` in it would
 * be a variable to env(1), but not to nice(1).
 */
function program({ argv, file, bash }: Command): string[] {
  const [name = '', ...rest] = argv
  if (!name.startsWith('-')) return name.includes('=') ? ['nice', '-n', '0', '--', ...argv] : argv
  return bash ? [bash, '-c', 'exec -a "$0" "$@"', name, file, ...rest] : [file, '-l', ...rest]
}
