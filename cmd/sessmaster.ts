// A session's master: started by sess, never by hand.
import v8 from 'node:v8'
import { Trouble, reason } from '../lib/die.js'
import { run } from '../lib/master/run.js'
import { orders } from '../lib/sys/launch.js'

// What is soon garbage, as all that passes through is, must not make a small process large.
for (const flag of ['--semi-space-growth-factor=1', '--optimize-for-size'])
  v8.setFlagsFromString(flag)

const { settings, say, left } = await orders()
try {
  await run(settings, name => say({ name }), left)
} catch (error) {
  const why = error instanceof Trouble ? error.message : `cannot start a session: ${reason(error)}`
  say({ error: why })
  setTimeout(() => process.exit(111), 100)
}
