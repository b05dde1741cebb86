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
}

/**
 * The names to look for.
 * @param assets - each ref with its aliases
 */
export function usageNames(assets: Iterable<{ ref: string; aliases: readonly string[] }>): UsageNames {
  const refs = new Map<string, string>()
  const constants = new Map<string, string[]>()
  for (const { ref, aliases } of assets) {
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
  }
}

/** `asset:NAME`, `~asset/NAME`, `~asset:NAME`: imports, `url()`, attributes, Markdown. */
const spelled = /(?:\basset:|~asset[:/])([A-Za-z0-9_*][A-Za-z0-9_.\-/*]*)/g
/** A string that is nothing but a name: `<Asset ref="…">`, an `AssetToken`. */
const quoted = /(?<!\\)(["'`])([A-Za-z0-9_][A-Za-z0-9_.\-/]{0,199})\1/g
/** `ASSETS.audio.jump`, `ASSETS["particle-white"]` */
const constant =
  /\bASSETS((?:\s{0,9}(?:\?\.|\.)\s{0,9}[\p{ID_Start}$_][\p{ID_Continue}$]{0,99}|\s{0,9}\[\s{0,9}["'][^"'\n]{1,200}["']\s{0,9}\])+)/gu
const segment = /[\p{ID_Start}$_][\p{ID_Continue}$]*|["'][^"'\n]*["']/gu

const isToken = /^[A-Z]+-[A-Z]+-[A-Z]+\d{3}$/

/**
 * Where a text names one of the assets: JS and TS imports (static and dynamic), CSS `url()`, HTML attributes,
 * Markdown, components and typed constants. A name in a comment counts: better one place too many than an asset
 * that is deleted under its user. Each ref is told once per line.
 */
export function matchUsages(text: string, names: UsageNames): UsageMatch[] {
  const found = new Map<string, { ref: string; at: number }>()
  const lineOf = lineFinder(text)
  const add = (ref: string | undefined, at: number) => {
    if (ref === undefined) return
    const key = `${lineOf(at)}\0${ref}`
    if (!found.has(key)) found.set(key, { ref, at })
  }
  for (const match of text.matchAll(spelled)) {
    const name = match[1]!
    if (name.includes('*')) for (const ref of names.refsOfGlob(name)) add(ref, match.index)
    else
      add(
        names.refOf(name) ?? names.refOf(withoutExtension(name)) ?? names.refOf(name.replace(/[.\-/]+$/, '')),
        match.index,
      )
  }
  for (const match of text.matchAll(quoted)) {
    const name = match[2]!
    // An alias or an id may be any word; as a bare string it counts only where a ref is asked for.
    if (isToken.test(name) || /\bref\s*=\s*\{?\s*$/.test(text.slice(Math.max(0, match.index - 20), match.index)))
      add(names.refOf(name), match.index)
  }
  for (const match of text.matchAll(constant))
    for (const [part] of match[1]!.matchAll(segment))
      for (const ref of names.refsOfConstant(part.replace(/^["']|["']$/g, ''))) add(ref, match.index)
  return [...found.values()].sort((a, b) => a.at - b.at).map(({ ref, at }) => ({ ref, line: lineOf(at) }))
}

/** `TOKEN.webp` names the picture TOKEN. */
function withoutExtension(name: string): string {
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
