/* What expressions can do with data. Problems are thrown as parts of a sentence; expression.ts adds text and column. */

/** Names that lead out of data, wherever they stand. */
export const refusedNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Longest text that an expression may make. */
export const maxTextLength = 1_000_000

/** A text that fits into a message. */
export function readable(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}

/** A value as a message shows it. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (value !== null && typeof value === 'object') return 'an object'
  return readable(JSON.stringify(value) ?? 'nothing')
}

/** An own member of data; null where there is none, so that what was passed over asks nothing of those after it. */
export function memberOf(object: unknown, key: unknown): unknown {
  if (typeof key !== 'string' && typeof key !== 'number') throw new Error(`asks for the member ${shown(key)}, which is no name`)
  if (refusedNames.has(String(key))) throw new Error(`names ${key}, which no expression may`)
  if (Array.isArray(object) || typeof object === 'string') {
    if (key === 'length') return object.length
    return typeof key === 'number' ? (object[key] ?? null) : null
  }
  if (object === null || typeof object !== 'object' || !Object.hasOwn(object, key)) return null
  return (object as Readonly<Record<string, unknown>>)[key] ?? null
}

function requireNumbers(operator: string, left: unknown, right: unknown): [number, number] {
  if (typeof left === 'number' && typeof right === 'number') return [left, right]
  throw new Error(`takes ${shown(left)} ${operator} ${shown(right)}, which is for numbers`)
}

const arithmetic = (operator: string, work: (a: number, b: number) => number) => (left: unknown, right: unknown) => {
  const result = work(...requireNumbers(operator, left, right))
  if (!Number.isFinite(result)) throw new Error(`takes ${shown(left)} ${operator} ${shown(right)}, which is no number`)
  return result
}

const order = (operator: string, fits: (sign: number) => boolean) => (left: unknown, right: unknown) => {
  if (typeof left === 'string' && typeof right === 'string') return fits(left < right ? -1 : left > right ? 1 : 0)
  const [a, b] = requireNumbers(operator, left, right)
  return fits(a - b)
}

/** As JSON, whatever the order of members; equal data is found by walking both once. */
function isEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (Array.isArray(left) && Array.isArray(right)) return left.length === right.length && left.every((one, i) => isEqual(one, right[i]))
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object' || Array.isArray(left) || Array.isArray(right)) return false
  const names = Object.keys(left)
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && isEqual((left as Record<string, unknown>)[name], (right as Record<string, unknown>)[name]))
  )
}

function requireLength(text: string): string {
  if (text.length > maxTextLength) throw new Error(`makes a text of more than ${maxTextLength} characters`)
  return text
}

function plus(left: unknown, right: unknown): unknown {
  if (typeof left === 'string' || typeof right === 'string') return requireLength(asText(left) + asText(right))
  return arithmetic('+', (a, b) => a + b)(left, right)
}

/** Binary operators; `==` compares as `===` does, and lists and objects by what they hold. */
export const applyBinary: ReadonlyMap<string, (left: unknown, right: unknown) => unknown> = new Map([
  ['==', isEqual],
  ['===', isEqual],
  ['!=', (left: unknown, right: unknown) => !isEqual(left, right)],
  ['!==', (left: unknown, right: unknown) => !isEqual(left, right)],
  ['<', order('<', (sign) => sign < 0)],
  ['<=', order('<=', (sign) => sign <= 0)],
  ['>', order('>', (sign) => sign > 0)],
  ['>=', order('>=', (sign) => sign >= 0)],
  ['+', plus],
  ['-', arithmetic('-', (a, b) => a - b)],
  ['*', arithmetic('*', (a, b) => a * b)],
  ['/', arithmetic('/', (a, b) => a / b)],
  ['%', arithmetic('%', (a, b) => a % b)],
])

/** A value within a text: texts as they are, nothing for null, all else as JSON. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value
  return value === null || value === undefined ? '' : requireLength(JSON.stringify(value))
}

const requireText = (name: string, value: unknown): string => {
  if (typeof value === 'string') return value
  throw new Error(`gives ${name} ${shown(value)}, which is no text`)
}

const requireList = (name: string, value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value as unknown[]
  throw new Error(`gives ${name} ${shown(value)}, which is no list`)
}

const ofTexts = (name: string, work: (text: string, other: string) => unknown) => (text: unknown, other: unknown) =>
  work(requireText(name, text), other === undefined ? '' : requireText(name, other))

const extreme = (name: string, work: (...numbers: number[]) => number) => (...given: unknown[]) => {
  const values = given.length === 1 && Array.isArray(given[0]) ? (given[0] as unknown[]) : given
  if (values.length === 0) throw new Error(`gives ${name} nothing to choose from`)
  return values.reduce<number>((best, one) => work(...requireNumbers(`and ${name}`, best, one)), values[0] as number)
}

/** Functions by name. */
export const functions: ReadonlyMap<string, (...given: unknown[]) => unknown> = new Map<string, (...given: unknown[]) => unknown>([
  ['length', (value) => (value === null || value === undefined ? 0 : typeof value === 'object' ? Object.keys(value).length : requireText('length', value).length)],
  [
    'contains',
    (where, what) => (typeof where === 'string' ? where.includes(requireText('contains', what)) : requireList('contains', where).some((one) => isEqual(one, what))),
  ],
  ['startsWith', ofTexts('startsWith', (text, other) => text.startsWith(other))],
  ['endsWith', ofTexts('endsWith', (text, other) => text.endsWith(other))],
  ['lower', ofTexts('lower', (text) => text.toLowerCase())],
  ['upper', ofTexts('upper', (text) => text.toUpperCase())],
  ['trim', ofTexts('trim', (text) => text.trim())],
  ['join', (list, between = ', ') => requireLength(requireList('join', list).map(asText).join(requireText('join', between)))],
  ['text', (value) => asText(value)],
  [
    'number',
    (value) => {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
      if (typeof number !== 'number' || !Number.isFinite(number)) throw new Error(`gives number ${shown(value)}, which is none`)
      return number
    },
  ],
  [
    'round',
    (value, digits = 0) => {
      const [number, places] = requireNumbers('rounded to', value, digits)
      if (!Number.isInteger(places) || places < 0 || places > 12) throw new Error('rounds to digits that are not from 0 to 12')
      return Number(number.toFixed(places))
    },
  ],
  ['min', extreme('min', Math.min)],
  ['max', extreme('max', Math.max)],
])
