const latin = (bytes: Uint8Array, from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to))
const startsWith = (bytes: Uint8Array, ...head: number[]) => head.every((value, i) => bytes[i] === value)

/**
 * The media type of a picture by its content, whatever its name says.
 * @returns undefined when the bytes are no picture of a known format
 */
export function imageTypeOf(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (/^GIF8[79]a/.test(latin(bytes, 0, 6))) return 'image/gif'
  if (latin(bytes, 0, 4) === 'RIFF' && latin(bytes, 8, 12) === 'WEBP') return 'image/webp'
  if (latin(bytes, 4, 8) === 'ftyp' && /^avi[fs]/.test(latin(bytes, 8, 12))) return 'image/avif'
  if (startsWith(bytes, 0x49, 0x49, 0x2a, 0x00) || startsWith(bytes, 0x4d, 0x4d, 0x00, 0x2a)) return 'image/tiff'
  return looksLikeSvg(bytes) ? 'image/svg+xml' : undefined
}

/** True when the first element of a text is `svg`; comments, a doctype and processing instructions may stand before. */
function looksLikeSvg(bytes: Uint8Array): boolean {
  // An AVIF or another binary is told apart by its first bytes; only text may go on.
  const bom = startsWith(bytes, 0xef, 0xbb, 0xbf) ? 3 : 0
  let first = bom
  while (first < bytes.length && (bytes[first] === 0x20 || (bytes[first]! >= 0x09 && bytes[first]! <= 0x0d))) first++
  if (bytes[first] !== 0x3c) return false
  const head = new TextDecoder().decode(bytes.subarray(first, first + 16_384))
  let at = 0
  while (at < head.length) {
    const rest = head.slice(at)
    if (/^<(?:[A-Za-z_][\w.-]*:)?svg[\s/>]/.test(rest)) return true
    const end = rest.startsWith('<!--')
      ? endOf(rest, '-->')
      : rest.startsWith('<?')
        ? endOf(rest, '?>')
        : /^<!DOCTYPE/i.test(rest)
          ? endOfDoctype(rest)
          : undefined
    if (end === undefined) return false
    at += end
    while (/\s/.test(head[at] ?? '')) at++
  }
  return false
}

const endOf = (text: string, mark: string) => {
  const at = text.indexOf(mark)
  return at < 0 ? undefined : at + mark.length
}

function endOfDoctype(text: string): number | undefined {
  const close = text.indexOf('>')
  const subset = text.indexOf('[')
  if (subset < 0 || close < subset) return close < 0 ? undefined : close + 1
  const end = text.indexOf(']', subset)
  return end < 0 ? undefined : endOf(text.slice(end), '>')! + end || undefined
}
