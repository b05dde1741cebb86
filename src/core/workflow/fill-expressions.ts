import { evaluate, expressionFailed, parseExpression, type Scope } from './expression.ts'
import { asText, maxTextLength } from './expression-values.ts'

/** An expression in a text, with where the text stands. */
export interface PlacedExpression {
  /** From the value that was looked through to the text. */
  path: readonly PropertyKey[]
  text: string
}

interface Part {
  text: string
  isExpression: boolean
}

/** A text as what stands in and between its `{{ }}`; by hand, since a pattern looks to the end anew at every `{{`. */
function partsOf(text: string): Part[] {
  const parts: Part[] = []
  let from = 0
  for (;;) {
    const open = text.indexOf('{{', from)
    const close = open < 0 ? -1 : text.indexOf('}}', open + 2)
    if (close < 0) break
    if (open > from) parts.push({ text: text.slice(from, open), isExpression: false })
    parts.push({ text: text.slice(open + 2, close).trim(), isExpression: true })
    from = close + 2
  }
  if (from < text.length) parts.push({ text: text.slice(from), isExpression: false })
  return parts
}

/** Every `{{ expression }}` of a value, as it is spelled. */
export function expressionsIn(value: unknown, path: readonly PropertyKey[] = []): PlacedExpression[] {
  if (typeof value === 'string') return partsOf(value).flatMap(({ text, isExpression }) => (isExpression ? [{ path, text }] : []))
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, one]) => expressionsIn(one, [...path, Array.isArray(value) ? Number(key) : key]))
}

/**
 * Put what expressions come to in the place of `{{ expression }}`, once. A text that is nothing else becomes the value itself.
 * @throws EXPRESSION_INVALID, EXPRESSION_FAILED
 */
export function fillExpressions(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') {
    const result = (text: string) => evaluate(parseExpression(text), scope)
    const parts = partsOf(value)
    const [only, second] = parts.filter(({ text, isExpression }) => isExpression || text.trim() !== '')
    if (only?.isExpression && !second) return result(only.text)
    return parts.reduce((filled, { text, isExpression }) => {
      const next = filled + (isExpression ? asText(result(text)) : text)
      if (next.length > maxTextLength) throw expressionFailed({ text, column: 1, problem: `makes a text of more than ${maxTextLength} characters` })
      return next
    }, '')
  }
  if (Array.isArray(value)) return value.map((one) => fillExpressions(one, scope))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fillExpressions(one, scope)]))
}
