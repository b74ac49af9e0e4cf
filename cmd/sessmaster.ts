// A session's master: started by sess, never by hand.
import { Trouble, reason } from '../lib/die.js'
import { run } from '../lib/master/run.js'
import { orders } from '../lib/sys/launch.js'

const { settings, say, left } = await orders()
try {
  await run(settings, name => say({ name }), left)
} catch (error) {
  const why = error instanceof Trouble ? error.message : `cannot start a session: ${reason(error)}`
  say({ error: why })
  setTimeout(() => process.exit(111), 100)
}
