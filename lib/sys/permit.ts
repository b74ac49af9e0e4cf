// What the administrator lets people do here: a file in /etc/sess takes a command away from all who
// cannot read it.
import fs from 'node:fs'
import { code } from '../die.js'

/** May the caller use this command? */
export function permitted(command: string): boolean {
  try {
    fs.accessSync(`/etc/sess/${command}`, fs.constants.R_OK)
    return true
  } catch (error) {
    return code(error) !== 'EACCES'
  }
}
