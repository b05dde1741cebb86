/**
 * Edits after which two texts count as replaced, one by the other: the time to find the fewest edits grows with the
 * square of their number.
 */
export const mostEdits = 2000

/** Text as its lines; a closing line end gives an empty last line, so that joining gives the text again. */
export function linesOf(text: string): { lines: string[]; lineEnd: '\n' | '\r\n' } {
  // Where only some lines end in CRLF, its CR is part of those lines.
  if (!/(?<!\r)\n/.test(text) && text.includes('\r\n')) return { lines: text.split('\r\n'), lineEnd: '\r\n' }
  return { lines: text.split('\n'), lineEnd: '\n' }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Bytes as text, a byte order mark kept; undefined for what is no UTF-8 or holds NUL, as no text does. */
export function textIn(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}
