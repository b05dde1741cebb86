import { evaluate, parseExpression, type Scope } from './expression.ts'
import { asText } from './expression-values.ts'

/** An expression in a text, with where the text stands. */
export interface PlacedExpression {
  /** From the value that was looked through to the text. */
  path: readonly PropertyKey[]
  text: string
}

const mark = /\{\{([^]*?)\}\}/g

/** Every `{{ expression }}` of a value, as it is spelled. */
export function expressionsIn(value: unknown, path: readonly PropertyKey[] = []): PlacedExpression[] {
  if (typeof value === 'string') return [...value.matchAll(mark)].map((match) => ({ path, text: match[1]!.trim() }))
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, one]) => expressionsIn(one, [...path, Array.isArray(value) ? Number(key) : key]))
}

/**
 * Put what expressions come to in the place of `{{ expression }}`, once. A text that is nothing else becomes the value itself.
 * @throws EXPRESSION_INVALID, EXPRESSION_FAILED
 */
export function fillExpressions(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') {
    const result = (text: string) => evaluate(parseExpression(text.trim()), scope)
    const [only] = value.matchAll(mark)
    if (only && only[0].length === value.trim().length) return result(only[1]!)
    return value.replace(mark, (_, text: string) => asText(result(text)))
  }
  if (Array.isArray(value)) return value.map((one) => fillExpressions(one, scope))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fillExpressions(one, scope)]))
}
