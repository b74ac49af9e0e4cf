// Programs that people use all day, in a session as without one: an editor, a pager, a shell with a line editor.

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { BASH, place, run, shell, terminal } from './driver.js'
import { only } from './sessions.js'

const missing = (program: string): string | false =>
  spawnSync('which', [program]).status === 0 ? false : `no ${program} here`

t.test(
  'an editor is left by ^Z and by disconnect, and found again (P3)',
  { skip: missing('vi') },
  async t => {
    const world = place(t)
    const user = await shell(world, { argv: BASH })
    const before = user.modes()
    writeFileSync(join(world.home, 'text'), 'first\nlast\n')
    await user.type('sess vi text\r')
    await user.see('first')
    await user.type('onew\x1b')
    await user.see('new')
    await user.type('\x1a')
    await user.see('Stopped')
    await user.see('$ ')
    t.equal(user.modes(), before)
    await user.type('fg\r')
    await user.see('last')
    const { name } = await only(world)
    await run(world, ['disconnect', '-s', name])
    await user.see('$ ')
    t.equal(user.modes(), before)

    const other = terminal(world, ['sess', 'reconnect', name], { rows: 30, columns: 90 })
    await other.see('successfully connected')
    await other.type('oerst\x1b:wq\r')
    t.equal(await other.end(), 0)
    t.equal(readFileSync(join(world.home, 'text'), 'utf8'), 'first\nnew\nerst\nlast\n')
    await user.type('exit\r')
    await user.end()
  },
)

t.test('a pager turns its pages', { skip: missing('less') }, async t => {
  const world = place(t)
  const user = await shell(world, { argv: BASH })
  const before = user.modes()
  await user.type('seq 1000 >numbers; sess less numbers\r')
  await user.see('\n22\r\n')
  await user.type(' ')
  await user.see('\n44\r\n')
  user.resize(40, 80)
  await user.see('\n60\r\n')
  await user.type('q')
  await user.see('$ ')
  t.equal(user.modes(), before)
  await user.type('exit 3\r')
  t.equal(await user.end(), 3)
})

t.test('a line editor edits, inside as outside', async t => {
  const world = place(t)
  const user = await shell(world, { argv: BASH })
  const before = user.modes()
  await user.type('sess bash --norc --noprofile -i\r')
  await user.see('$ ')
  const { name } = await only(world)
  await user.type('echo wonr\x7f\x7fng\x01: \x05\x15echo rigt\x02h\x05 $PTY\r')
  await user.see(`right ${name}\r\n`)
  await user.see('$ ')
  await user.type('\x10\r')
  await user.see(`right ${name}\r\n`)
  await user.see('$ ')
  await user.type("sh -c 'echo going; exec sleep 100'\r")
  await user.see('going\r\n')
  await user.type('\x03')
  await user.see('^C')
  await user.see('$ ')
  await user.type('\x04')
  await user.see('exit\r\n')
  await user.see('$ ')
  t.equal(user.modes(), before)
  await user.type('echo $? $PTY.\r')
  await user.see('130 .\r\n')
  await user.type('exit\r')
  await user.end()
})
