// Keeps characters whole: of UTF-8 that comes in pieces, what could be the beginning of a character waits
// for its rest. Bytes that are no UTF-8 wait for nothing.

export class Characters {
  #held = Buffer.alloc(0)

  /** These bytes after those that waited, as far as they are whole. */
  whole(bytes: Buffer): Buffer {
    const all = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : bytes
    const end = all.length - unfinished(all)
    this.#held = Buffer.from(all.subarray(end))
    return all.subarray(0, end)
  }

  /** What still waits: there is no rest. */
  end(): Buffer {
    const held = this.#held
    this.#held = Buffer.alloc(0)
    return held
  }
}

/** How many bytes at the end may be the beginning of a character: at most three. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return lengthOf(byte) > back ? back : 0
  }
  return 0
}

/** How long a character with this first byte is; 0 if there is none. */
function lengthOf(first: number): number {
  if (first < 0xc2 || first > 0xf4) return 0
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
}
