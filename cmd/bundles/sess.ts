// The signaller.
import { begin } from '../../lib/sys/startup.js'
import { sess } from '../sess.js'

begin({ sess })
