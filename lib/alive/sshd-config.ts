// The server's settings, from its sshd_config(5): for who may not let sshd say them itself. A line that is
// commented out stands for the default.
import { UNKNOWN, type Settings } from './ssh.js'

/** What the files come to. */
export interface Configured {
  settings: Settings
  /** Is there a Match block, which may say otherwise for some users or addresses? */
  match: boolean
}

/** The texts that an Include stands for; undefined if one cannot be read. */
type Include = (pattern: string) => string[] | undefined

/** How many files are read; one may include itself. */
const MOST = 256

/** The settings outside Match blocks: of several the first counts. */
export function configured(text: string | undefined, include: Include): Configured {
  const found: Partial<Settings> = {}
  let match = false
  let all = text !== undefined
  let files = 0

  const first = (name: keyof Settings, value: Settings[typeof name]): void => {
    // Behind a file that cannot be read nothing is known to be the first.
    if (!(name in found)) Object.assign(found, { [name]: all ? value : undefined })
  }
  const read = (lines: string): void => {
    if (++files > MOST) all = false
    for (const line of lines.split('\n')) {
      const [name, ...values] = words(line)
      const [value = ''] = values
      if (name === 'match') {
        match = true
        return
      }
      if (name === 'include')
        for (const pattern of values) {
          const texts = files < MOST ? include(pattern) : undefined
          if (texts) for (const its of texts) read(its)
          else all = false
        }
      if (name === 'tcpkeepalive' || name === 'keepalive')
        first('tcp', value === 'yes' || (value === 'no' ? false : undefined))
      if (name === 'clientaliveinterval') first('interval', seconds(value))
      if (name === 'clientalivecountmax') first('count', whole(value))
    }
  }
  read(text ?? '')
  const rest = all ? { tcp: true, interval: 0, count: 3 } : UNKNOWN
  return { settings: { ...rest, ...found }, match }
}

/** A line's keyword in small letters and its values, without the quotes round them. */
function words(line: string): string[] {
  const [, name = '', rest = ''] = /^\s*([a-z]+)(?:\s*=\s*|\s+|(?=")|$)([^]*)$/i.exec(line) ?? []
  const values = Array.from(rest.matchAll(/"([^"]*)"|([^\s"#]+)|(#[^]*)/g))
  const before = values.findIndex(([, , , comment]) => comment !== undefined)
  const its = before < 0 ? values : values.slice(0, before)
  return [name.toLowerCase(), ...its.map(([, quoted, plain]) => quoted ?? plain ?? '')]
}

function whole(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

const UNITS: Record<string, number> = { m: 60, h: 3600, d: 86400, w: 604800 }

/** A time as sshd_config has it, 90 or 1m30s. */
function seconds(text: string): number | undefined {
  if (text === '' || !/^(\d{1,9}[smhdw])*(\d{1,9})?$/i.test(text)) return undefined
  const parts = text.toLowerCase().matchAll(/(\d+)([smhdw]?)/g)
  const each = Array.from(parts, ([, n, unit]) => Number(n) * (UNITS[unit ?? ''] ?? 1))
  const sum = each.reduce((sum, part) => sum + part, 0)
  return sum <= 0x7fffffff ? sum : undefined
}
