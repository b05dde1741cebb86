import { queryConflict, queryKeys, readQuery, refuseValue, type QueryKey, type QueryValues } from './query-keys.ts'
import { maxSidePx, type ResolvedTransform, type TransformGeometry } from './transform.ts'

/* What may follow `?` in `asset:REF?…`: parsed once, every default filled, one canonical spelling. */

/**
 * What the import evaluates to: `file` the original's URL, `url` one made file's URL, `srcset` a srcset string,
 * `picture` `{ sources, img }`, `placeholder` a tiny data URL.
 */
export type QueryShape = 'file' | 'url' | 'srcset' | 'picture' | 'placeholder'

const hostKeys = ['url', 'raw', 'inline', 'no-inline', 'css'] as const
export type HostKey = (typeof hostKeys)[number]

export interface AssetQuery {
  /** Formats outermost, then widths, then densities, each ascending but for formats, which keep their order. */
  readonly transforms: readonly Readonly<ResolvedTransform>[]
  readonly shape: QueryShape
  /** Parameters for the host bundler. */
  readonly host: ReadonlySet<HostKey>
  /** Without `?`; queries that mean the same have the same text. Empty when nothing is asked. */
  readonly canonical: string
}

/** Most files one query may ask for. */
export const maxTransforms = 64
export const placeholderWidthPx = 16

function refuseContradictions(v: QueryValues): void {
  const present = (keys: readonly QueryKey[]) => keys.filter((key) => v[key] !== undefined)
  const refuse = (one: QueryKey, others: readonly QueryKey[], why: string) => {
    const [other] = v[one] === undefined ? [] : present(others)
    if (other) throw queryConflict({ why: `${one} and ${other} are both given, but ${why}` })
  }
  const size: QueryKey[] = ['w', 'h', 'aspect', 'fit', 'position', 'blur', 'rotate', 'background', 'enlarge', 'dpr']
  const encoding: QueryKey[] = ['format', 'quality']
  refuse('placeholder', ['w', 'h', 'dpr', 'as', 'enlarge', ...encoding], 'a placeholder has its own size and format')
  refuse('placeholder', ['url', 'raw', 'inline', 'no-inline'], 'a placeholder is a data URL already')
  refuse('raw', [...size, ...encoding, 'as', 'url', 'inline', 'no-inline'], 'raw gives the text of the original')
  refuse('css', [...size, ...encoding, 'as', 'placeholder', 'raw'], 'css gives a stylesheet')
  refuse('inline', ['no-inline'], 'they are opposites')
  if (v.as && v.as !== 'url') refuse('as', ['url', 'inline', 'no-inline'], `as=${v.as} gives more than one URL`)
  if (v.w && v.h && v.aspect) throw queryConflict({ why: 'w and h already give the aspect' })
  if (v.dpr && !v.w && !v.h) throw queryConflict({ why: 'dpr needs w or h, the size at density 1' })
  if (v.dpr && v.w && v.w.length > 1 && v.dpr.length > 1) {
    throw queryConflict({ why: 'w and dpr both list values; a srcset has widths or densities' })
  }
  if ((v.position === 'attention' || v.position === 'entropy') && v.fit && v.fit !== 'cover') {
    throw queryConflict({ why: `position=${v.position} chooses what to crop, and fit=${v.fit} crops nothing` })
  }
}

const scaled = (px: number, dpr: number, key: QueryKey) => {
  const size = Math.max(1, Math.round(px * dpr))
  if (size <= maxSidePx) return size
  return refuseValue(key, `${px} at density ${dpr}`)
}

function geometryOf(v: QueryValues, width: number | undefined, dpr: number): TransformGeometry {
  const [aw, ah] = v.aspect ?? [1, 1]
  const widthPx = width && scaled(width, dpr, 'w')
  const heightPx = v.h && scaled(v.h, dpr, 'h')
  return {
    ...(widthPx && { widthPx }),
    ...(heightPx && { heightPx }),
    ...(v.aspect && widthPx && { heightPx: scaled((widthPx * ah) / aw, 1, 'h') }),
    ...(v.aspect && heightPx && { widthPx: scaled((heightPx * aw) / ah, 1, 'w') }),
    ...(v.aspect && !widthPx && !heightPx && { aspect: v.aspect }),
    fit: v.fit ?? 'cover',
    position: v.position ?? 'center',
    ...(v.blur && { blur: v.blur }),
    ...(v.rotate && { rotate: v.rotate }),
    ...(v.background && { background: v.background }),
    enlarge: v.enlarge ?? false,
  }
}

