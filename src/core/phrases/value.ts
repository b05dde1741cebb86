import { withoutScheme } from '../find-asset.ts'
import { isToken } from '../token.ts'
import type { Known } from './known.ts'

interface ValueTypes extends Record<(typeof shapes)[number][0] | 'path', { text: string }> {
  /** `name` is spelled so that operations find it; with `version`, of an earlier state or a branch. */
  ref: { name: string; isKnown: boolean; version?: string }
  money: { amount: number }
  number: { amount: number }
  pair: { name: string; text: string }
}

/** What a piece of a sentence is by its spelling alone. */
export type Value = { [T in keyof ValueTypes]: { type: T } & ValueTypes[T] }[keyof ValueTypes]

export type ValueReader = (text: string, isQuoted: boolean) => Value | undefined

const shapes: readonly (readonly [type: 'version' | 'range' | 'color' | 'bytes' | 'pixels' | 'month' | 'date', shape: RegExp])[] = [
  ['color', /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i],
  ['version', /^v?\d+\.\d+\.\d+(?:-[\w.]+)?$/],
  ['range', /^(?:[\^~]|[<>]=?)\d+(?:\.\d+){0,2}$/],
  ['date', /^\d{4}-\d{2}-\d{2}$/],
  ['month', /^\d{4}-\d{2}$/],
  ['bytes', /^\d+(?:\.\d+)?[kmg]i?b$/i],
  ['pixels', /^(?:\d{1,5}x\d{0,5}|x\d{1,5}|\d{1,5}px)$/i],
]

/** Endings of files that are no media. */
const otherEndings = ['zip', 'json', 'yaml', 'yml', 'css', 'scss', 'ts', 'js', 'toml', 'csv', 'html', 'md']

/** What pieces of sentences are in a project. */
export function createValueReader(known: Known): ValueReader {
  const spellings = new Map(known.assets.flatMap(({ ref, aliases }) => [[ref, ref] as const, ...aliases.map((alias) => [alias, alias] as const)]))
  const byLastPart = refsByLastPart(known)
  const endings = new Set([...known.formats, ...otherEndings])
  const endsAsFile = (text: string) => endings.has(/\.([a-z0-9]{2,5})$/i.exec(text)?.[1]?.toLowerCase() ?? '')
  const isOfKind = (text: string) => known.kinds.some((kind) => text.startsWith(`${kind}/`)) && !endsAsFile(text)

  const refOf = (text: string): Value | undefined => {
    const name = withoutScheme(text)
    if (spellings.has(name)) return { type: 'ref', name, isKnown: true }
    const at = name.indexOf('@')
    if (at > 0) {
      const before = refOf(name.slice(0, at))
      return before?.type === 'ref' ? { ...before, version: name.slice(at + 1) } : undefined
    }
    if (name.includes('*') && (/^[A-Z*][A-Z\d*]*-[A-Z\d*-]*$/.test(name) || isOfKind(name))) return { type: 'ref', name, isKnown: true }
    // Plain words are words first: `hero` may be a tag.
    const named = /[a-z]-[a-z]/.test(name) ? (byLastPart.get(name) ?? []) : []
    if (named.length === 1) return { type: 'ref', name: named[0]!, isKnown: true }
    if (isToken(name) || isOfKind(name) || name !== text) return { type: 'ref', name, isKnown: false }
    return undefined
  }

  return (text, isQuoted) => {
    const ref = refOf(text)
    if (ref) return ref
    if (/^https:\/\//.test(text)) return { type: 'path', text }
    const looksLikePath = /^(?:~|\.{1,2})?[\\/]|^[a-z]:[\\/]/i.test(text) || (/^[^\s]*[\\/]/.test(text) && text.length > 1) || endsAsFile(text)
    if (looksLikePath || (!isQuoted && text.includes('*'))) return { type: 'path', text }
    if (isQuoted) return undefined
    const shape = shapes.find(([, one]) => one.test(text))
    if (shape) return { type: shape[0], text }
    const amount = /^\$?(\d+(?:\.\d+)?)$/.exec(text)
    if (amount) return { type: text.startsWith('$') ? 'money' : 'number', amount: Number(amount[1]) }
    const pair = /^([a-z][\w.-]*)=(.*)$/i.exec(text)
    return pair ? { type: 'pair', name: pair[1]!, text: pair[2]! } : undefined
  }
}

/** Ids by their last part. */
export function refsByLastPart({ assets }: Known): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { ref } of assets) {
    const name = ref.slice(ref.lastIndexOf('/') + 1)
    if (name !== ref) found.set(name, [...(found.get(name) ?? []), ref])
  }
  return found
}
