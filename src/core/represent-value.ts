import { shortened } from './value-representation.ts'

/** Members of a list or object that are named. */
const mostNamed = 8

/**
 * The short text that stands for a value as JSON holds it, for people and models: `Text of 1,240 words, begins: …`, `List of 12 objects
 * (title, url)`, `Object with 3 fields (ok, ratio, level)`. At most 400 characters.
 */
export function representValue(value: unknown): string {
  return shortened(described(value))
}

function described(value: unknown): string {
  if (value === null || value === undefined) return 'Nothing'
  if (typeof value === 'string') return textInShort(value)
  if (Array.isArray(value)) return listInShort(value)
  if (typeof value === 'object') return objectInShort(value as Readonly<Record<string, unknown>>)
  return `${typeof value === 'number' ? 'Number' : 'Truth value'} ${String(value)}`
}

/** Texts up to this length stand for themselves. */
const shortText = 200

function textInShort(text: string): string {
  if (text.length <= shortText) return `Text: ${JSON.stringify(text)}`
  // No more than is needed of a long text is looked at twice.
  let words = 0
  for (const _ of text.matchAll(/\S+/g)) words++
  return `Text of ${count(words)} words, begins: ${JSON.stringify(text.slice(0, shortText).replace(/\s+/g, ' '))}`
}

function listInShort(list: readonly unknown[]): string {
  if (list.length === 0) return 'Empty list'
  const kinds = [...new Set(list.slice(0, 100).map(kindOf))]
  const kind = kinds.length === 1 ? kinds[0]! : 'value'
  const first = list[0]
  const detail = kind === 'object' ? names(first as object) : kind === 'value' ? '' : `, begins: ${list.slice(0, mostNamed).map((one) => JSON.stringify(one)).join(', ')}`
  return `List of ${count(list.length)} ${kind}${list.length === 1 ? '' : 's'}${kind === 'object' ? ` (${detail})` : detail}`
}

function objectInShort(value: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(value)
  if (keys.length === 0) return 'Empty object'
  const scalars = keys.slice(0, mostNamed).map((key) => {
    const one = value[key]
    return one === null || ['number', 'boolean'].includes(typeof one) || (typeof one === 'string' && one.length <= 40) ? `${key}: ${JSON.stringify(one)}` : key
  })
  return `Object with ${count(keys.length)} field${keys.length === 1 ? '' : 's'} (${scalars.join(', ')}${keys.length > mostNamed ? ', …' : ''})`
}

function names(value: object): string {
  const keys = Object.keys(value)
  return `${keys.slice(0, mostNamed).join(', ')}${keys.length > mostNamed ? ', …' : ''}`
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'list'
  if (value === null) return 'value'
  return { string: 'text', number: 'number', boolean: 'truth value', object: 'object' }[typeof value as string] ?? 'value'
}

const count = (number: number) => number.toLocaleString('en-US')
