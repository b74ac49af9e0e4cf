// What OpenSSH does on a silent link: its settings, as `ssh -G` and `sshd -T` print them, and what follows
// from them. Times are in seconds; undefined is what nobody knows.

/** One end's settings. */
export interface Settings {
  /** TCPKeepAlive: are the kernel's probes on? */
  tcp: boolean | undefined
  /** ServerAliveInterval or ClientAliveInterval; 0 is off. */
  interval: number | undefined
  /** ServerAliveCountMax or ClientAliveCountMax. */
  count: number | undefined
}

export const UNKNOWN: Settings = { tcp: undefined, interval: undefined, count: undefined }

/** The settings in a dump by `asks`, the end that asks the other: the client asks the server. */
export function dumped(text: string, asks: 'client' | 'server'): Settings {
  const other = asks === 'client' ? 'server' : 'client'
  const tcp = /^tcpkeepalive (yes|no)$/m.exec(text)?.[1]
  const number = (name: string): number | undefined => {
    const digits = new RegExp(`^${other}alive${name} (\\d{1,10})$`, 'm').exec(text)?.[1]
    return digits !== undefined && Number(digits) <= 0x7fffffff ? Number(digits) : undefined
  }
  return {
    tcp: tcp === undefined ? undefined : tcp === 'yes',
    interval: number('interval'),
    count: number('countmax'),
  }
}

/** A version of OpenSSH, the minor number as hundredths: 9.2 is 902. */
export function version(text: string): number | undefined {
  const [, major, minor] = /\bOpenSSH_(\d{1,3})\.(\d{1,2})(?!\d)/.exec(text) ?? []
  return major === undefined ? undefined : Number(major) * 100 + Number(minor)
}

/** As people write it. */
export function dotted(version: number): string {
  return `${Math.floor(version / 100)}.${version % 100}`
}

/** Does such an sshd let up to two intervals pass before it asks? Undefined if that is not known. */
export function late(sshd: number | undefined): boolean | undefined {
  return sshd === undefined ? undefined : sshd >= 902 && sshd <= 904
}

/** Does such an sshd ask also while the program on its side writes? */
export function asksTheBusy(sshd: number | undefined): boolean | undefined {
  return sshd === undefined ? undefined : sshd < 902
}
