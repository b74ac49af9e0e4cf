// sessalive, as it is called: its statuses and lines, and what it reads of this machine.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { place, run, type Outcome, type World } from './driver.js'
import { lines, sh } from './sessions.js'
import { instead, said } from './settings.js'

const missing = (file: string): string | false => !existsSync(file) && `there is no ${file}`
const SSHD = '/usr/sbin/sshd'

t.test('options are a calculator, and the status is the answer', async t => {
  const world = place(t)
  const table: [words: string, status: number, period: string, idle: string][] = [
    ['-t 7200 -i 75 -p 9', 1, '7200 s', '7875 s'],
    ['-t 300 -i 75 -p 9 -n 10', 0, '300 s', '975 s'],
    ['-t300 -i1 -p10', 0, '300 s', '310 s'],
    ['--windows 300000', 0, '300 s', '310 s'],
    ['--windows=7200000', 1, '7200 s', '7210 s'],
    ['--windows 300000,1000,5', 0, '300 s', '305 s'],
    ['-qt 60 -i 75 -p 9 -n 1', 1, '75 s', '735 s'],
    ['-t 600 -p 9 -i 75 -n 10', 1, '600 s', '1275 s'],
    ['--node 300000', 0, '300 s', '310 s'],
    ['--node 0 -t 7200', 1, '7200 s', '7210 s'],
  ]
  for (const [words, status, period, idle] of table) {
    const its = await run(world, ['sessalive', ...words.split(' ')])
    t.strictSame(
      [its.status, said(its, 'period'), said(its, 'tcp.detect.idle')],
      [status, period, idle],
      words,
    )
    t.equal(said(its, 'nat.rfc5382'), '7440 s survives')
    t.match(its.stderr, words.includes('-q') ? /^$/ : /^sessalive: (info|warning): /)
  }
})

t.test('what is used wrongly is no answer: its status is 100', async t => {
  const world = place(t)
  const table: [words: string, what: RegExp][] = [
    ['hpc1', /usage: unexpected operand 'hpc1'; sessalive \[-n minutes\] /],
    ['-c', /usage: option -c needs a value; /],
    ['--windows', /usage: option --windows needs a value; /],
    ['--windows 1,2,3,4', /usage: --windows takes three numbers at most; /],
    [
      '--windows 1,,5',
      /fatal: the interval for --windows must be a whole number from 0 to 4294967295, not ''/,
    ],
    ['--windows 4294967296', /fatal: the time for --windows must be .*, not '4294967296'/],
    ['--windows 1 -i 5', /usage: --windows has its own -t, -i and -p; /],
    ['--windows 1 --node 1', /usage: --windows and --node exclude each other; /],
    ['--node 1 -p 5', /usage: --node has its own -i and -p; /],
    ['-t 0', /fatal: time must be a whole number from 1 to 2147483647, not '0'/],
    ['-p 256', /fatal: probes must be a whole number from 1 to 255, not '256'/],
    ['-n 0', /fatal: minutes must be a number from 0.01 to 1000000, not '0'/],
  ]
  for (const [words, what] of table) {
    const { status, stdout, stderr } = await run(world, ['sessalive', ...words.split(' ')])
    t.strictSame([status, stdout.length], [100, 0], words)
    t.match(stderr, new RegExp(`^sessalive: ${what.source}[^\n]*\n$`))
  }
})

t.test('advice is on stderr, and can be copied', async t => {
  const world = place(t)
  const its = await run(world, ['sessalive', '-t7200', '-i75', '-p9'])
  const copied = lines(Buffer.from(its.stderr)).filter(line => !line.startsWith('sessalive: '))
  t.strictSame(copied, [
    'echo 300 > /proc/sys/net/ipv4/tcp_keepalive_time',
    '# help to prevent disconnects',
    'net.ipv4.tcp_keepalive_time = 300',
    'Host *',
    '  ServerAliveInterval 30',
  ])
  const quiet = await run(world, ['sessalive', '-q', '-t7200', '-i75', '-p9'])
  t.strictSame([quiet.stdout, quiet.stderr], [its.stdout, ''])
})

t.test('what this machine has is read', async t => {
  const world = place(t)
  const read = (name: string): string =>
    readFileSync(`/proc/sys/net/ipv4/tcp_keepalive_${name}`, 'utf8').trim()
  const its = await run(world, ['sessalive', '-q'])
  t.equal(said(its, 'tcp.keepalive.time'), `${read('time')} s`)
  t.equal(said(its, 'tcp.keepalive.intvl'), `${read('intvl')} s`)
  t.equal(said(its, 'tcp.keepalive.probes'), read('probes'))
  t.match(said(its, 'tcp.detect.busy'), /^\d+\.\d s$/)
  t.match(said(its, 'tcp.connect'), /^\d+ s$/)
})

/** Why nothing can be mounted, if so. */
function rigid(): string | false {
  if (process.getuid?.() !== 0) return 'only root can mount'
  const { status } = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt'])
  return status === 0 ? false : 'nothing can be mounted here'
}

/** Runs a shell's line where mounts are its own. */
const apart = (world: World, script: string, env = {}): Promise<Outcome> =>
  run(world, ['unshare', '-m', ...sh(`set -e; ${script}`)], { env })

