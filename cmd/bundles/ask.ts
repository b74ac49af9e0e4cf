// What asks sessions or lists them.
import { begin } from '../../lib/sys/startup.js'
import { disconnect } from '../disconnect.js'
import { menu } from '../menu.js'
import { reconnect } from '../reconnect.js'
import { sesskill } from '../sesskill.js'
import { sesslist } from '../sesslist.js'
import { sessname } from '../sessname.js'
import { sessrecord } from '../sessrecord.js'
import { sesswhere } from '../sesswhere.js'
import { sesswho } from '../sesswho.js'

begin({ disconnect, menu, reconnect, sesskill, sesslist, sessname, sessrecord, sesswhere, sesswho })
