import * as z from 'zod'

/** How hard to compress: `low` is hardly seen or heard, `high` is the smallest. */
export const compressionLevels = ['low', 'medium', 'high'] as const
export type CompressionLevel = (typeof compressionLevels)[number]

/** What is to be done to a media file. At least one member is set. */
export interface RefineRequest {
  compress?: CompressionLevel
  /** One side may be left open; then the shape is kept. Never enlarges. */
  resize?: { widthPx?: number; heightPx?: number }
  /** Extension of the new format. */
  convert?: string
  optimiseSvg?: boolean
}

/** `600x400`, `600x`, `x400` or `600` (width). */
export const sizeText = z
  .string()
  .regex(/^(?:[1-9]\d{0,4})?x?(?:[1-9]\d{0,4})?$/, 'must be WIDTHxHEIGHT, WIDTH or xHEIGHT in pixels, e.g. 600x400')
  .refine((text) => /\d/.test(text), 'must name a width or a height')

export function parseSizeText(text: string): { widthPx?: number; heightPx?: number } {
  const [width, height] = text.split('x')
  return { ...(width && { widthPx: Number(width) }), ...(height && { heightPx: Number(height) }) }
}

/** What the steps are called in the refinement record: `resize+convert`. */
export function refinementType(request: RefineRequest): string {
  return [
    request.resize && 'resize',
    request.convert && 'convert',
    request.compress && 'compress',
    request.optimiseSvg && 'optimise-svg',
  ]
    .filter(Boolean)
    .join('+')
}
