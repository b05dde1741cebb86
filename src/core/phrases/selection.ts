import { globMatcher } from '../ref.ts'
import type { Known, KnownAsset } from './known.ts'
import { doubts } from './lexicon.ts'
import { isPronoun, means, type Grammar, type Part } from './sentence.ts'

/** Which assets a sentence speaks of. */
export interface Selection {
  /** As operations take them. */
  refs: string[]
  category: string[]
  family: string[]
  kind: string[]
  /** All of these. */
  tags: string[]
  /** One of these. */
  anyTags: string[]
  license: string[]
  /** What is left out. */
  except?: Selection
  minSize?: string
  maxSize?: string
  since?: string
  until?: string
  unused?: boolean
  tested?: boolean
  /** `it`, `those`: what was spoken of before. */
  pronoun?: boolean
  /** `that picture`: it may have been spoken of before, or not. */
  isPointing?: boolean
  /** More than one may be meant. */
  isPlural: boolean
  /** `all`, `everything`. */
  isAll: boolean
}

/** Words between which a list of names stands. */
const joins = new Set([',', 'and', 'or', '&', 'plus'])
const quantifiers = new Set(['all', 'every', 'each', 'both', 'everything', 'any', 'anything', 'entire', 'whole', 'complete'])
const nouns = new Set(['asset', 'assets', 'item', 'items', 'file', 'files', 'one', 'ones', 'library', 'project'])

/**
 * Names in a list: `primary, official and draft`. What cannot be one ends it.
 * @param at - where the first stands
 * @param isName - of names after the first; the first may be any word
 */
export function namesFrom(parts: Part[], at: number, isName: (part: Part) => boolean): { names: string[]; isEither: boolean } {
  const names: string[] = []
  let isEither = false
  for (let i = at; i < parts.length; i++) {
    const part = parts[i]!
    if (part.isTaken) break
    if (joins.has(part.lower) && part.sort !== 'quoted') {
      const next = parts[i + 1]
      if (names.length === 0 || !next || !(isName(next) || joins.has(next.lower))) break
      if (part.lower === 'or') isEither = true
      part.isTaken = true
      continue
    }
    if (part.sort === 'mark' || (names.length > 0 && !joins.has(parts[i - 1]!.lower))) break
    if (!isName(part)) break
    part.isTaken = true
    names.push(part.text)
  }
  return { names, isEither }
}

/** Take everything that describes assets out of what is left of a sentence. */
export function takeSelection(parts: Part[], grammar: Grammar, wish: { prefersKind?: boolean } = {}): Selection {
  const found: Selection = { refs: [], category: [], family: [], kind: [], tags: [], anyTags: [], license: [], isPlural: false, isAll: false }
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at]!
    if (part.isTaken || part.sort === 'mark') continue
    const { value, lower } = part
    if (part.sort === 'word' && (lower === 'except' || lower === 'excluding' || lower === 'but not')) {
      part.isTaken = true
      // All that follows is left out, whatever it is.
      found.except = takeSelection(parts.slice(at + 1), grammar, wish)
    } else if (value?.type === 'ref') {
      part.isTaken = true
      found.refs.push(value.version === undefined ? value.name : `${value.name}@${value.version}`)
    } else if (part.sort === 'quoted') continue
    else if (isTagCue(parts, at)) takeTags(at)
    else if (value?.type === 'bytes' && sizeBound(at)) part.isTaken = true
    else if ((value?.type === 'date' || value?.type === 'month') && dateBound(at)) part.isTaken = true
    else if (means(part, 'unused')) found.unused = part.isTaken = true
    else if (means(part, 'untested')) [found.tested, part.isTaken] = [false, true]
    else if (lower === 'tested') found.tested = part.isTaken = true
    else if (/^licen[cs]ed?$/.test(lower) && takeLicense(at)) part.isTaken = true
    else if (quantifiers.has(lower)) found.isAll = part.isTaken = true
    else if (isPronoun(part)) {
      const isConjunction = lower === 'that' && parts[at + 1]?.sort === 'word' && /^(?:is|are|has|have|was|were)$/.test(parts[at + 1]!.lower)
      if (!isConjunction && lower !== 'their' && lower !== 'they') found.pronoun = true
      if (lower.startsWith('th') && Object.keys(parts[at + 1]?.named ?? {}).length > 0) found.isPointing = true
      part.isTaken = true
    } else takeName(part, at)
  }
  if (found.category.length + found.kind.length + found.refs.length > 1) found.isPlural = true
  return found

  function takeName(part: Part, at: number): void {
    const { named, lower } = part
    const isDescribing = describes(at)
    if (named.tag !== undefined && (isDescribing || (named.isPlural && !named.category))) found.tags.push(named.tag)
    else if (named.kinds && (wish.prefersKind || !named.category)) found.kind.push(...named.kinds)
    else if (named.category !== undefined) found.category.push(named.category)
    else if (named.family !== undefined) found.family.push(named.family)
    else if (!nouns.has(lower)) return
    if (named.isPlural || /s$/.test(lower)) found.isPlural = true
    part.isTaken = true
    // `AIOTIZE's logos`
    if (named.family !== undefined && parts[at + 1]?.lower === "'s") parts[at + 1]!.isTaken = true
  }

  /** `draft icons`, `primary and official logos`: a tag before what it tells of. */
  function describes(at: number): boolean {
    for (let i = at + 1; i < parts.length; i++) {
      const next = parts[i]!
      if (next.sort !== 'word') return false
      if (next.named.category ?? next.named.kinds ?? next.named.family) return true
      if (nouns.has(next.lower)) return true
      if (!next.named.tag && next.lower !== 'and') return false
    }
    return false
  }

  function takeTags(at: number): void {
    parts[at]!.isTaken = true
    let from = at + 1
    while (parts[from] && (/^(?:as|with|by|tags?|:|is|it|them)$/.test(parts[from]!.lower))) parts[from++]!.isTaken = true
    const { names, isEither } = namesFrom(parts, from, (part) => isTagName(part))
    found[isEither ? 'anyTags' : 'tags'].push(...names.map((name) => grammar.names.get(name.toLowerCase())?.tag ?? name))
  }

  /** `larger than 10 kB`: what stands before decides; alone it is none. */
  function sizeBound(at: number): boolean {
    const { before, bound } = boundBefore(at, ['smaller', 'larger'])
    if (!bound) return false
    const text = (parts[at]!.value as { text: string }).text
    found[bound === 'smaller' ? 'maxSize' : 'minSize'] = text
    before!.isTaken = true
    return true
  }

  function dateBound(at: number): boolean {
    const { before, bound } = boundBefore(at, ['since', 'until'])
    if (!bound) return false
    found[bound as 'since' | 'until'] = (parts[at]!.value as { text: string }).text
    before!.isTaken = true
    for (const part of parts) if (/^(?:changed|modified|added|updated)$/.test(part.lower)) part.isTaken = true
    return true
  }

  function boundBefore<Bound extends 'smaller' | 'larger' | 'since' | 'until'>(at: number, bounds: readonly Bound[]) {
    const before = parts.slice(Math.max(0, at - 2), at).findLast((part) => means(part, ...bounds))
    return { before, bound: bounds.find((bound) => means(before, bound)) }
  }

  function takeLicense(at: number): boolean {
    const next = parts.findIndex((part, i) => i > at && !/^(?:under|as|with|is|:)$/.test(part.lower))
    if (next < 0 || parts[next]!.sort === 'mark') return false
    found.license.push(parts[next]!.text)
    for (let i = at; i <= next; i++) parts[i]!.isTaken = true
    return true
  }
}

