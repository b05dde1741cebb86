import { z } from 'zod'
import { formatHexAlpha, parseColor } from './color.ts'
import { defineError } from './errors.ts'
import { didYouMean } from './near.ts'

/* What may follow `?` in `asset:REF?…`: parsed once, every default filled, one canonical spelling. */

/** Formats a picture can be made in, by the extension that is written. */
export const pictureFormats = ['png', 'webp', 'avif', 'jpg', 'gif'] as const
export type PictureFormat = (typeof pictureFormats)[number]

export const fits = ['cover', 'contain', 'fill', 'inside', 'outside'] as const
export type Fit = (typeof fits)[number]

export const positions = [
  'center', 'top', 'right-top', 'right', 'right-bottom', 'bottom', 'left-bottom', 'left', 'left-top',
  'attention', 'entropy',
] as const
export type Position = (typeof positions)[number]

/** What one output file is, whatever it is made from. */
export interface TransformGeometry {
  /** Device pixels, `dpr` included. */
  widthPx?: number
  heightPx?: number
  fit: Fit
  position: Position
  /** Gaussian sigma in pixels of the output. */
  blur?: number
  /** Clockwise, 1…359. */
  rotate?: number
  /** `#RRGGBBAA`; fills what `contain`, `rotate` and formats without alpha leave open. */
  background?: string
  /** Width to height; present when only one or none of the two sizes is asked. */
  aspect?: readonly [width: number, height: number]
  enlarge: boolean
  /** Only the first frame of an animation. */
  still?: true
}

/** One file a query asks for. `source` stands for the format of the original, known only with its bytes. */
export interface ResolvedTransform extends TransformGeometry {
  format: PictureFormat | 'source'
  /** 1…100, or `default`: the format's own. */
  quality: number | 'default'
  /** 1 unless the query lists densities. */
  dpr: number
}

/** A transform with nothing left to decide: equal options give equal bytes from equal bytes. */
export interface TransformOptions extends TransformGeometry {
  format: PictureFormat
  quality: number
  effort: number
}

/**
 * What the import evaluates to: `file` the original's URL, `url` one made file's URL, `srcset` a srcset string,
 * `picture` `{ sources, img }`, `placeholder` a tiny data URL.
 */
export type QueryShape = 'file' | 'url' | 'srcset' | 'picture' | 'placeholder'

export const hostKeys = ['url', 'raw', 'inline', 'no-inline', 'css'] as const
export type HostKey = (typeof hostKeys)[number]

export interface AssetQuery {
  /** Formats outermost, then widths, then densities, each ascending but for formats, which keep their order. */
  transforms: ResolvedTransform[]
  shape: QueryShape
  /** Parameters for the host bundler. */
  host: ReadonlySet<HostKey>
  /** Without `?`; queries that mean the same have the same text. Empty when nothing is asked. */
  canonical: string
}

/** The largest side that every output format can hold (WebP's limit). */
export const maxSidePx = 16_383
/** Most files one query may ask for. */
export const maxTransforms = 64
const maxQueryLength = 2000
const placeholderWidthPx = 16

const unknownKey = defineError('QUERY_UNKNOWN_KEY', {
  summary: 'A query after an asset reference has a key that does not exist.',
  message: (d: { key: string; keys: readonly string[] }) => `The query has the unknown key ${JSON.stringify(d.key)}.`,
  hint: (d) => `${didYouMean(d.key, d.keys) ?? ''} Keys are ${d.keys.join(', ')}.`.trim(),
  exit: 2,
})
const badValue = defineError('QUERY_VALUE', {
  summary: 'A value in a query after an asset reference is not allowed.',
  message: (d: { key: string; value: string; expects: string; allowed?: readonly string[] }) =>
    `The query has ${d.key}=${JSON.stringify(d.value)}; ${d.key} takes ${d.expects}.`,
  hint: (d) => (d.allowed && didYouMean(d.value, d.allowed)) ?? `Write for example ${examples[d.key] ?? d.key}.`,
  exit: 2,
})
const duplicateKey = defineError('QUERY_DUPLICATE_KEY', {
  summary: 'A query after an asset reference has a key twice.',
  message: (d: { key: string }) => `The query has ${JSON.stringify(d.key)} more than once.`,
  hint: () => 'Give each key once; several values of w, format and dpr are separated by ";", as in w=320;640.',
  exit: 2,
})
const conflict = defineError('QUERY_CONFLICT', {
  summary: 'Two parts of a query after an asset reference cannot go together.',
  message: (d: { why: string }) => `The query contradicts itself: ${d.why}.`,
  hint: () => 'Leave one of them out.',
  exit: 2,
})

