// Other users of the machine: they do not get in, their directories are not used, and root reaches their
// sessions only if he says so.

import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { place, run, until } from './driver.js'
import { kill, session, sessions } from './sessions.js'

const NOBODY = 65534

const as = (uid: number): string[] => [
  'setpriv',
  `--reuid=${uid}`,
  `--regid=${uid}`,
  '--clear-groups',
]

/** Why nothing can be run as another user, if so. */
function alone(): string | false {
  if (process.getuid?.() !== 0) return 'only root can be somebody else'
  try {
    execFileSync('setpriv', [
      ...as(NOBODY).slice(1),
      process.execPath,
      import.meta.filename,
      'probe',
    ])
    return false
  } catch {
    return 'another user cannot run what is here, or there is no setpriv'
  }
}

if (process.argv[2] === 'probe') process.exit(0)

t.test(
  'somebody else’s is refused, also by root with a user’s environment (SECURITY 1, 11)',
  { skip: alone() },
  async t => {
    const world = place(t)
    chmodSync(world.dir, 0o755)
    for (const bits of [0o700, 0o777]) {
      mkdirSync(world.sessions)
      chmodSync(world.sessions, bits)
      chownSync(world.sessions, NOBODY, NOBODY)
      for (const argv of [['sess', 'true'], ['sesslist']]) {
        const its = await run(world, argv)
        const said = `${argv[0]}: fatal: cannot use ${world.sessions}: it belongs to nobody\n`
        t.match(its, { status: 111, stderr: said })
      }
      t.match(statSync(world.sessions), { uid: NOBODY })
      t.strictSame(readdirSync(world.sessions), [])
      rmSync(world.sessions, { recursive: true })
    }
    mkdirSync(world.sessions, { mode: 0o777 })
    chmodSync(world.sessions, 0o777)
    const its = await run(world, [...as(NOBODY), 'sess', 'true'], { cwd: '/' })
    t.match(its, {
      status: 111,
      stderr: `sess: fatal: cannot use ${world.sessions}: it belongs to root\n`,
    })
    t.strictSame(readdirSync(world.sessions), [])
    rmSync(world.sessions, { recursive: true })
  },
)

t.test(
  'nobody else gets in, and only root reaches others’ sessions, if he says so (SECURITY 10)',
  { skip: alone() },
  async t => {
    const world = place(t)
    chmodSync(world.dir, 0o755)
    const name = await session(world, 'sleep', '1000')
    const knock = `require('net').connect(process.argv[1]).on('error', e => console.log(e.code)).on('connect', () => console.log('in'))`
    const socket = join(world.sessions, name)
    const other = await run(world, [...as(NOBODY), process.execPath, '-e', knock, socket], {
      cwd: '/',
    })
    t.equal(other.stdout.toString(), 'EACCES\n')
    for (const [argv, said] of [
      [['sesslist'], `sesslist: fatal: cannot use ${world.sessions}: permission denied\n`],
      [
        ['sesskill', '-y', '-s', name],
        `sesskill: fatal: cannot use ${world.sessions}: permission denied\n`,
      ],
    ] as const)
      t.match(await run(world, [...as(NOBODY), ...argv], { cwd: '/' }), {
        status: 111,
        stderr: said,
      })
    const elsewhere = { SESS_DIR: join(world.dir, 'x'), PTY: name }
    const lost = await run(world, [...as(NOBODY), 'disconnect'], { cwd: '/', env: elsewhere })
    t.match(lost, {
      status: 2,
      stderr: `disconnect: fatal: cannot find session ${name}; if it exists, do you own it?\n`,
    })

    const theirs = { SESS_DIR: undefined, XDG_RUNTIME_DIR: undefined, HOME: '/' }
    const uid = 500000 + process.pid
    const made = await run(world, [...as(uid), 'sess', '-n', 'sleep', '1000'], {
      cwd: '/',
      env: theirs,
    })
    t.match(made, { status: 0, stderr: '' })
    const its = made.stdout.toString().trim()
    const where = `/tmp/sess-${uid}`
    t.match(lstatSync(where), { uid })
    t.equal(statSync(where).mode & 0o7777, 0o700)
    t.strictSame(
      await sessions(world).then(all => all.map(one => one.name)),
      [name],
      'root lists his own',
    )
    const own = await run(world, ['sesskill', '-y', '-s', its])
    t.match(own, {
      status: 2,
      stderr: `sesskill: fatal: cannot find session ${its}; if it exists, do you own it?\n`,
    })
    t.match(
      await run(world, [...as(NOBODY), 'sesskill', '-y', '-s', its, '-u', String(uid)], {
        cwd: '/',
      }),
      { status: 111 },
    )
    t.match(await run(world, ['sesskill', '-y', '-s', its, '-u', String(uid)]), {
      status: 0,
      stderr: '',
    })
    await until(() => readdirSync(where).length === 0, 'it has gone')
    rmSync(where, { recursive: true })
    await kill(world, name)
  },
)

t.test('a user without a name, a home or a shell has sessions too', { skip: alone() }, async t => {
  const world = place(t)
  chmodSync(world.dir, 0o755)
  const dir = join(world.dir, 'theirs')
  mkdirSync(dir, { mode: 0o700 })
  chownSync(dir, 54321, 54321)
  const env = { SESS_DIR: dir, HOME: undefined, SHELL: undefined, TERM: undefined, LANG: undefined }
  const its = await run(
    world,
    [...as(54321), 'sess', 'sh', '-c', 'sesslist; sesswho >/dev/null; id -u'],
    { env, cwd: '/' },
  )
  t.match(its, { status: 0, stderr: '' })
  t.match(its.stdout.toString(), /^session \w+ pid \d+ slave \d+ connected\r\n54321\r\n$/)
  rmSync(dir, { recursive: true })
})
