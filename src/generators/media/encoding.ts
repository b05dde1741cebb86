import type { Sharp } from 'sharp'
import * as z from 'zod'
import { parseColor } from '../../core/color.ts'
import { defineError } from '../../core/errors.ts'
import { didYouMean } from '../../core/near.ts'
import type { Encoding } from '../../core/ports.ts'
import { pictureFormats, type PictureFormat } from '../../core/transform.ts'
import { requireOptions } from '../strict-options.ts'

const formatUnknown = defineError('FORMAT_UNKNOWN', {
  summary: 'A picture format that cannot be written.',
  message: (d: { format: string }) => `A picture cannot be written as ${JSON.stringify(d.format)}.`,
  hint: (d) => `${didYouMean(d.format, pictureFormats) ?? ''} Formats are ${pictureFormats.join(', ')}.`.trim(),
  exit: 2,
})

const quality = (value: number) => z.number().int().min(1).max(100).default(value)
const effort = (max: number, value: number) => z.number().int().min(0).max(max).default(value)
const chroma = z.enum(['4:4:4', '4:2:0'])
const color = z.string().refine((text) => parseColor(text) !== undefined, 'a hex colour or a CSS colour name')

/** Every encoder option with its default, by format: what is not here is no option. */
const schemas = {
  png: z.strictObject({
    /** 0 fast … 9 small; lossless either way. */
    compressionLevel: z.number().int().min(0).max(9).default(9),
    adaptiveFiltering: z.boolean().default(false),
    interlaced: z.boolean().default(false),
    /** Few colours instead of true colour; the next four count only then. */
    palette: z.boolean().default(false),
    /** Rounded up to 2, 4, 16 or 256: palettes have 1, 2, 4 or 8 bits. */
    colors: z.number().int().min(2).max(256).default(256),
    quality: quality(100),
    dither: z.number().min(0).max(1).default(1),
    effort: z.number().int().min(1).max(10).default(7),
  }),
  webp: z.strictObject({
    quality: quality(82),
    alphaQuality: z.number().int().min(0).max(100).default(100),
    lossless: z.boolean().default(false),
    nearLossless: z.boolean().default(false),
    smartSubsample: z.boolean().default(false),
    effort: effort(6, 4),
  }),
  avif: z.strictObject({
    quality: quality(60),
    lossless: z.boolean().default(false),
    chromaSubsampling: chroma.default('4:4:4'),
    effort: effort(9, 4),
  }),
  jpg: z.strictObject({
    quality: quality(82),
    progressive: z.boolean().default(true),
    chromaSubsampling: chroma.default('4:2:0'),
    /** mozjpeg's trellis quantisation and scan search: smaller and slower. */
    mozjpeg: z.boolean().default(false),
    /** Stands behind transparent parts; JPEG has no alpha. */
    background: color.default('#FFFFFF'),
  }),
  gif: z.strictObject({
    /** Rounded up to 2, 4, 16 or 256. */
    colors: z.number().int().min(2).max(256).default(256),
    dither: z.number().min(0).max(1).default(1),
    effort: z.number().int().min(1).max(10).default(7),
  }),
} satisfies Record<PictureFormat, z.ZodType>

type Options<F extends PictureFormat> = z.output<(typeof schemas)[F]>

/** `jpeg`, `.PNG` and the like as the format they stand for. @throws FORMAT_UNKNOWN */
export function requirePictureFormat(name: string): PictureFormat {
  const plain = name.trim().toLowerCase().replace(/^\./, '').replace(/^jpe?g?$/, 'jpg')
  const format = pictureFormats.find((known) => known === plain)
  if (!format) throw formatUnknown({ format: name })
  return format
}

/**
 * An encoding with every option filled, so that equal encodings have equal keys.
 * @throws FORMAT_UNKNOWN, OPTION_INVALID
 */
export function resolveEncoding(format: string, options: Record<string, unknown> = {}): Encoding {
  const known = requirePictureFormat(format)
  const schema: z.ZodType<Record<string, unknown>> = schemas[known]
  return { format: known, options: requireOptions(schema, options, `the ${known} encoder`) }
}

/** The media type of a format. */
export const mediaTypeOf: Record<PictureFormat, string> = {
  png: 'image/png', webp: 'image/webp', avif: 'image/avif', jpg: 'image/jpeg', gif: 'image/gif',
}

const encoders: { [F in PictureFormat]: (image: Sharp, options: Options<F>) => Sharp } = {
  png: (image, { compressionLevel, adaptiveFiltering, interlaced, palette, colors, quality, dither, effort }) =>
    image.png({
      compressionLevel,
      adaptiveFiltering,
      progressive: interlaced,
      // sharp switches to a palette as soon as one of these is named.
      ...(palette ? { palette, colors, quality, dither, effort } : { palette: false }),
    }),
  webp: (image, options) => image.webp(options),
  avif: (image, options) => image.avif({ ...options, bitdepth: 8 }),
  jpg: (image, { background, ...options }) => image.flatten({ background }).jpeg(options),
  gif: (image, options) => image.gif({ ...options, reuse: false, progressive: false }),
}

/**
 * End a pipeline in an encoder.
 * @throws FORMAT_UNKNOWN, OPTION_INVALID
 */
export function applyEncoding(image: Sharp, encoding: Encoding): Sharp {
  const { format, options } = resolveEncoding(encoding.format, encoding.options)
  const encoder = encoders[format as PictureFormat] as (image: Sharp, options: unknown) => Sharp
  return encoder(image, options)
}
