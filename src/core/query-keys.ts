import * as z from 'zod'
import { formatHexAlpha, parseColor } from './color.ts'
import { defineError } from './errors.ts'
import { didYouMean } from './near.ts'
import { fits, maxSidePx, pictureFormats, positions, type PictureFormat, type Position } from './transform.ts'

/* The keys that may follow `?` in `asset:REF?…`, and what their values are. */

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
  hint: (d) => (d.allowed && didYouMean(d.value, d.allowed)) ?? `Write for example ${queryExamples[d.key] ?? d.key}.`,
  exit: 2,
})
const duplicateKey = defineError('QUERY_DUPLICATE_KEY', {
  summary: 'A query after an asset reference has a key twice.',
  message: (d: { key: string }) => `The query has ${JSON.stringify(d.key)} more than once.`,
  hint: () => 'Give each key once; several values of w, format and dpr are separated by ";", as in w=320;640.',
  exit: 2,
})
export const queryConflict = defineError('QUERY_CONFLICT', {
  summary: 'Two parts of a query after an asset reference cannot go together.',
  message: (d: { why: string }) => `The query contradicts itself: ${d.why}.`,
  hint: () => 'Leave one of them out.',
  exit: 2,
})

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => (made ??= make())
}

const maxQueryLength = 2000

const number = (min: number, max: number, decimals = false) =>
  z
    .string()
    .regex(decimals ? /^\d{1,5}(?:\.\d{1,3})?$/ : /^\d{1,5}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
const list = <T extends z.ZodType<unknown, string>>(item: T) =>
  z.string().transform((text) => text.split(';')).pipe(z.array(item).min(1))
    .refine((items) => new Set(items).size === items.length)
const flag = () => z.literal('').transform(() => true as const)
const format = () => z.preprocess((text) => (text === 'jpeg' ? 'jpg' : text), z.enum(pictureFormats)) as unknown as z.ZodType<
  PictureFormat,
  string
>
const position = () => z.preprocess(
  (text) => (text === 'centre' ? 'center' : String(text).replace(/ /g, '-')),
  z.enum(positions),
) as unknown as z.ZodType<Position, string>
const color = () => z.string().transform((text, context) => {
  const parsed = parseColor(text)
  if (parsed) return formatHexAlpha(parsed)
  context.addIssue('no colour')
  return z.NEVER
})
const aspect = () => z
  .string()
  .regex(/^\d{1,4}(?:\.\d{1,3})?[:/]\d{1,4}(?:\.\d{1,3})?$/)
  .transform((text) => text.split(/[:/]/).map(Number) as [number, number])
  .refine(([w, h]) => w > 0 && h > 0 && w / h <= 100 && h / w <= 100)

const px = `whole pixels from 1 to ${maxSidePx}`
/** Each is made when its key is first met: making all of them would be a tenth of the plugin's start. */
const schemas = {
  w: once(() => list(number(1, maxSidePx))),
  h: once(() => number(1, maxSidePx)),
  fit: once(() => z.enum(fits)),
  position: once(position),
  format: once(() => list(format())),
  quality: once(() => number(1, 100)),
  blur: once(() => number(0.3, 100, true)),
  rotate: once(() => number(0, 359)),
  background: once(color),
  aspect: once(aspect),
  as: once(() => z.enum(['url', 'srcset', 'picture'])),
  placeholder: once(flag),
  dpr: once(() => list(number(0.5, 5, true))),
  enlarge: once(flag),
  url: once(flag),
  raw: once(flag),
  inline: once(flag),
  'no-inline': once(flag),
  css: once(flag),
} satisfies Record<string, () => z.ZodType<unknown, string>>

export type QueryKey = keyof typeof schemas
export type QueryValues = { [K in QueryKey]?: z.output<ReturnType<(typeof schemas)[K]>> }

/** What each key takes, in words. */
export const queryExpectations: Record<QueryKey, string> = {
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
const allowedWords: Partial<Record<QueryKey, readonly string[]>> = {
  fit: fits, position: positions, format: pictureFormats, as: ['url', 'srcset', 'picture'],
}
/** A spelling of each key that takes a value. */
export const queryExamples: Readonly<Record<string, string>> = {
  w: 'w=640 or w=320;640', h: 'h=480', fit: 'fit=cover', position: 'position=top', format: 'format=avif;webp',
  quality: 'quality=80', blur: 'blur=4', rotate: 'rotate=90', background: 'background=white', aspect: 'aspect=16:9',
  as: 'as=picture', dpr: 'dpr=1;2',
}

/** Every key a query may have. */
export const queryKeys = Object.keys(schemas) as QueryKey[]
const isKey = (key: string): key is QueryKey => Object.hasOwn(schemas, key)

/** @throws QUERY_VALUE */
export function refuseValue(key: QueryKey, value: string): never {
  const allowed = allowedWords[key]
  throw badValue({ key, value, expects: queryExpectations[key], ...(allowed && { allowed }) })
}

/** @throws QUERY_UNKNOWN_KEY, QUERY_VALUE, QUERY_DUPLICATE_KEY, QUERY_CONFLICT */
export function readQuery(queryString: string): QueryValues {
  const text = queryString.replace(/^\?/, '')
  if (text.length > maxQueryLength) {
    throw queryConflict({ why: `it has ${text.length} characters, more than the ${maxQueryLength} allowed` })
  }
  const values: Record<string, unknown> = {}
  for (const [key, value] of new URLSearchParams(text)) {
    if (!isKey(key)) throw unknownKey({ key, keys: queryKeys })
    if (Object.hasOwn(values, key)) throw duplicateKey({ key })
    const parsed = schemas[key]().safeParse(value)
    if (!parsed.success) refuseValue(key, value)
    values[key] = parsed.data
  }
  return values as QueryValues
}