const ascending = (numbers: readonly number[] | undefined) => numbers && [...numbers].sort((a, b) => a - b)

function transformsOf(v: QueryValues): ResolvedTransform[] {
  if (v.placeholder) {
    return [{ ...geometryOf(v, placeholderWidthPx, 1), still: true, format: 'webp', quality: 40, dpr: 1 }]
  }
  // What has no effect by itself (fit, position, enlarge, rotate=0) leaves the original as it is.
  const shaping: QueryKey[] = ['w', 'h', 'format', 'quality', 'blur', 'rotate', 'aspect', 'as', 'background']
  if (!shaping.some((key) => v[key])) return []
  const all: ResolvedTransform[] = []
  for (const format of v.format ?? (['source'] as const)) {
    for (const width of ascending(v.w) ?? [undefined]) {
      for (const dpr of ascending(v.dpr) ?? [1]) {
        all.push({ ...geometryOf(v, width, dpr), format, quality: v.quality ?? 'default', dpr })
      }
    }
  }
  return all
}

function canonicalOf(v: QueryValues): string {
  const text = (value: unknown): string => {
    if (value === true) return ''
    return Array.isArray(value) ? value.join(';') : String(value)
  }
  const tidy: QueryValues = {
    ...v,
    ...(v.w && { w: ascending(v.w)! }),
    ...(v.dpr && { dpr: ascending(v.dpr)! }),
  }
  const same: QueryValues = { fit: 'cover', position: 'center', rotate: 0 }
  return queryKeys
    .filter((key) => tidy[key] !== undefined && tidy[key] !== same[key])
    .map((key) => {
      const value = key === 'aspect' ? v.aspect!.join(':') : text(tidy[key])
      return value === '' ? key : `${key}=${value.replace('#', '%23')}`
    })
    .sort()
    .join('&')
}

/**
 * Parse what follows `?` in a reference. The order of keys does not matter.
 *
 * @param queryString - with or without the leading `?`
 * @throws QUERY_UNKNOWN_KEY, QUERY_VALUE, QUERY_DUPLICATE_KEY, QUERY_CONFLICT
 * @example
 * parseAssetQuery('w=640;1280&format=avif;webp').transforms.length // 4
 */
export function parseAssetQuery(queryString: string): AssetQuery {
  let parsed = parsedQueries.get(queryString)
  if (!parsed) {
    parsed = parseQuery(queryString)
    if (parsedQueries.size >= mostParsedQueries) parsedQueries.clear()
    parsedQueries.set(queryString, parsed)
  }
  return parsed
}

/** Thousands of imports ask in the same few words. */
const parsedQueries = new Map<string, AssetQuery>()
const mostParsedQueries = 1000

function parseQuery(queryString: string): AssetQuery {
  const v = readQuery(queryString)
  refuseContradictions(v)
  const host = new Set(hostKeys.filter((key) => v[key]))
  const transforms = transformsOf(v)
  if (transforms.length > maxTransforms) {
    throw queryConflict({ why: `it asks for ${transforms.length} files, more than the ${maxTransforms} allowed` })
  }
  const several = transforms.length > 1
  if (several && (host.has('inline') || v.as === 'url')) {
    throw queryConflict({
      why: `${v.as === 'url' ? 'as=url' : 'inline'} gives one file and the lists ask for ${transforms.length}`,
    })
  }
  const shape: QueryShape = v.placeholder
    ? 'placeholder'
    : (v.as ?? (several ? 'srcset' : transforms.length === 1 ? 'url' : 'file'))
  return { transforms, shape, host, canonical: canonicalOf(v) }
}
