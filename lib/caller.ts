// What the launcher (cmd/launch.sh) noted of its caller, because Node changes it before our first line
// runs, and because some shells drop variables whose names they do not like.

/** The variables that a launcher sets aside because Node would heed them. */
const ASIDE = [
  'NODE_OPTIONS',
  'NODE_EXTRA_CA_CERTS',
  'NODE_PATH',
  'NODE_V8_COVERAGE',
  'NODE_CHANNEL_FD',
  'NODE_DEBUG',
  'NODE_DEBUG_NATIVE',
  'NODE_REDIRECT_WARNINGS',
  'NODE_PENDING_DEPRECATION',
  'NODE_UNIQUE_ID',
  'OPENSSL_CONF',
]

export interface Caller {
  /** The environment as the user gave it. */
  env: Record<string, string>
  /** The soft limit of open files, in digits or `unlimited`; '' if not noted. */
  files: string
  /** Was SIGHUP ignored? (nohup) */
  nohup: boolean
  /** Had it a descriptor 3? */
  third: boolean
}

/** Reads the notes in the environment: SESS_CALLER is `SigIgn-in-hex soft-limit`, SESS_ODD the odd variables in base64, SESS_THIRD `open` or ''. */
export function caller(environment: Readonly<Record<string, string | undefined>>): Caller {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && !name.startsWith('SESS_ASIDE_') && !OURS.has(name)) env[name] = value
  }
  for (const name of ASIDE) {
    const value = environment[`SESS_ASIDE_${name}`]
    if (value !== undefined) env[name] = value
  }
  const odd = Buffer.from(environment['SESS_ODD'] ?? '', 'base64').toString('utf8')
  for (const entry of odd.split('\0')) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(entry) ?? []
    if (name !== undefined && value !== undefined) env[name] = value
  }
  const [, ignored = '0', files = ''] =
    /^([0-9a-f]+) ([0-9]+|unlimited)$/.exec(environment['SESS_CALLER'] ?? '') ?? []
  const third = environment['SESS_THIRD'] === 'open'
  return { env, files, nohup: parseInt(ignored.slice(-1), 16) % 2 === 1, third }
}

const OURS = new Set([
  'SESS_CALLER',
  'SESS_ODD',
  'SESS_BIN',
  'SESS_DRAFT',
  'SESS_MODES',
  'SESS_THIRD',
])
