import * as z from 'zod'
import { defineError } from '../../../core/errors.ts'
import type { Picture } from '../../../core/media.ts'
import type { ImageProcessor } from '../../../core/ports.ts'
import { maxPixels } from '../../media/sharp.ts'
import { dimensions, offsetAt, pixels } from './amounts.ts'
import { blank, paste, throughSharp } from './picture-step.ts'
import { methods } from './resize.ts'

const sheetInvalid = defineError('SPRITE_SHEET_INVALID', {
  summary: 'A sprite sheet cannot be packed as asked.',
  message: (d: { why: string }) => `The sprite sheet cannot be packed: ${d.why}.`,
  hint: () => 'Ask for fewer or smaller frames, or give one name per variation.',
})

const options = z.strictObject({
  columns: z
    .number()
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe('Frames in a row; default: as near to a square as possible.'),
  frame: dimensions
    .optional()
    .describe('Size of one frame; default: the largest variation. Others are fitted into it.'),
  padding: pixels(0, 256).default(0).describe('Empty pixels between frames and around the sheet.'),
  method: z.enum(methods).default('lanczos3').describe('How frames are scaled when `frame` is given.'),
  names: z
    .array(z.string().min(1).max(80))
    .optional()
    .describe('Frame names in order; default: `frame-1`, `frame-2`, …'),
  power_of_two: z
    .boolean()
    .default(false)
    .describe('Enlarge the sheet to powers of two, as old graphics hardware wants.'),
})
type Options = z.output<typeof options>

export const spriteSheet: ImageProcessor<Options> = {
  media: 'image',
  action: 'sprite-sheet',
  version: 1,
  summary: 'Pack all variations into one picture, with a JSON atlas beside it.',
  options,
  run: async (state, options) => {
    const frames = await fitted(state.variations, options)
    const { sheet, places } = pack(frames, options)
    const atlas = atlasOf(sheet, frames, places, namesOf(frames, options.names))
    const bytes = new TextEncoder().encode(`${JSON.stringify(atlas, null, 2)}\n`)
    return {
      ...state,
      media: sheet,
      variations: [sheet],
      extras: [...state.extras, { name: '.atlas.json', bytes, mediaType: 'application/json' }],
    }
  },
}

function fitted(variations: readonly Picture[], { frame, method }: Options): Promise<Picture[]> {
  return Promise.all(
    variations.map((picture) =>
      !frame || (picture.widthPx === frame.widthPx && picture.heightPx === frame.heightPx)
        ? picture
        : throughSharp(picture, (image) =>
            image.resize(frame.widthPx, frame.heightPx, { fit: 'contain', kernel: method, background: '#00000000' }),
          ),
    ),
  )
}

function namesOf(frames: readonly Picture[], names: readonly string[] | undefined): readonly string[] {
  if (!names) return frames.map((_, i) => `frame-${i + 1}`)
  if (names.length !== frames.length)
    throw sheetInvalid({ why: `there are ${names.length} names for ${frames.length} variations` })
  if (new Set(names).size !== names.length) throw sheetInvalid({ why: 'two frames have one name' })
  return names
}

interface Cell {
  x: number
  y: number
}

function pack(
  frames: readonly Picture[],
  { columns, padding, power_of_two }: Options,
): { sheet: Picture; places: Cell[] } {
  const cell = {
    widthPx: Math.max(...frames.map((f) => f.widthPx)),
    heightPx: Math.max(...frames.map((f) => f.heightPx)),
  }
  const across = Math.min(frames.length, columns ?? Math.ceil(Math.sqrt(frames.length)))
  const down = Math.ceil(frames.length / across)
  const side = (count: number, length: number) => {
    const total = count * length + (count + 1) * padding
    return power_of_two ? 2 ** Math.ceil(Math.log2(total)) : total
  }
  const [widthPx, heightPx] = [side(across, cell.widthPx), side(down, cell.heightPx)]
  if (widthPx * heightPx > maxPixels) throw sheetInvalid({ why: `it would have ${widthPx} × ${heightPx} pixels` })
  const sheet = blank(widthPx, heightPx)
  const places = frames.map((frame, i) => {
    const at = offsetAt('center', cell, frame)
    const x = padding + (i % across) * (cell.widthPx + padding) + at.x
    const y = padding + Math.floor(i / across) * (cell.heightPx + padding) + at.y
    paste(sheet, frame, x, y)
    return { x, y }
  })
  return { sheet, places }
}

/** The atlas in the shape that PixiJS and Phaser read ("JSON hash"). */
function atlasOf(sheet: Picture, frames: readonly Picture[], places: readonly Cell[], names: readonly string[]) {
  const entries = frames.map(({ widthPx: w, heightPx: h }, i) => [
    names[i]!,
    {
      frame: { ...places[i]!, w, h },
      rotated: false,
      trimmed: false,
      spriteSourceSize: { x: 0, y: 0, w, h },
      sourceSize: { w, h },
    },
  ])
  return {
    frames: Object.fromEntries(entries) as Record<string, unknown>,
    meta: { size: { w: sheet.widthPx, h: sheet.heightPx }, scale: '1' },
  }
}
