import t from 'tap'
import { caller } from '../../lib/caller.js'

const odd = (...entries: string[]): string =>
  Buffer.from(entries.map(entry => `${entry}\0`).join('')).toString('base64')

t.test("a caller's environment is his own again", async t => {
  const table: [what: string, noted: Record<string, string>, env: Record<string, string>][] = [
    ['nothing', {}, {}],
    ['what it was', { PATH: '/bin', EMPTY: '' }, { PATH: '/bin', EMPTY: '' }],
    [
      'our notes are not his',
      {
        SESS_CALLER: '0 1',
        SESS_ODD: '',
        SESS_BIN: '/b',
        SESS_DRAFT: '.d',
        SESS_MODES: '',
        A: '1',
      },
      { A: '1' },
    ],
    ['what was set aside', { SESS_ASIDE_NODE_OPTIONS: '--x' }, { NODE_OPTIONS: '--x' }],
    ['empty as it was', { SESS_ASIDE_NODE_PATH: '' }, { NODE_PATH: '' }],
    ['but no more than that', { SESS_ASIDE_LD_PRELOAD: 'x' }, {}],
    ['his own SESS_DIR stays', { SESS_DIR: '/s' }, { SESS_DIR: '/s' }],
    [
      'odd names',
      { SESS_ODD: odd('a.b=c', 'BASH_FUNC_x%%=() {  echo "=";\n}', 'e-f=') },
      { 'a.b': 'c', 'BASH_FUNC_x%%': '() {  echo "=";\n}', 'e-f': '' },
    ],
    ['any text', { SESS_ODD: odd('a b=é\u{1f600}') }, { 'a b': 'é\u{1f600}' }],
    ['rubbish', { SESS_ODD: '!!' }, {}],
  ]
  for (const [what, noted, env] of table) t.strictSame(caller(noted).env, env, what)
})

t.test('what a shell cannot put back is noted: ignored signals and the limit of files', async t => {
  const table: [noted: string | undefined, nohup: boolean, files: string][] = [
    [undefined, false, ''],
    ['', false, ''],
    ['0000000000000000 1024', false, '1024'],
    ['0000000000000001 unlimited', true, 'unlimited'],
    ['0000000000001003 1048576', true, '1048576'],
    ['0000000000001002 1', false, '1'],
    ['0000000000000001', false, ''],
    ['zz 1024', false, ''],
    ['1 10; reboot', false, ''],
  ]
  for (const [noted, nohup, files] of table) {
    const { nohup: his, files: its } = caller({ SESS_CALLER: noted })
    t.strictSame([his, its], [nohup, files], noted ?? 'nothing')
  }
})
