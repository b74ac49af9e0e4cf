// All programs of ours in one: the first word says which.
import { begin } from '../lib/sys/startup.js'
import { disconnect } from './disconnect.js'
import { menu } from './menu.js'
import { reconnect } from './reconnect.js'
import { sess } from './sess.js'
import { sesskill } from './sesskill.js'
import { sesslist } from './sesslist.js'
import { sessmaster } from './sessmaster.js'
import { sessname } from './sessname.js'
import { sesstail } from './sesstail.js'
import { sesstype } from './sesstype.js'
import { sesswait } from './sesswait.js'
import { sesswhere } from './sesswhere.js'
import { sesswho } from './sesswho.js'
import { tplay } from './tplay.js'
import { trecord } from './trecord.js'
import { ttydetach } from './ttydetach.js'
import { waitfor } from './waitfor.js'

const PROGRAMS = new Map(
  Object.entries({
    disconnect,
    menu,
    reconnect,
    sess,
    sesskill,
    sesslist,
    sessmaster,
    sessname,
    sesstail,
    sesstype,
    sesswait,
    sesswhere,
    sesswho,
    tplay,
    trecord,
    ttydetach,
    waitfor,
  }),
)

begin(([name = '', ...argv]) => void PROGRAMS.get(name)?.(argv))
