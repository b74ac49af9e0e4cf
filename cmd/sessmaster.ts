// A session's master: started by sess's launcher (master.sh), never by hand.
import { command } from '../lib/main.js'
import { run } from '../lib/master/run.js'

export const sessmaster = command('sessmaster', async ([starter, draft = '', binary = '']) => {
  return run(Number(starter), draft, binary)
})
