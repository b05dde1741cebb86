import { formatOfExtension } from './media.ts'
import { globMatcher } from './ref.ts'
import { toIdentifier } from './safe-identifiers.ts'

/** A place in a text that names an asset. */
export interface UsageMatch {
  ref: string
  /** 1-based. */
  line: number
}

export interface UsageNames {
  /** The ref that a name (ref or alias) stands for. */
  refOf(name: string): string | undefined
  /** Refs that a glob over refs covers. */
  refsOfGlob(glob: string): string[]
  /** Refs whose constant in `ASSETS` may have this name. */
  refsOfConstant(identifier: string): readonly string[]
  /** Refs that stand under a group of `ASSETS`, the deepest that the way leads to; under none of them: all. */
  refsOfGroup(way: readonly string[]): readonly string[]
}

/**
 * The names to look for.
 * @param assets - each ref with its aliases and the groups of `ASSETS` that it stands in
 */
export function usageNames(
  assets: Iterable<{ ref: string; aliases: readonly string[]; groups?: readonly (readonly string[])[] }>,
): UsageNames {
  const refs = new Map<string, string>()
  const constants = new Map<string, string[]>()
  const members = new Map<string, Set<string>>()
  for (const { ref, aliases, groups = [] } of assets) {
    for (const group of groups)
      for (let depth = 0; depth <= group.length; depth++) {
        const key = group.slice(0, depth).map(toIdentifier).join('.')
        members.set(key, (members.get(key) ?? new Set()).add(ref))
      }
    for (const name of [ref, ...aliases]) {
      refs.set(name, ref)
      for (const identifier of new Set([name, toIdentifier(name)]))
        constants.set(identifier, [...(constants.get(identifier) ?? []), ref])
    }
  }
  return {
    refOf: (name) => refs.get(name),
    refsOfGlob: (glob) => {
      const matches = globMatcher(glob)
      return [...new Set([...refs].filter(([name]) => matches(name)).map(([, ref]) => ref))]
    },
    refsOfConstant: (identifier) => constants.get(identifier) ?? [],
    refsOfGroup(way) {
      for (let depth = Math.min(way.length, deepestGroup); depth >= 0; depth--) {
        const group = members.get(way.slice(0, depth).map(toIdentifier).join('.'))
        if (group) return [...group]
      }
      return []
    },
  }
}

/** A way through `ASSETS` that is longer leads to no group. */
const deepestGroup = 20

