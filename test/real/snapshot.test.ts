// How our programs start: from a snapshot of Node's memory or from the plain bundle, built here or installed.

import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { BIN, place, processes, run, until, type World } from './driver.js'
import { sh } from './sessions.js'

const ROOT = join(BIN, '../..')

/** Does this Node have snapshots that work? */
const works = existsSync(join(BIN, '../bundles/sess.blob'))

/** Runs a session by the commands in `bin`, and tells how its signaller was started. */
async function started(t: Test, world: World, bin: string, env = {}): Promise<string> {
  const under = run(world, [join(bin, 'sess'), ...sh('read x; exit 5')], { env, stdin: 'silent' })
  const its = await until(
    () => processes(world).find(({ command }) => /node .*sess \/bin\/sh/.test(command)),
    'it runs',
  )
  const listed = async (): Promise<string> =>
    (await run(world, [join(bin, 'sesslist')], { env })).stdout.toString()
  const name = await until(async () => /^session (\S+)/.exec(await listed())?.[1], 'it is listed')
  const ended = await run(world, [join(bin, 'sesskill'), '-ys', name], { env })
  t.match(ended, { status: 0, stderr: '' })
  t.equal((await under).status, 129)
  return its.command.includes('--snapshot-blob') ? 'snapshot' : 'plain'
}

t.test('a start-up snapshot is used, unless it is not wanted', async t => {
  const world = place(t)
  t.equal(await started(t, world, BIN), works ? 'snapshot' : 'plain')
  t.equal(await started(t, world, BIN, { SESS_SNAPSHOT: 'no' }), 'plain')
})

t.test('what makes other snapshots useless is for the program', async t => {
  const world = place(t)
  const env = { NODE_OPTIONS: '--jitless --stack-size=500', NODE_EXTRA_CA_CERTS: '/none' }
  for (const way of ['yes', 'no']) {
    const script = 'echo "$NODE_OPTIONS $NODE_EXTRA_CA_CERTS $SESS_SNAPSHOT"; exit 3'
    const its = await run(world, ['sess', ...sh(script)], { env: { ...env, SESS_SNAPSHOT: way } })
    t.match(its, { status: 3, stderr: '' })
    t.equal(its.stdout.toString(), `--jitless --stack-size=500 /none ${way}\r\n`)
  }
})

t.test(
  'an installation needs nothing else, and survives another Node in the place of its own',
  async t => {
    const world = place(t)
    const [node, other, prefix] = ['node', 'other', 'usr'].map(name => join(world.dir, name)) as [
      string,
      string,
      string,
    ]
    symlinkSync(realpathSync(process.execPath), node)
    const make = (what: string): void => {
      const words = ['-s', '-o', 'dist/.built', what, `PREFIX=${prefix}`, `NODE=${node}`]
      execFileSync('make', words, { cwd: ROOT, stdio: 'ignore' })
    }
    make('install')
    const bin = join(prefix, 'bin')
    for (const file of ['bin/sess', 'bin/sessmenu', 'lib/sesstools/sess.cjs'])
      t.notOk(readFileSync(join(prefix, file), 'utf8').includes(ROOT), file)
    t.equal(await started(t, world, bin), works ? 'snapshot' : 'plain')
    copyFileSync(realpathSync(process.execPath), other)
    rmSync(node)
    symlinkSync(other, node)
    t.equal(await started(t, world, bin), 'plain')
    make('install')
    t.equal(await started(t, world, bin), works ? 'snapshot' : 'plain')
    make('uninstall')
    const files = execFileSync('find', [prefix, '-type', 'f', '-o', '-type', 'l'])
    t.equal(files.toString(), '')
  },
)
