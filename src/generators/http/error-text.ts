/** Longest text of a provider that is repeated in a message. */
const longestText = 400

/** What a server says went wrong, from the shapes that JSON errors come in; undefined when it says nothing. */
export function errorText(body: unknown): string | undefined {
  if (typeof body === 'string') return body.trim() || undefined
  if (Array.isArray(body)) {
    const texts = body.flatMap((one) => errorText(one) ?? [])
    return texts.length > 0 ? texts.join('; ') : undefined
  }
  if (typeof body !== 'object' || body === null) return undefined
  const fields = body as Record<string, unknown>
  for (const name of ['error', 'message', 'detail', 'errors', 'error_description', 'msg', 'title', 'name'])
    if (fields[name] !== undefined) {
      const text = errorText(fields[name])
      if (text !== undefined) return text
    }
  return undefined
}

/** A remote text on one line, without control and direction marks, cut where it gets long. */
export function oneLine(text: string): string {
  const line = text
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
  return line.length > longestText ? `${line.slice(0, longestText)}…` : line
}
