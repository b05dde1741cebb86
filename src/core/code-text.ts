/**
 * A value as TypeScript or JavaScript source: JSON, safe inside a script element and in every ECMAScript version.
 * `undefined` is the word.
 */
export function codeText(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined'
  if (!/[<\u2028\u2029]/.test(text)) return text
  return text
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029')
}

/** Order of UTF-16 code units: the same on every machine, whatever its locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