/** `asset:NAME`, `~asset/NAME`, `~asset:NAME`: imports, `url()`, attributes, Markdown. */
export const spelledRef = /(?:\basset:|~asset[:/])([A-Za-z0-9_*][A-Za-z0-9_.\-/*]*)/g
/** A string that is nothing but a name: `<Asset ref="…">`, an `AssetToken`. */
export const quotedName = /(?<!\\)(["'`])([A-Za-z0-9_][A-Za-z0-9_.\-/]{0,199})\1/g
/** `templates/pages/home` as a value of YAML. */
const plainValue = /(?:[:-][ \t]+|[,[][ \t]*|^[ \t]+)([A-Za-z0-9_][A-Za-z0-9_.\-/]{0,199})[ \t]*(?=[,\]}#\r]|$)/gm
/** What follows `ASSETS`: `.audio.jump`, `["particle-white"]`. */
const members =
  '((?:\\s{0,9}(?:\\?\\.|\\.)\\s{0,9}[\\p{ID_Start}$_][\\p{ID_Continue}$]{0,99}|\\s{0,9}\\[\\s{0,9}["\'][^"\'\\n]{1,200}["\']\\s{0,9}\\])*)'
const segment = /[\p{ID_Start}$_][\p{ID_Continue}$]*|["'][^"'\n]*["']/gu
/** `import { ASSETS as A }` */
const renamed = /\bASSETS\s{1,9}as\s{1,9}([\p{ID_Start}$_][\p{ID_Continue}$]{0,99})/gu

/** As {@link spelledRef}, with the query. */
const requested = /(?:\basset:|~asset[:/])([A-Za-z0-9_*][A-Za-z0-9_.\-/*]*)(?:@[^\s?"'`)]+)?(?:\?([^\s"'`)<>\\]*))?/g
export const isAssetId = /^[^/]+(?:\/[^/]+){2,4}$/
export const isAssetToken = /^[A-Z]+-[A-Z]+-[A-Z]+\d{3}$/

/**
 * Where a text names one of the assets: JS and TS imports (static and dynamic), CSS `url()`, HTML attributes,
 * Markdown, components and typed constants. A name in a comment counts: better one place too many than an asset
 * that is deleted under its user. Each ref is told once per line.
 * @param isYaml - in YAML a name needs no quotes
 */
export function matchUsages(text: string, names: UsageNames, isYaml = false): UsageMatch[] {
  const found = new Map<string, { ref: string; at: number }>()
  const lineOf = lineFinder(text)
  const add = (ref: string | undefined, at: number) => {
    if (ref === undefined) return
    const key = `${lineOf(at)}\0${ref}`
    if (!found.has(key)) found.set(key, { ref, at })
  }
  for (const match of text.matchAll(spelledRef)) {
    const name = match[1]!
    if (name.includes('*')) for (const ref of names.refsOfGlob(name)) add(ref, match.index)
    else
      add(
        names.refOf(name) ?? names.refOf(withoutExtension(name)) ?? names.refOf(name.replace(/[.\-/]+$/, '')),
        match.index,
      )
  }
  for (const match of text.matchAll(quotedName)) {
    const name = match[2]!
    // An alias may be any word; as a bare string it counts only where a ref is asked for.
    if (isAssetToken.test(name) || isAssetId.test(name) || /\bref\s*=\s*\{?\s*$/.test(text.slice(Math.max(0, match.index - 20), match.index)))
      add(names.refOf(name), match.index)
  }
  if (isYaml)
    for (const match of text.matchAll(plainValue))
      if (isAssetToken.test(match[1]!) || isAssetId.test(match[1]!)) add(names.refOf(match[1]!), match.index + match[0].indexOf(match[1]!))
  constantUses(text, names, add)
  return [...found.values()].sort((a, b) => a.at - b.at).map(({ ref, at }) => ({ ref, line: lineOf(at) }))
}

/** The typed constants: members, whole groups of them, and what is taken out of them by its name. */
function constantUses(text: string, names: UsageNames, add: (ref: string, at: number) => void): void {
  if (!text.includes('ASSETS')) return
  const roots = ['ASSETS', ...[...text.matchAll(renamed)].map((match) => match[1]!.replaceAll('$', '\\$'))]
  const use = new RegExp(`(?<![\\p{ID_Continue}$])(?:${roots.join('|')})(?![\\p{ID_Continue}$])${members}`, 'gu')
  for (const match of text.matchAll(use)) {
    const way = [...match[1]!.matchAll(segment)].map(([part]) => part.replace(/^["']|["']$/g, ''))
    const refs = way.flatMap(names.refsOfConstant)
    const before = text.slice(Math.max(0, match.index - maxPatternLength), match.index)
    const pattern = refs.length > 0 ? undefined : /\{([^{}]*)\}\s{0,9}=\s{0,9}$/.exec(before)
    if (pattern)
      for (const member of pattern[1]!.split(',')) {
        const name = /^\s*(\.\.\.)?["']?([^\s"':=]+)/.exec(member)
        if (!name) continue
        const own = name[1] ? [] : names.refsOfConstant(name[2]!)
        refs.push(...(own.length > 0 ? own : names.refsOfGroup(name[1] ? way : [...way, name[2]!])))
      }
    else if (refs.length === 0) {
      const after = text.slice(match.index + match[0].length, match.index + match[0].length + 10).trimStart()
      // The name alone may stand in an import or in prose; what takes members of it by another way is a use of all.
      if (way.length > 0 || /^(?:\[|\))/.test(after) || /(?:\.\.\.|\()\s*$/.test(before)) refs.push(...names.refsOfGroup(way))
    }
    for (const ref of refs) add(ref, match.index)
  }
}

/** A destructuring pattern that is longer is not looked into. */
const maxPatternLength = 2000

/** What `asset:` or `~asset/` asks for in a text: the name with what follows its `?`. */
export function matchRequests(text: string): { name: string; query: string }[] {
  return [...text.matchAll(requested)].map(([, name, query = '']) => ({
    name: name!.replace(/[.\-/]+$/, ''),
    query: query.replaceAll('&amp;', '&'),
  }))
}

/** `TOKEN.webp` names the picture TOKEN. */
export function withoutExtension(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 && formatOfExtension(name.slice(dot)) ? name.slice(0, dot) : name
}

function lineFinder(text: string): (at: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (at) => {
    let [low, high] = [0, starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (starts[middle]! <= at) low = middle
      else high = middle
    }
    return low + 1
  }
}
