// The master.
import { begin } from '../../lib/sys/startup.js'
import { sessmaster } from '../sessmaster.js'

begin({ sessmaster })
