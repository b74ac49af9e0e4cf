// What a command's standard input may be: anything, or nothing. None is confused by its kind.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { place, run } from './driver.js'
import { kill, lines, session, sessions, sh } from './sessions.js'
import { each } from './turns.js'

t.test('every command ends whatever its input is, or if it has none (C20)', async t => {
  const world = place(t)
  const name = await session(world, 'sleep', '1000')
  const file = join(world.dir, 'file')
  writeFileSync(file, 'a line\n')
  const inputs = ['<&-', '</dev/null', `<${file}`, '< /etc', '<&- >&-', '<&- >&- 2>&-', `>&2`]
  const commands = [
    ['disconnect', '-s', name],
    ['reconnect', '-s', name, 'p0'],
    ['sessname', '-s', name],
    ['sesslist'],
    ['sesswho'],
    ['sesswhere'],
    ['sesskill', '-s', name],
  ]
  await each(commands, async argv => {
    const bare = (await run(world, argv)).status
    const command = argv.join(' ')
    const script = inputs.map(
      input => `${command} ${input}; echo "$? $(${command} ${input} 2>&1 | wc -l)" >&3`,
    )
    const { stdout } = await run(world, ['bash', '-c', `exec 3>&1; ${script.join('\n')}`], {
      timeout: 10_000,
    })
    const statuses = lines(stdout).flatMap(line =>
      /^\d+ \d+$/.test(line) ? [Number(line.split(' ')[0])] : [],
    )
    t.strictSame(
      statuses,
      inputs.map(() => bare),
      command,
    )
  })
  t.match(await sessions(world), [{ name, state: 'disconnected' }])
  await kill(world, name)
})

t.test('a session runs whatever its input is, or if it has none', async t => {
  const world = place(t)
  writeFileSync(join(world.dir, 'file'), 'a line\n')
  for (const [input, status] of [
    ['<&-', 7],
    ['</dev/null', 7],
    ['</etc', 7],
    ['<&- >&-', 7],
    ['<&- >&- 2>&-', 7],
    ['</dev/zero', 7],
  ] as const) {
    const its = await run(
      world,
      ['bash', '-c', `sess sh -c 'echo out; exit 7' ${input}; echo $? >&2`],
      { timeout: 5000 },
    )
    t.equal(its.stderr, `${status}\n`, input)
    // What was typed before the program's end is echoed, as on any terminal.
    const own = its.stdout.toString().replaceAll('^@', '')
    t.equal(own, input.includes('>&-') ? '' : 'out\r\n', input)
  }
  const attached = await session(world, ...sh('read x; exit 3'))
  const { status } = await run(world, [
    'bash',
    '-c',
    `sess reconnect ${attached} < ${world.dir}/file`,
  ])
  t.ok([0, 3].includes(status), 'the end of a file is a disconnect, unless the program was quicker')
  if (status === 0) await kill(world, attached)
})
