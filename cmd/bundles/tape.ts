// What needs no session.
import { begin } from '../../lib/sys/startup.js'
import { tplay } from '../tplay.js'
import { trecord } from '../trecord.js'
import { ttydetach } from '../ttydetach.js'
import { waitfor } from '../waitfor.js'

begin({ tplay, trecord, ttydetach, waitfor })
