import { connect, ended, kill, record, table, unrecord, unrecorded, view } from './asking.js'

const BAD = 'say 5 no that is no path to record to'

table('it is recorded to one file at a time, for as long as there is output', [
  ['from now on', [record(5)], ['record 5 record /a.cast']],
  ['or on', [record(5, '/a.cast', true)], ['record 5 record /a.cast append']],
  [
    'not twice',
    [record(5), record(6, '/b.cast')],
    ['say 6 no session r7 is recorded already, to /a.cast'],
  ],
  ['the file is not to be had', [record(5), unrecorded, record(6)], ['record 6 record /a.cast']],
  ['no more', [record(5), unrecord(6)], ['unrecord 6']],
  ['and again', [record(5), unrecord(6), record(5)], ['record 5 record /a.cast']],
  ['not at all', [unrecord(6)], ['say 6 no session r7 is not recorded']],
  ['its master is somewhere else', [record(5, 'a.cast')], [BAD]],
  ['nowhere', [record(5, '')], [BAD]],
  ['nowhere near', [record(5, `/${'é'.repeat(2048)}`)], [BAD]],
  ['it ends', [connect(1), record(5), ended()], ['unrecord 3', 'tell 1 ended 3']],
  ['it has ended', [ended(), record(5)], ['say 5 no session r7 has ended']],
  ['it is killed', [record(5), kill(6)], ['unrecord', 'hangup 6']],
  ['it was killed', [kill(6), record(5)], ['say 5 no session r7 has ended']],
  ['a viewer only looks', [view(3), record(3)], ['drop 3']],
  ['and ends nothing', [record(5), view(3), unrecord(3)], ['drop 3']],
])