const number = (min: number, max: number, decimals = false) =>
  z
    .string()
    .regex(decimals ? /^\d{1,5}(?:\.\d{1,3})?$/ : /^\d{1,5}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
const list = <T extends z.ZodType<unknown, string>>(item: T) =>
  z.string().transform((text) => text.split(';')).pipe(z.array(item).min(1))
    .refine((items) => new Set(items).size === items.length)
const flag = z.literal('').transform(() => true as const)
const format = z.preprocess((text) => (text === 'jpeg' ? 'jpg' : text), z.enum(pictureFormats)) as unknown as z.ZodType<
  PictureFormat,
  string
>
const position = z.preprocess(
  (text) => (text === 'centre' ? 'center' : String(text).replace(/ /g, '-')),
  z.enum(positions),
) as unknown as z.ZodType<Position, string>
const color = z.string().transform((text, context) => {
  const parsed = parseColor(text)
  if (parsed) return formatHexAlpha(parsed)
  context.addIssue('no colour')
  return z.NEVER
})
const aspect = z
  .string()
  .regex(/^\d{1,4}(?:\.\d{1,3})?[:/]\d{1,4}(?:\.\d{1,3})?$/)
  .transform((text) => text.split(/[:/]/).map(Number) as [number, number])
  .refine(([w, h]) => w > 0 && h > 0 && w / h <= 100 && h / w <= 100)

const px = `whole pixels from 1 to ${maxSidePx}`
const schemas = {
  w: list(number(1, maxSidePx)),
  h: number(1, maxSidePx),
  fit: z.enum(fits),
  position,
  format: list(format),
  quality: number(1, 100),
  blur: number(0.3, 100, true),
  rotate: number(0, 359),
  background: color,
  aspect,
  as: z.enum(['url', 'srcset', 'picture']),
  placeholder: flag,
  dpr: list(number(0.5, 5, true)),
  enlarge: flag,
  url: flag,
  raw: flag,
  inline: flag,
  'no-inline': flag,
  css: flag,
} satisfies Record<string, z.ZodType<unknown, string>>

type Key = keyof typeof schemas
type Values = { [K in Key]?: z.output<(typeof schemas)[K]> }

const expectations: Record<Key, string> = {
  w: `${px}, or several separated by ";", each once`,
  h: px,
  fit: `one of ${fits.join(', ')}`,
  position: `one of ${positions.join(', ')}`,
  format: `one of ${pictureFormats.join(', ')} (or jpeg), or several separated by ";", each once`,
  quality: 'a whole number from 1 to 100',
  blur: 'a number of pixels from 0.3 to 100',
  rotate: 'whole degrees from 0 to 359',
  background: 'a hex colour, a CSS colour name or transparent',
  aspect: 'width:height, for example 16:9, at most 100:1 or 1:100',
  as: 'one of url, srcset, picture',
  placeholder: 'no value',
  dpr: 'a number from 0.5 to 5, or several separated by ";", each once',
  enlarge: 'no value',
  url: 'no value',
  raw: 'no value',
  inline: 'no value',
  'no-inline': 'no value',
  css: 'no value',
}
const allowedWords: Partial<Record<Key, readonly string[]>> = {
  fit: fits, position: positions, format: pictureFormats, as: ['url', 'srcset', 'picture'],
}
const examples: Record<string, string> = {
  w: 'w=640 or w=320;640', h: 'h=480', fit: 'fit=cover', position: 'position=top', format: 'format=avif;webp',
  quality: 'quality=80', blur: 'blur=4', rotate: 'rotate=90', background: 'background=white', aspect: 'aspect=16:9',
  as: 'as=picture', dpr: 'dpr=1;2',
}

/** Every key a query may have. */
export const queryKeys = Object.keys(schemas) as Key[]
const isKey = (key: string): key is Key => Object.hasOwn(schemas, key)

function readValues(queryString: string): Values {
  const text = queryString.replace(/^\?/, '')
  if (text.length > maxQueryLength) {
    throw conflict({ why: `it has ${text.length} characters, more than the ${maxQueryLength} allowed` })
  }
  const values: Record<string, unknown> = {}
  for (const [key, value] of new URLSearchParams(text)) {
    if (!isKey(key)) throw unknownKey({ key, keys: queryKeys })
    if (Object.hasOwn(values, key)) throw duplicateKey({ key })
    const parsed = schemas[key].safeParse(value)
    if (!parsed.success) {
      const allowed = allowedWords[key]
      throw badValue({ key, value, expects: expectations[key], ...(allowed && { allowed }) })
    }
    values[key] = parsed.data
  }
  return values as Values
}

function refuseContradictions(v: Values): void {
  const present = (keys: readonly Key[]) => keys.filter((key) => v[key] !== undefined)
  const refuse = (one: Key, others: readonly Key[], why: string) => {
    const [other] = v[one] === undefined ? [] : present(others)
    if (other) throw conflict({ why: `${one} and ${other} are both given, but ${why}` })
  }
  const size: Key[] = ['w', 'h', 'aspect', 'fit', 'position', 'blur', 'rotate', 'background', 'enlarge', 'dpr']
  const encoding: Key[] = ['format', 'quality']
  refuse('placeholder', ['w', 'h', 'dpr', 'as', 'enlarge', ...encoding], 'a placeholder has its own size and format')
  refuse('placeholder', ['url', 'raw', 'inline', 'no-inline'], 'a placeholder is a data URL already')
  refuse('raw', [...size, ...encoding, 'as', 'url', 'inline', 'no-inline'], 'raw gives the text of the original')
  refuse('css', [...size, ...encoding, 'as', 'placeholder', 'raw'], 'css gives a stylesheet')
  refuse('inline', ['no-inline'], 'they are opposites')
  if (v.as && v.as !== 'url') refuse('as', ['url', 'inline', 'no-inline'], `as=${v.as} gives more than one URL`)
  if (v.w && v.h && v.aspect) throw conflict({ why: 'w and h already give the aspect' })
  if (v.dpr && !v.w && !v.h) throw conflict({ why: 'dpr needs w or h, the size at density 1' })
  if (v.dpr && v.w && v.w.length > 1 && v.dpr.length > 1) {
    throw conflict({ why: 'w and dpr both list values; a srcset has widths or densities' })
  }
  if ((v.position === 'attention' || v.position === 'entropy') && v.fit && v.fit !== 'cover') {
    throw conflict({ why: `position=${v.position} chooses what to crop, and fit=${v.fit} crops nothing` })
  }
}

const scaled = (px: number, dpr: number, key: Key) => {
  const size = Math.max(1, Math.round(px * dpr))
  if (size <= maxSidePx) return size
  throw badValue({ key, value: `${px} at density ${dpr}`, expects: expectations[key] })
}

function geometryOf(v: Values, width: number | undefined, dpr: number): TransformGeometry {
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

function transformsOf(v: Values): ResolvedTransform[] {
  if (v.placeholder) {
    return [{ ...geometryOf(v, placeholderWidthPx, 1), still: true, format: 'webp', quality: 40, dpr: 1 }]
  }
  // What has no effect by itself (fit, position, enlarge, rotate=0) leaves the original as it is.
  const shaping: Key[] = ['w', 'h', 'format', 'quality', 'blur', 'rotate', 'aspect', 'as', 'background']
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

function canonicalOf(v: Values): string {
  const text = (value: unknown): string => {
    if (value === true) return ''
    return Array.isArray(value) ? value.join(';') : String(value)
  }
  const tidy: Values = {
    ...v,
    ...(v.w && { w: ascending(v.w)! }),
    ...(v.dpr && { dpr: ascending(v.dpr)! }),
  }
  const same: Values = { fit: 'cover', position: 'center', rotate: 0 }
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
  const v = readValues(queryString)
  refuseContradictions(v)
  const host = new Set(hostKeys.filter((key) => v[key]))
  const transforms = transformsOf(v)
  if (transforms.length > maxTransforms) {
    throw conflict({ why: `it asks for ${transforms.length} files, more than the ${maxTransforms} allowed` })
  }
  const several = transforms.length > 1
  if (several && (host.has('inline') || v.as === 'url')) {
    throw conflict({ why: `${v.as === 'url' ? 'as=url' : 'inline'} gives one file and the lists ask for ${transforms.length}` })
  }
  const shape: QueryShape = v.placeholder
    ? 'placeholder'
    : (v.as ?? (several ? 'srcset' : transforms.length === 1 ? 'url' : 'file'))
  return { transforms, shape, host, canonical: canonicalOf(v) }
}

/** Default quality: near to equal sight at normal viewing; 100 is lossless for PNG; GIF has 256 colours from 50, 16 below. */
const defaultQuality: Record<PictureFormat, number> = { png: 100, webp: 80, avif: 55, jpg: 80, gif: 100 }

/**
 * Encoder effort of derived files. WebP 2 takes two thirds of the time of libwebp's usual 4 for files about 2 %
 * larger; AVIF 3 half the time of 4.
 */
const defaultEffort: Record<PictureFormat, number> = { png: 7, webp: 2, avif: 3, jpg: 0, gif: 4 }

const formatOfSource: Record<string, PictureFormat> = {
  'image/png': 'png', 'image/webp': 'webp', 'image/avif': 'avif', 'image/jpeg': 'jpg', 'image/gif': 'gif',
}

/**
 * Decide what depends on the original: its format and with it quality and effort. Vector drawings and formats that
 * browsers do not show become PNG.
 */
export function completeTransform(transform: ResolvedTransform, sourceMediaType: string): TransformOptions {
  const { dpr: _dpr, quality, format: asked, ...geometry } = transform
  const format = asked === 'source' ? (formatOfSource[sourceMediaType] ?? 'png') : asked
  return {
    ...geometry,
    format,
    quality: quality === 'default' ? defaultQuality[format] : quality,
    effort: defaultEffort[format],
  }
}
