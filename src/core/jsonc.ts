/**
 * Read JSON with comments and trailing commas, as tsconfig and editor settings are written.
 * @returns undefined when it is no such text
 */
export function parseJsonc(text: string): unknown {
  // One pass over strings, comments and commas that close nothing; what is in a string stays.
  const plain = text
    .replace(/^\ufeff/, '')
    .replace(/("(?:[^"\\\n]|\\.)*")|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/g, (_, string: string | undefined) => string ?? ' ')
    .replace(/("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])/g, (_, string: string | undefined) => string ?? '')
  try {
    return JSON.parse(plain)
  } catch {
    return undefined
  }
}
