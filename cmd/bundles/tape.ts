// What carries bytes: any that come, or a session's from outside; and what is rarely called.
import { begin } from '../../lib/sys/startup.js'
import { sessalive } from '../sessalive.js'
import { sesstail } from '../sesstail.js'
import { sesstype } from '../sesstype.js'
import { sesswait } from '../sesswait.js'
import { tplay } from '../tplay.js'
import { trecord } from '../trecord.js'
import { tscript } from '../tscript.js'
import { ttydetach } from '../ttydetach.js'
import { waitfor } from '../waitfor.js'

begin({ sessalive, sesstail, sesstype, sesswait, tplay, trecord, tscript, ttydetach, waitfor })
