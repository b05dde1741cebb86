import { codeText } from '../code-text.ts'

/** Longer texts are typed as `string`: their literal type tells nobody anything. */
const maxLiteralLength = 200

/** The narrowest TypeScript type of a JSON value; texts up to 200 characters are literal. */
export function literalType(value: unknown): string {
  if (Array.isArray(value)) return `readonly [${value.map(literalType).join(', ')}]`
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => `readonly ${codeText(key)}: ${literalType(member)}`)
    return members.length === 0 ? '{}' : `{ ${members.join('; ')} }`
  }
  if (typeof value === 'string' && value.length > maxLiteralLength) return 'string'
  return codeText(value)
}
