import fs from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { besides, format, holds, parse, type Shown, type Status } from '../../lib/status.js'
import { inode, listening, parseListening, readStatus, StatusFile } from '../../lib/sys/status.js'
import { REPLIES } from './messages.js'

const STATUS: Status = {
  name: 'p7',
  title: 'a title',
  pid: 4711,
  slave: 4713,
  state: 'connected',
  status: 0,
  stopped: 0,
  next: 'qf',
  since: 1_795_656_513_614,
  begun: 1_795_656_513_000,
  connection: { tty: '/dev/pts/1', from: '' },
  direct: { input: true, output: false },
  viewers: [{ tty: '', from: '10.0.0.1' }],
  command: 'vi notes',
  recording: '/home/me/talk.cast',
  session: true,
  started: 95611,
  socket: 157429,
  file: 2146419,
}

t.test('a status is read as it was written', async t => {
  fc.assert(
    fc.property(REPLIES.info, fc.maxSafeNat(), (info, number) => {
      const mark = { started: number, socket: number, file: number }
      const status = { ...parse(format({ ...info, ...mark })), type: 'info' }
      t.strictSame(status, { ...info, ...mark })
    }),
    { numRuns: 50 },
  )
})

t.test('what is no status is none, and one of a later master is one', async t => {
  const text = format(STATUS)
  const changed = (change: object): string => JSON.stringify({ ...STATUS, ...change })
  const rubbish: [what: string, text: string][] = [
    ['nothing', ''],
    ['bytes', '\0\x01\xff'],
    ['half of one', text.slice(0, text.length / 2)],
    ['one and more', `${text}{}`],
    ['another value', '[]'],
    ['null', 'null'],
    ['a pid that is text', changed({ pid: '1' })],
    ['a pid with a fraction', changed({ pid: 1.5 })],
    ['an endless number', text.replace('4711', '1e999')],
    ['no viewers', changed({ viewers: {} })],
    ['an odd viewer', changed({ viewers: [1] })],
    ['a connection that is a list', changed({ connection: [] })],
  ]
  for (const [what, text] of rubbish) t.equal(parse(text), undefined, what)
  fc.assert(fc.property(fc.string(), text => parse(text) === undefined || text === '{}'))
  t.strictSame(parse(changed({ path: 'direct', toString: 1, ['__proto__']: 2 })), STATUS)
})

t.test(
  'a status holds for its own session, while its master lives, listens and is not stopped',
  async t => {
    const shown: Shown = {
      name: 'p7',
      process: { state: 'S', started: 95611 },
      file: 2146419,
      listening: new Set([1, 157429]),
    }
    const alive = (state: string): Partial<Shown> => ({ process: { state, started: 95611 } })
    const rows: [what: string, change: Partial<Shown>, holds: boolean][] = [
      ['as it was', {}, true],
      ['at work', alive('R'), true],
      ['waiting for a disk', alive('D'), true],
      ['stopped', alive('T'), false],
      ['stopped by a debugger', alive('t'), false],
      ['dead', alive('Z'), false],
      ['gone', { process: undefined }, false],
      ['another process of that pid', { process: { state: 'S', started: 95612 } }, false],
      ['another session', { name: 'p8' }, false],
      ['another file under the name', { file: 2146420 }, false],
      ['nobody listens', { listening: new Set([1]) }, false],
    ]
    for (const [what, change, expected] of rows)
      t.equal(holds(STATUS, { ...shown, ...change }), expected, what)
    t.equal(besides('/proc/self/fd/3/p7'), '/proc/self/fd/3/.p7')
    t.equal(besides('p7'), '.p7')
  },
)

const LINE = '0000000000000000: 00000002 00000000 00010000 0001 01'

t.test('who listens is told by the kernel', async t => {
  const text = `Num       RefCount Protocol Flags    Type St Inode Path
${LINE} 157429 /proc/self/fd/22/.4711
${LINE}   611
0000000000000000: 00000003 00000000 00000000 0001 03 111 /run/connected
0000000000000000: 00000002 00000000 00010000 0005 01 112 /run/packets
0000000000000000: 00000002 00000000 00000000 0002 01 113 /run/datagrams
${LINE} 158 @abstract
${LINE} 159 /tmp/a
${LINE.replace('00010000', '00000000')} 160 /tmp/\n${LINE} x
`
  t.strictSame([...parseListening(text)], [157429, 611, 158, 159])
  const server = net.createServer()
  await new Promise<void>(done => server.listen('\0sess-test-status', done))
  const { fd } = (server as unknown as { _handle: { fd: number } })._handle
  const { ino } = fs.fstatSync(fd)
  t.ok(listening().has(ino))
  server.close()
  t.notOk(listening().has(ino))
})

t.test('a status file is written only when it says something else, and for its owner', async t => {
  const dir = t.testdir()
  const place = join(dir, '.p7')
  const { started, socket, file, ...info } = STATUS
  const its = new StatusFile(place, { started, socket, file })
  process.umask(0o777)
  its.write(info)
  process.umask(0o022)
  const first = fs.statSync(place)
  t.equal(first.mode & 0o7777, 0o600)
  t.strictSame(parse(readStatus(place)), STATUS)
  its.write({ ...info })
  t.equal(inode(place), first.ino, 'not twice')
  its.write({ ...info, title: 'x' })
  t.equal(parse(readStatus(place))?.title, 'x')
  t.strictSame(fs.readdirSync(dir), ['.p7'])
  fs.rmSync(place)
  its.renew({ ...info, title: 'x' })
  t.equal(parse(readStatus(place))?.title, 'x', 'one that was removed comes back')
  its.write({ ...info, command: 'x'.repeat(70_000) })
  t.strictSame(fs.readdirSync(dir), [], 'one that would be too long is none')
  its.write(info)
  its.write(undefined)
  t.strictSame(fs.readdirSync(dir), [])
  its.write(undefined)
  fs.symlinkSync(join(dir, 'elsewhere'), `${place}.new`)
  its.write(info)
  t.strictSame(fs.readdirSync(dir), ['.p7.new'], 'no link is followed')
})

t.test('what is no plain file of that size is not read', async t => {
  const dir = t.testdir({ long: 'x'.repeat(70_000), folder: {}, file: 'x' })
  fs.symlinkSync(join(dir, 'file'), join(dir, 'link'))
  fs.symlinkSync('/dev/zero', join(dir, 'zero'))
  for (const name of ['long', 'folder', 'link', 'zero', 'nothing'])
    t.equal(readStatus(join(dir, name)), '', name)
  t.equal(readStatus(join(dir, 'file')), 'x')
})
