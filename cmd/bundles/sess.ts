// The signaller.
import { begin } from '../../lib/sys/startup.js'
import { nobuf } from '../nobuf.js'
import { pty } from '../pty.js'
import { sess } from '../sess.js'
import { condom, ttyprotect } from '../ttyprotect.js'

begin({ condom, nobuf, pty, sess, ttyprotect })
