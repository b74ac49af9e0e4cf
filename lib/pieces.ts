// Reading and writing for who does one thing after the other: what is not asked for is not read, and what is
// written has been accepted before it goes on.
import { Outlet, inlet } from './sys/flow.js'

/** What comes out of a descriptor, piece by piece: nothing is read before it is asked for. */
export interface Pieces {
  /** Undefined at the end; rejects if it cannot be read. */
  next(): Promise<Buffer | undefined>
  /** Waits for no more. */
  stop(): void
}

/** Each piece has at most so many bytes. */
export function pieces(fd: number, most?: () => number): Pieces {
  let got: { done: (piece: Buffer | undefined) => void; fail: (error: unknown) => void } | undefined
  const taken = (buffer: Buffer, length: number): void => {
    from.pause()
    got?.done(Buffer.from(buffer.subarray(0, length)))
  }
  const ended = (error?: unknown): void => (error ? got?.fail(error) : got?.done(undefined))
  const from = inlet(fd, taken, ended, most)
  const next = (): Promise<Buffer | undefined> =>
    new Promise((done, fail) => {
      got = { done, fail }
      from.resume()
    })
  return { next, stop: () => from.pause() }
}

/** Somewhere to write to for who does one thing after the other. */
export interface Sink {
  /** Resolves when no more than `left` bytes wait to be accepted; rejects if there will be no more. */
  write(bytes: Buffer, left?: number): Promise<void>
  shut(): void
}

export function sink(fd: number): Sink {
  let wake = (): void => undefined
  let failure: { error: unknown } | undefined
  const failed = (error: unknown): void => {
    failure = { error }
    wake()
  }
  const outlet = new Outlet(fd, () => wake(), failed)
  return {
    write: async (bytes, left = 0) => {
      outlet.write(bytes)
      while (!failure && outlet.waiting > left) await new Promise<void>(done => (wake = done))
      if (failure) throw failure.error
    },
    shut: () => outlet.shut(),
  }
}
