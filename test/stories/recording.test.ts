import t from 'tap'
import { world } from './world.js'

t.test('the recording of a talk, as the paper has it (P30, P31)', async t => {
  const { screen, session, sess, run, flip, reconnect, signaller } = world('p8')
  const record: string[] = []

  session('p8').write('[talk session going on]')
  signaller.type('\x1a')
  session('p8').write('Stopped\ncsh% ')
  // sess sh
  sess('p8', 'rf')
  session('rf').write('$ ')
  signaller.type('sessname; disconnect\r')
  session('rf').write('session rf\n')
  t.strictSame(run('rf', { type: 'disconnect' }), ['ok'])
  t.equal(session('rf').heard, 'sessname; disconnect\r')
  session('p8').write('csh% ')
  // reconnect rf; disconnect
  flip('p8', 'rf')
  session('rf').write('$ ')
  // sess reconnect p8 | tee talk-record
  sess('rf', 'q0', text => {
    record.push(text)
    session('rf').write(text)
  })
  reconnect('q0', 'p8')
  session('q0').exit(0)
  session('p8').write('csh% ')
  signaller.type('fg\r')
  session('p8').write('[talk session continues as before]')

  t.strictSame(screen, [
    '[raw]',
    '[talk session going on]',
    'Stopped\ncsh% ',
    '$ ',
    'session rf\n',
    'csh% ',
    'reconnect: will connect to session rf when session p8 is done',
    'pty: info: reconnecting to rf',
    '[raw]',
    'pty: info: successfully connected to rf',
    '$ ',
    'reconnect: will connect to session p8 when session q0 is done',
    'pty: info: reconnecting to p8',
    'pty: info: successfully connected to p8',
    'csh% ',
    '[talk session continues as before]',
  ])
  t.strictSame(record, ['csh% ', '[talk session continues as before]'], 'and nothing of ours')
  t.equal(session('p8').heard, '\x1afg\r', 'what is typed still reaches it')
  t.equal(session('p8').status, 'connected')

  session('p8').exit(0)
  session('rf').write('$ ')
  signaller.type('exit\r')
  t.equal(session('rf').heard.slice(-5), 'exit\r', 'afterwards he is in the session that records')
})

t.test('a session within a session is visited without leaving one (P27)', async t => {
  const { screen, session, sess, reconnect, run, signaller } = world('p7', 'qb')
  // sess reconnect qb
  const inner = sess('p7', 'q0')
  reconnect('q0', 'qb')
  session('q0').exit(0)
  signaller.type('to qb;')
  session('qb').write('from qb;')
  t.strictSame(run('qb', { type: 'disconnect' }), ['ok'])
  signaller.type('to p7;')
  t.equal(inner.status, 0)
  t.equal(session('p7').heard, 'to p7;')
  t.equal(session('qb').heard, 'to qb;')
  t.equal(session('p7').status, 'connected')
  t.equal(session('qb').status, 'disconnected')
  t.strictSame(screen.slice(1), [
    'reconnect: will connect to session qb when session q0 is done',
    'pty: info: reconnecting to qb',
    'pty: info: successfully connected to qb',
    'from qb;',
  ])
})