/** Tags are words or quoted texts, not names of assets and not what holds a sentence together. */
export function isTagName(part: Part): boolean {
  if (part.sort === 'quoted') return true
  if (doubts.has(part.lower)) return false
  if (part.sort === 'mark' || part.value || part.named.category !== undefined || part.named.family !== undefined) return part.named.tag !== undefined
  return !/^(?:to|for|from|in|into|of|on|at|by|as|with|but|except|the|all|every|it|them|those|these|off|then|please|now|does|do|is|are|has|have)$/.test(part.lower)
}

/** `tagged x`, `with (the) tag x`, `the tags x and y`: names of tags follow. */
function isTagCue(parts: readonly Part[], at: number): boolean {
  const { lower } = parts[at]!
  const next = parts[at + 1]
  const isFollowed = next !== undefined && !next.isTaken && (isTagName(next) || /^(?:as|with|:|it|them)$/.test(next.lower))
  return isFollowed && (/^(?:tagged|labelled|labeled)$/.test(lower) || /^tags?$/.test(lower))
}

/** Whether a selection says anything at all. */
export const isEmpty = (selection: Selection) =>
  selection.refs.length === 0 && !selection.pronoun && !selection.isAll && !describesAssets(selection)

export function describesAssets(s: Selection): boolean {
  return (
    [s.category, s.family, s.kind, s.tags, s.anyTags, s.license].some((list) => list.length > 0) ||
    [s.minSize, s.maxSize, s.since, s.until, s.unused, s.tested].some((one) => one !== undefined)
  )
}

/** What only an operation can tell: sizes, dates and uses are not known here. */
export const needsFilter = (s: Selection) =>
  [s.license].some((list) => list.length > 0) || [s.minSize, s.maxSize, s.since, s.until, s.unused, s.tested].some((one) => one !== undefined)

/**
 * The refs that a selection stands for: those that it names as they were named, those that it describes sorted.
 * @param before - what `it` and `them` mean
 */
export function refsOf(selection: Selection, { assets }: Pick<Known, 'assets'>, before: readonly string[]): string[] {
  const excepted = selection.except ? refsOf(selection.except, { assets }, before) : []
  const left = (ref: string) => !excepted.some((name) => name === ref || (name.includes('*') && globMatcher(name)(ref)))
  const named = selection.refs.filter(left)
  const fits = fitting(selection)
  // What the sentence itself names is what its `it` means.
  if (selection.pronoun && named.length === 0)
    return before.filter((ref) => left(ref) && (!describesAssets(selection) || assets.some((one) => one.ref === ref && fits(one))))
  if (named.length > 0 || !(describesAssets(selection) || selection.isAll)) return named
  return assets.filter(fits).map(({ ref }) => ref).filter(left).sort()
}

/** Whether an asset is as a selection describes it. */
export function fitting(s: Selection): (asset: KnownAsset) => boolean {
  const among = (wanted: readonly string[], value: string | undefined) => wanted.length === 0 || (value !== undefined && wanted.includes(value))
  return (asset) =>
    among(s.category, asset.category) &&
    among(s.family, asset.family) &&
    among(s.kind, asset.kind) &&
    s.tags.every((tag) => asset.tags.includes(tag)) &&
    (s.anyTags.length === 0 || s.anyTags.some((tag) => asset.tags.includes(tag)))
}
