// How other people's text reaches a terminal or a file of ours: with nothing in it that could move the
// cursor, colour, reorder or hide what follows, or make the terminal answer. Assumes a UTF-8 terminal.

/**
 * Controls, lone surrogates, line and paragraph separators, what is invisible or turns the direction
 * round, and what stands for bytes that were no UTF-8. Joiners and variation selectors are the
 * exception: emoji and several scripts are misspelt without them, and they harm nobody.
 */
const HIDDEN = /(?![\u200c\u200d\p{VS}])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{NChar}\ufff9-\ufffd]/gu

/** Text that nothing of that is in. To look it up in Unicode's tables costs a short-lived process a millisecond. */
const PLAIN = /^[ -~]*$/

/** The text with each such character made visible: ^X for C0, ^? for DEL, \u{9b} for the others. */
export function printable(text: string): string {
  return PLAIN.test(text) ? text : text.replace(HIDDEN, visible)
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`
  if (code === 0x7f) return '^?'
  return `\\u{${code.toString(16)}}`
}

/** The value as one line of JSON, with each such character as JSON's own escape: it parses to the same value. */
export function printableJson(value: unknown): string {
  const text = JSON.stringify(value)
  if (PLAIN.test(text)) return text
  return text.replace(HIDDEN, character =>
    Array.from({ length: character.length }, (_, i) => unit(character.charCodeAt(i))).join(''),
  )
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`
}

/** The text cut to `length` characters (code points, at least one), the last an ellipsis if any had to go. */
export function short(text: string, length: number): string {
  const characters = Array.from(text)
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`
}