t.test('without /proc all is unknown that was not said', { skip: rigid() }, async t => {
  const world = place(t)
  for (const where of ['/proc/sys/net', '/proc']) {
    const hide = `mount -t tmpfs none ${where};`
    const bare = await apart(world, `${hide} exec sessalive`)
    t.strictSame(
      [bare.status, said(bare, 'period'), said(bare, 'nat')],
      [2, 'unknown', '600 s unknown'],
      where,
    )
    for (const line of lines(bare.stdout).slice(0, 8)) t.match(line, / unknown/, line)
    t.equal(bare.stderr, 'sessalive: info: not all is known here: see what is unknown\n')
    const told = await apart(world, `${hide} exec sessalive -q -t300 -i75`)
    t.strictSame(
      [told.status, said(told, 'period'), said(told, 'tcp.detect.idle')],
      [0, '300 s', 'unknown'],
    )
  }
  const odd = await apart(
    world,
    `mount -t tmpfs none /proc/sys/net; cd /proc/sys/net; mkdir ipv4 ipv4/tcp_retries2
    mkfifo ipv4/tcp_keepalive_time; printf '\\033[31m75' >ipv4/tcp_keepalive_intvl
    head -c 3000000 /dev/zero >ipv4/tcp_keepalive_probes; echo -1 >ipv4/tcp_syn_retries
    exec sessalive -q`,
  )
  t.equal(odd.status, 2)
  for (const line of lines(odd.stdout).slice(0, 8)) t.match(line, /^[a-z.]+ unknown/, line)
})

const skipServer = rigid() || missing('/etc/ssh/sshd_config')

t.test('sshd says how it is set', { skip: skipServer || missing(SSHD) }, async t => {
  const world = place(t)
  const config = join(world.dir, 'config')
  const mounted = `mount -t tmpfs none /run; mkdir /run/sshd; mount --bind ${config} /etc/ssh/sshd_config;`
  writeFileSync(
    config,
    'ClientAliveInterval 1m\nTCPKeepAlive no\nMatch User nobody\n  ClientAliveInterval 5\n',
  )
  const its = await apart(world, `${mounted} exec sessalive -q -s`)
  t.strictSame(
    [
      its.status,
      said(its, 'sshd.clientalive'),
      said(its, 'sshd.tcpkeepalive'),
      said(its, 'period'),
    ],
    [0, '60x3 180..240 s', 'no', '60 s'],
  )
  t.match(its.stdout.toString(), /^sshd\.clientalive .*; Match blocks may say otherwise$/m)
  const [, version] = /OpenSSH_(\d+\.\d+)/.exec(spawnSync(SSHD, ['-V']).stderr.toString()) ?? []
  t.match(its.stdout.toString(), new RegExp(version === '9.2' ? 'sshd 9.2: up to 480 s' : '60x3'))
})

t.test('where sshd says nothing its files do', { skip: skipServer }, async t => {
  const world = place(t)
  const config = join(world.dir, 'config')
  const env = instead(world, 'sshd', 'echo "OpenSSH_9.4p1, OpenSSL" >&2; exit 255')
  const mounted = `mount --bind ${config} /etc/ssh/sshd_config;`
  const more = join(world.dir, 'more')
  mkdirSync(more)
  writeFileSync(join(more, 'b.conf'), 'ClientAliveInterval 30\n')
  writeFileSync(join(more, 'c.conf'), 'ClientAliveInterval 40\nClientAliveCountMax 2\n')
  writeFileSync(join(more, '.a.conf'), 'ClientAliveInterval 50\n')
  writeFileSync(join(more, 'd.config'), 'ClientAliveCountMax 7\n')
  const table: [text: string, status: number, asks: string, tcp: string][] = [
    ['#TCPKeepAlive yes\n#ClientAliveInterval 0\n', 1, 'off', 'yes'],
    [`Include ${more}/*.conf\n`, 0, '30x2 60..90 s', 'yes'],
    [`Include ${more}/?.con*\nTCPKeepAlive no\n`, 0, '30x2 60..90 s', 'no'],
    [`Include ${more}/none/*\n`, 1, 'off', 'yes'],
    [`Include ${more}/[a-c].conf\n`, 2, 'unknown', 'unknown'],
    [`TCPKeepAlive no\nInclude ${more}\n`, 2, 'unknown', 'no'],
    ['ClientAliveInterval 400\n', 2, '400x3 1200..1600 s', 'yes'],
  ]
  for (const [text, status, asks, tcp] of table) {
    writeFileSync(config, text)
    const its = await apart(world, `${mounted} exec sessalive -q -s -t7200 -i75`, env)
    t.strictSame(
      [its.status, said(its, 'sshd.clientalive'), said(its, 'sshd.tcpkeepalive')],
      [status, asks, tcp],
      text,
    )
  }
})

t.test('a reader that goes is no trouble, a full disk is', async t => {
  const world = place(t)
  t.equal(
    (await run(world, ['bash', '-c', 'sessalive -q -t300 | true; exit ${PIPESTATUS[0]}'])).status,
    0,
  )
  const full = await run(world, sh('sessalive -q -t300 >/dev/full'))
  t.match(full, {
    status: 111,
    stderr: 'sessalive: fatal: cannot write: no space left on device\n',
  })
  t.equal((await run(world, sh('sessalive -t300 >/dev/null 2>&- <&-'))).status, 0)
})
