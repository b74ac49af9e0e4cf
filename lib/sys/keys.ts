// Talking with the user at a terminal, key by key. What is typed after the last key stays unread, for
// whoever reads the terminal next. Setting the terminal's modes is the caller's.
import type { SocketConstructorOpts } from 'node:net'
import { ReadStream } from 'node:tty'

export interface Turn {
  /** What to write. */
  say: string
  over: boolean
}

/**
 * Says `greeting` on the terminal, a non-blocking descriptor of our own, and hears each key until the
 * talk is over, the terminal is gone, or so many milliseconds have passed. Closes the descriptor.
 */
export async function talk(
  fd: number,
  greeting: string,
  hear: (key: number) => Turn,
  patience: number,
): Promise<'over' | 'late' | 'gone'> {
  let stream: ReadStream | undefined
  try {
    return await new Promise(end => {
      const buffer = Buffer.alloc(1)
      const callback = (): boolean => {
        const { say, over } = hear(buffer[0] ?? 0)
        // Ends when the last words have been taken.
        stream?.write(say, () => over && end('over'))
        return !over
      }
      const late = setTimeout(() => {
        stream?.write('\r\n')
        end('late')
      }, patience)
      stream = new ReadStream(fd, { onread: { buffer, callback } } as SocketConstructorOpts)
      stream.on('error', () => end('gone')).on('end', () => end('gone'))
      stream.on('close', () => clearTimeout(late))
      stream.write(greeting)
      stream.resume()
    })
  } finally {
    stream?.destroy()
  }
}
