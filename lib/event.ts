// What a recording of a terminal is made of, whatever file it comes from (cast.ts, ttyrec.ts).

export type Event =
  | { type: 'output'; bytes: Buffer }
  | { type: 'input'; bytes: Buffer }
  /** The terminal has got another size. */
  | { type: 'size'; columns: number; rows: number }
  /** A place that somebody has marked. */
  | { type: 'mark'; label: string }
  /** The recorded program has ended. */
  | { type: 'exit'; status: number }

/** An event, so many seconds after the one before it. */
export interface Moment {
  wait: number
  event: Event
}

/** What a recording tells of itself: 0 is a size that it does not tell. */
export interface Header {
  columns: number
  rows: number
  /** What TERM was, and when it began, in seconds since 1970: these are written only. */
  term?: string
  since?: number
  /** The longest that its maker wants a player to wait, in seconds. */
  idle?: number
}

/** Reads a recording from its file's bytes, however they are cut. Both throw Fatal 1 at what is no recording. */
export interface Reader {
  /** Undefined until it has been read. */
  readonly header: Header | undefined
  /** What comes before something wrong is had before that is thrown. */
  read(bytes: Buffer): Iterable<Moment>
  /** There is no more. */
  end(): Iterable<Moment>
  /** Did it end in the middle of something? */
  readonly cut: boolean
}
