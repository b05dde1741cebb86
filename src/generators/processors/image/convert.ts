import * as z from 'zod'
import { defineError, isAssetloomError } from '../../../core/errors.ts'
import type { Encoding, ImageProcessor } from '../../../core/ports.ts'
import { requirePictureFormat, resolveEncoding } from '../../media/encoding.ts'

const qualityIdle = defineError('CONVERT_QUALITY_IDLE', {
  summary: 'A `convert` step gives a quality for a format that it does not write.',
  message: (d: { format: string }) => `A quality is given for ${d.format}, which is not among the formats.`,
  hint: () => 'Add the format, or leave its quality out.',
  exit: 2,
})

const quality = z.number().int().min(1).max(100)
const lossy = new Set(['webp', 'avif', 'jpg'])

const options = z
  .strictObject({
    formats: z
      .array(z.union([z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))]))
      .min(1)
      .max(8)
      .optional()
      .describe(
        'What to write, the main one first: names, or one-key maps with encoder options (`{ webp: { lossless: true } }`).',
      ),
    format: z.string().optional().describe('Short for `formats` of one.'),
    quality: z
      .union([quality, z.record(z.string(), quality)])
      .optional()
      .describe('For every lossy format, or by format (`{ webp: 80, avif: 50 }`).'),
  })
  .superRefine((value, context) => {
    const refuse = (message: string) => void context.addIssue({ code: 'custom', message })
    if ((value.formats === undefined) === (value.format === undefined)) return refuse('give either formats or format')
    try {
      encodingsOf(value)
    } catch (error) {
      if (!isAssetloomError(error)) throw error
      refuse(`${error.message.replace(/\.$/, '')}. ${error.hint ?? ''}`.trim())
    }
  })
type Options = z.output<typeof options>

function encodingsOf({ formats: several, format, quality }: Options): Encoding[] {
  const formats = several ?? [format!]
  const byFormat =
    typeof quality === 'object'
      ? new Map(Object.entries(quality).map(([name, value]) => [requirePictureFormat(name), value]))
      : undefined
  const encodings = formats.flatMap((entry) => {
    const pairs: [string, Record<string, unknown>][] = typeof entry === 'string' ? [[entry, {}]] : Object.entries(entry)
    return pairs.map(([name, own]) => {
      const format = requirePictureFormat(name)
      const asked = byFormat ? byFormat.get(format) : lossy.has(format) ? (quality as number | undefined) : undefined
      const palette = format === 'png' && asked !== undefined ? { palette: true } : {}
      return resolveEncoding(format, { ...(asked !== undefined && { quality: asked }), ...palette, ...own })
    })
  })
  const idle = [...(byFormat?.keys() ?? [])].find((format) => !encodings.some((encoding) => encoding.format === format))
  if (idle) throw qualityIdle({ format: idle })
  return encodings.filter((encoding, i) => encodings.findIndex((other) => other.format === encoding.format) === i)
}

export const convert: ImageProcessor<Options> = {
  media: 'image',
  action: 'convert',
  version: 1,
  summary: 'Write other formats: png, webp, avif, jpg, gif.',
  options,
  run: async (state, options) => ({ ...state, encodings: encodingsOf(options) }),
}
