import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import {
  boot,
  children,
  commandOf,
  ignored,
  masters,
  onTerminal,
  ownerOf,
  parseSignals,
  parseStat,
  parseStatus,
  processes,
  processOf,
  ps,
  startedAt,
  stopSignal,
} from '../../lib/sys/processes.js'

/** A child of ours that has said that it is ready; killed at the test's end. */
async function child(
  t: { teardown(end: () => Promise<void>): void },
  command: string,
  ...args: string[]
): Promise<ChildProcess> {
  const its = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(its, 'exit')
  t.teardown(async () => {
    its.kill('SIGKILL')
    await ended
  })
  await once(its.stdout, 'data')
  return its
}

const REST = '4194304 1 2 3 4 5 6 7 8 20 0 1 0 123456 9 10 18446744073709551615'

t.test('a process is read whatever its name holds', async t => {
  const found = {
    pid: 42,
    parent: 1,
    group: 42,
    session: 40,
    tty: 34818,
    foreground: -1,
    state: 'S',
    started: 123456,
  }
  for (const name of ['sh', 'a b', ') S 1 1', '(x) R (', 'a\nb', '', ')', '42 (sh) S 7 7']) {
    t.strictSame(parseStat(`42 (${name}) S 1 42 40 34818 -1 ${REST}\n`), found, name)
  }
})

t.test('what is no process is none', async t => {
  for (const text of ['', '42', '42 (sh)', '42 (sh) S', '42 (sh) S 1 2 3', `x (sh) S 1 ${REST}`]) {
    t.equal(parseStat(text), undefined, text)
  }
  fc.assert(fc.property(fc.string(), text => void parseStat(text)))
})

t.test('lines of a status are found by their whole name', async t => {
  const text = 'Name:\tSigIgn:\nState:\tT (stopped)\nUmask:\t0022\nSigIgn:\t0000000000001000\n'
  t.equal(parseStatus(text, 'State'), 'T (stopped)')
  t.equal(parseStatus(text, 'SigIgn'), '0000000000001000')
  t.equal(parseStatus(text, 'Sig'), undefined)
})

t.test('signal sets are read', async t => {
  const table: [set: string, signals: number[]][] = [
    ['0000000000000000', []],
    ['0000000000000001', [1]],
    ['0000000000001006', [2, 3, 13]],
    ['8000000000000000', [64]],
    ['', []],
    ['x', []],
  ]
  for (const [set, signals] of table) t.strictSame(parseSignals(set), signals, set)
})

t.test('this process finds itself', async t => {
  const its = processOf(process.pid)
  t.match(its, { pid: process.pid, parent: process.ppid, uid: process.getuid?.(), state: 'R' })
  t.equal(ownerOf(process.pid), process.getuid?.())
  t.match(commandOf(process.pid), process.title)
  t.ok(processes().some(({ pid }) => pid === process.pid))
  t.ok(processes().every(({ pid, started }) => pid > 0 && started >= 0))
})

t.test('when a process began is known to the second', async t => {
  const before = Date.now()
  const { pid = 0 } = await child(t, 'sh', '-c', 'echo; read x')
  t.ok(Math.abs(startedAt(processOf(pid) ?? { started: 0 }) - before) < 2000)
  t.equal(startedAt({ started: 150 }, 1000), 2500)
  t.ok(boot() < before)
})

t.test('a child is found, with what it ignores, and its stop', async t => {
  const { pid = 0 } = await child(t, 'sh', '-c', 'umask 027; trap "" HUP PIPE; echo; read x')
  t.ok(children(process.pid).includes(pid))
  t.strictSame(
    ignored(pid).filter(signal => signal === 1 || signal === 13 || signal === 15),
    [1, 13],
  )
  t.strictSame(stopSignal(pid), { stopped: false, umask: 0o027 })
  process.kill(pid, 'SIGSTOP')
  while (processOf(pid)?.state !== 'T') await new Promise(done => setTimeout(done, 5))
  t.strictSame(stopSignal(pid), { stopped: true, umask: 0o027 })
  t.match(commandOf(pid), /^sh -c umask 027; .* read x$/)
})

t.test('who is not there is absent, not an error', async t => {
  const pid = 2 ** 22 + 1
  t.equal(processOf(pid), undefined)
  t.equal(ownerOf(pid), undefined)
  t.equal(stopSignal(pid), undefined)
  t.strictSame(children(pid), [])
  t.strictSame(ignored(pid), [])
  t.equal(commandOf(pid), '')
  t.strictSame(onTerminal(-1), [])
  t.equal(ps('/dev/pts/999999'), '')
})

t.test('the dead are on no terminal', async t => {
  const script = '(sleep 0.01 & exec sh -c "sleep 0.1; echo; read x")'
  const its = await child(t, 'script', '-qec', script, '/dev/null')
  const [sh = 0] = children(its.pid ?? 0)
  const tty = processOf(sh)?.tty ?? 0
  t.not(tty, 0)
  const living = onTerminal(tty)
  t.ok(living.length > 0)
  t.ok(living.every(({ state }) => state !== 'Z'))
  const device = fs.readlinkSync(`/proc/${sh}/fd/0`)
  t.equal(ps(device).split('\n').length, ps(device, 80, sh).split('\n').length + 1)
  t.match(ps(device), /^USER +PID .* START +TIME COMMAND\n/)
  t.ok(
    ps(device, 90)
      .split('\n')
      .every(line => line.length <= 90),
  )
})

t.test('a master is known by its title, and nobody else is', async t => {
  const begin = Date.now()
  const title = 'sessmaster eeef connect 1766190540 10.0.0.1'
  const set = `process.title = '${title}'; console.log(); process.stdin.resume()`
  const master = await child(t, process.execPath, '-e', set, ' '.repeat(200))
  await child(t, 'bash', '-c', `exec -a '${title}' sh -c 'echo; read x'`)
  const found = masters().filter(({ name }) => name === 'eeef')
  t.match(found, [
    {
      pid: master.pid,
      uid: process.getuid?.(),
      last: { what: 'connect', since: 1766190540000, from: '10.0.0.1' },
    },
  ])
  t.ok(Math.abs((found[0]?.begun ?? 0) - begin) < 2000)
})
