// What a program finds on a terminal that is no session: its modes, its size, its line in utmp.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import t from 'tap'
import { place, run, shell, terminal, until } from './driver.js'
import { lines, only, sh } from './sessions.js'

t.test('the modes that -p asks for are those that the program finds', async t => {
  const world = place(t)
  const RAW = '-icanon -isig -ixon -icrnl -opost'
  const table: [options: string, modes: string][] = [
    ['-d', 'icanon echo icrnl onlcr opost isig ixon echoe -istrip'],
    ['-dpc', '-icanon echo isig icrnl'],
    ['-dpE', '-echo icanon'],
    ['-dpN', '-icrnl -onlcr icanon'],
    ['-dpS', '-echoe -echoctl -echoke'],
    ['-dp7', 'istrip'],
    ['-dp78', '-istrip'],
    ['-dpr', `${RAW} echo`],
    ['-dp0', `${RAW} -echo`],
    ['-d0', `${RAW} -echo`],
    ['-d0pe', `${RAW} echo`],
    ['-dp0R', '-icanon -echo -icrnl isig opost ixon'],
    ['-dp0 -pRCen', 'icanon echo icrnl onlcr isig opost ixon'],
  ]
  for (const [options, modes] of table) {
    const { stdout } = await run(world, ['pty', ...options.split(' '), 'stty', '-a'])
    const has = stdout.toString().split(/[\s;]+/)
    const missing = modes.split(' ').filter(mode => !has.includes(mode))
    t.strictSame(missing, [], options)
  }
  const user = await shell(world)
  user.stty('-echoe', 'erase', '^H')
  const own = await user.answer('pty stty -a')
  t.match(own, /erase = \^H;[^]* -echoe /, 'what nobody speaks of is the user’s')
  t.match(await user.answer('pty -ps stty -a'), /erase = \^H;[^]* echoe /)
  await user.type('exit\r')
  await user.end()
})

const UTMP =
  'mount -t tmpfs none /run && : >/run/utmp && chgrp utmp /run/utmp && chmod 664 /run/utmp'

function obstacle(): string | false {
  const helpers = ['libexec', 'lib', 'lib/x86_64-linux-gnu', 'lib/aarch64-linux-gnu']
  if (!helpers.some(at => existsSync(`/usr/${at}/utempter/utempter`))) return 'no utempter'
  return spawnSync('unshare', ['-m', 'sh', '-c', UTMP]).status === 0 ? false : 'no mount namespaces'
}

t.test('-u enters it into utmp, from where -h says', { skip: obstacle() }, async t => {
  const world = place(t)
  const who = 'until who | grep -q pts; do sleep 0.1; done; who'
  for (const options of ['-u', '-xu', '-Su']) {
    const pty = `pty ${options} -h far.example sh -c '${who}'; sleep 0.1; who | wc -l`
    const { stdout } = await run(world, ['unshare', '-m', 'sh', '-c', `${UTMP} && ${pty}`])
    const [entry, left] = lines(stdout)
    t.match(entry, /pts\/\d+ .*\(far\.example\)$/, options)
    t.equal(left, '0', options)
  }
  const pty = `pty -u0 sh -c who`
  const { stdout } = await run(world, ['unshare', '-m', 'sh', '-c', `${UTMP} && ${pty}`])
  t.equal(stdout.toString(), '', '-0 turns it off')
})

t.test('through pty a program finds what it would on the terminal itself', async t => {
  const world = place(t)
  const its = terminal(world, ['pty', ...sh('stty size; exec cat')], { rows: 9, columns: 33 })
  await its.see('9 33\r\n')
  const { slave } = await only(world)
  its.resize(12, 44)
  const device = execFileSync('readlink', [`/proc/${slave ?? 0}/fd/0`], { encoding: 'utf8' }).trim()
  const size = () => execFileSync('stty', ['-F', device, 'size'], { encoding: 'utf8' }).trim()
  await until(() => size() === '12 44', 'the new size')
  await its.type('\x04')
  t.equal(await its.end(), 0)
})
