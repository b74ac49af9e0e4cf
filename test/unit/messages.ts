// Every message there is, with any content.

import fc from 'fast-check'
import type { Message, Reply, Request } from '../../lib/wire.js'

export type Samples<M extends Message> = { [T in M['type']]: fc.Arbitrary<Extract<M, { type: T }>> }

/** As the wire makes them: ordinary objects. */
const plain = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record<T>(model, { noNullPrototype: true })
const unit = fc.integer({ min: 0, max: 0xffff }).map(n => String.fromCharCode(n))
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit }))
const number = fc.maxSafeInteger()
const flag = fc.boolean()
const offset = fc.integer({ min: 0, max: 2 ** 48 - 1 })
export const bytes = fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes))
const modes = { set: text, undo: text }
const next = { to: text, force: flag, viewer: flag }
const place = { tty: text, from: text }
const direct = { input: flag, output: flag }
const size = { rows: number, columns: number }
const is = <T extends string>(type: T) => fc.constant(type)

export const REQUESTS: Samples<Request> = {
  hello: plain({ type: is('hello'), version: number }),
  connect: plain({
    type: is('connect'),
    terminal: flag,
    ...size,
    ...place,
    viewer: flag,
    force: flag,
    kept: number,
    pid: number,
    saved: text,
  }),
  input: plain({ type: is('input'), offset, bytes }),
  seen: plain({ type: is('seen'), offset }),
  typist: plain({ type: is('typist') }),
  size: plain({ type: is('size'), ...size }),
  continue: plain({ type: is('continue') }),
  lend: plain({ type: is('lend'), input: text, output: text }),
  reclaim: plain({ type: is('reclaim') }),
  leave: plain({ type: is('leave'), ended: flag }),
  eof: plain({ type: is('eof') }),
  disconnect: plain({ type: is('disconnect') }),
  reconnect: plain({ type: is('reconnect'), notice: text, ...next }),
  title: plain({ type: is('title'), title: text }),
  info: plain({ type: is('info') }),
  kill: plain({ type: is('kill'), force: flag }),
  record: plain({ type: is('record'), path: text, append: flag }),
  unrecord: plain({ type: is('unrecord') }),
  settings: plain({ type: is('settings'), offset, bytes }),
  start: plain({ type: is('start') }),
}

export const REPLIES: Samples<Reply> = {
  hello: plain({ type: is('hello'), version: number }),
  connected: plain({
    type: is('connected'),
    offset: number,
    live: number,
    lost: number,
    input: number,
    ...modes,
    session: flag,
  }),
  refused: plain({ type: is('refused'), reason: text }),
  output: plain({ type: is('output'), offset, bytes }),
  seen: plain({ type: is('seen'), offset }),
  modes: plain({ type: is('modes'), ...modes }),
  lent: plain({ type: is('lent'), ...direct }),
  returned: plain({ type: is('returned'), input: number }),
  eof: plain({ type: is('eof'), some: flag }),
  broken: plain({ type: is('broken'), reason: text }),
  next: plain({ type: is('next'), ...next }),
  notice: plain({ type: is('notice'), text }),
  stopped: plain({ type: is('stopped'), signal: number }),
  exited: plain({ type: is('exited') }),
  bye: plain({ type: is('bye'), why: text, by: text }),
  ended: plain({ type: is('ended'), status: number }),
  ok: plain({ type: is('ok'), said: flag }),
  no: plain({ type: is('no'), reason: text }),
  info: plain({
    type: is('info'),
    name: text,
    title: text,
    pid: number,
    slave: number,
    state: fc.constantFrom('connected', 'disconnected', 'ended'),
    status: number,
    stopped: number,
    next: text,
    since: number,
    begun: number,
    connection: plain(place),
    direct: plain(direct),
    viewers: fc.array(plain(place), { maxLength: 4 }),
    command: text,
    recording: text,
    session: flag,
  }),
  started: plain({ type: is('started'), name: text }),
  recorded: plain({
    type: is('recorded'),
    path: text,
    length: number,
    missing: number,
    trouble: text,
  }),
}
