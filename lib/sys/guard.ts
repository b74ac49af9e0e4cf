// Gives a terminal back when this process has been killed before it could: a small shell, out of the reach
// of the terminal's signals, that waits for our end.
import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'

export interface Guard {
  /** What is to be written to the terminal then; nothing while it has been given back. */
  know(undo: string): void
  /** There is nothing to guard any more. */
  release(): void
}

/** Its last line is the last thing that it was told. Who has set modes of his own meanwhile keeps them. */
const SCRIPT = `exec 3<&1
while read -r line; do undo=$line; done
test "$undo" = released && exit
test "$(stty -g <&3)" != "$2" || stty "$1" <&3
printf "$undo"`

/** Guards a terminal with `ours` for its modes, which were `saved`. */
export function guard(fd: number, saved: string, ours: string): Guard {
  const args = ['-c', SCRIPT, 'sh', saved, ours]
  const child = spawn('/bin/sh', args, { detached: true, stdio: ['pipe', fd, 'ignore'] })
  const pipe = child.stdin as Socket
  for (const it of [child, pipe]) it.on('error', () => undefined).unref()
  return {
    know: undo => void pipe.write(`${octal(undo)}\n`),
    release: () => void pipe.end('released\n'),
  }
}

/** As printf(1) has it: nothing in it means anything to a shell. */
function octal(text: string): string {
  const codes = Array.from(text, character => character.charCodeAt(0).toString(8).padStart(3, '0'))
  return codes.map(code => `\\${code}`).join('')
}
