// The recording that a master makes of its session while somebody outside wants one. Output is recorded before
// it is on the tape, so each byte once, whoever has it and however it gets there.
import type { Header } from '../event.js'
import { Recording } from '../recording.js'
import { hampered, openToWrite, type Written } from '../sys/recording.js'
import type { Recorded, Request } from '../wire.js'

interface Size {
  rows: number
  columns: number
}

export class Recorder {
  readonly #path: string
  readonly #file: Written
  readonly #recording: Recording
  readonly #tell: (what: string) => boolean
  #size: Size
  /** Why not all is recorded, which nobody has been told yet; or ''. */
  #trouble = ''

  /** `tell` tells who is connected, if somebody is. Throws Trouble if the file cannot be had. */
  constructor(
    { path, append }: Request & { type: 'record' },
    header: Header,
    tell: (what: string) => boolean,
  ) {
    this.#path = path
    this.#size = header
    this.#tell = tell
    this.#file = openToWrite(path, append)
    const { put, before } = this.#file
    const failed = (why: string): void => {
      this.#trouble = hampered(path, why)
    }
    this.#recording = new Recording(put, { ...header, since: Date.now() / 1000 }, failed, before)
  }

  /** Records output. */
  add(bytes: Buffer): void {
    this.#recording.add({ type: 'output', bytes })
    this.warn()
  }

  resize({ rows, columns }: Size): void {
    if (rows === this.#size.rows && columns === this.#size.columns) return
    this.#size = { rows, columns }
    this.#recording.add({ type: 'size', rows, columns })
    this.warn()
  }

  /** What went wrong is told once, as soon as somebody is connected. */
  warn(): void {
    if (this.#trouble && this.#tell(this.#trouble)) this.#trouble = ''
  }

  /** How it stands; what went wrong counts as told with it. */
  state(): Recorded {
    const { bytes, missing } = this.#recording
    const trouble = this.#trouble
    this.#trouble = ''
    return { path: this.#path, length: bytes, missing, trouble }
  }

  /** Records no more; `status` is the program's, if it has ended. */
  end(status?: number): Recorded {
    this.#recording.end()
    if (status !== undefined) this.#recording.add({ type: 'exit', status })
    this.warn()
    this.#file.close()
    return this.state()
  }
}
