import MagicString, { type SourceMap } from 'magic-string'

/** A comment (passed over), `url(…)`, or a quoted string, which counts inside `image-set()` only. */
const part =
  /\/\*[\s\S]*?\*\/|\burl\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^)\s"']*))\s*\)|\bimage-set\(|"([^"\n]*)"|'([^'\n]*)'|[()]/g
const spelledRef = /^(?:asset:|~asset\/)./

export interface CssReference {
  /** As it is written: `asset:LOGO-ACME-MARK001?w=640`. */
  spelled: string
  /** Of the whole `url(…)`, or of the string with its quotes. */
  start: number
  end: number
  isString: boolean
  /** One of several that a browser chooses from. */
  isCandidate: boolean
}

/** Every ref in `url()` and `image-set()`, in order; comments do not count. */
export function cssReferences(css: string): CssReference[] {
  if (!css.includes('asset')) return []
  const references: CssReference[] = []
  /** Parentheses open since `image-set(`; zero outside. */
  let depth = 0
  for (const match of css.matchAll(part)) {
    const [text, double, single, bare, stringDouble, stringSingle] = match
    if (text === 'image-set(') depth++
    else if (text === '(') depth += depth > 0 ? 1 : 0
    else if (text === ')') depth -= depth > 0 ? 1 : 0
    const inUrl = double ?? single ?? bare
    const inString = depth > 0 ? (stringDouble ?? stringSingle) : undefined
    const spelled = inUrl ?? inString
    if (spelled === undefined || !spelledRef.test(spelled)) continue
    references.push({ spelled, start: match.index, end: match.index + text.length, isString: inUrl === undefined, isCandidate: depth > 0 })
  }
  return references
}

/** Write other addresses where the refs stand. */
export async function rewriteCss(
  css: string,
  resolve: (reference: CssReference) => Promise<string>,
): Promise<{ code: string; map: SourceMap } | undefined> {
  const references = cssReferences(css)
  if (references.length === 0) return undefined
  const text = new MagicString(css)
  for (const reference of references) {
    const quoted = JSON.stringify(await resolve(reference))
    text.overwrite(reference.start, reference.end, reference.isString ? quoted : `url(${quoted})`)
  }
  return { code: text.toString(), map: text.generateMap({ hires: true }) }
}

/** Spell the refs that stand as strings in `image-set()` as `url()`, which means the same. */
export function stringsAsUrls(css: string): string {
  const strings = cssReferences(css).filter(({ isString }) => isString)
  if (strings.length === 0) return css
  const text = new MagicString(css)
  for (const { spelled, start, end } of strings) text.overwrite(start, end, `url(${JSON.stringify(spelled)})`)
  return text.toString()
}
