import * as z from 'zod'
import type { Picture } from '../../../core/media.ts'
import type { ImageProcessor } from '../../../core/ports.ts'
import { decodePicture } from '../../media/picture-codec.ts'
import { dimensions, fraction, offsetAt, pixels, place } from './amounts.ts'
import { blank, eachPicture, paste, throughSharp } from './picture-step.ts'

export const blends = [
  'over', 'under', 'multiply', 'screen', 'overlay', 'darken', 'lighten', 'color-dodge', 'color-burn', 'hard-light',
  'soft-light', 'difference', 'exclusion', 'add', 'mask', 'erase',
] as const
type Blend = (typeof blends)[number]

const layer = z.strictObject({
  file: z.string().min(1).describe('Relative to the project.'),
  position: place.default('center').describe('Where on the picture.'),
  x: pixels(-16_383, 16_383).default(0).describe('Moved from that place; may be negative.'),
  y: pixels(-16_383, 16_383).default(0).describe('As `x`, downwards.'),
  dimensions: dimensions.optional().describe('Scaled to this before it is laid on.'),
  blend: z
    .enum(blends)
    .default('over')
    .describe('`under` lays it below, `mask` keeps and `erase` removes what it covers.'),
  opacity: fraction.default(1).describe('Of the layer.'),
})
const options = z.strictObject({ layers: z.array(layer).min(1).max(32).describe('At most 32, the lowest first.') })
type Options = z.output<typeof options>
type Layer = Options['layers'][number]

export const composite: ImageProcessor<Options> = {
  media: 'image',
  action: 'composite',
  version: 1,
  summary: 'Lay pictures over (or under) this one, in order.',
  options,
  inputs: ({ layers }) => layers.map(({ file }) => file),
  run: async (state, { layers }, context) => {
    const pictures = await Promise.all(
      layers.map(async (layer) => ({
        layer,
        picture: await prepared(await decodePicture(await context.readFile(layer.file)), layer),
      })),
    )
    return eachPicture(state, async (base) => {
      let result = base
      for (const { layer, picture } of pictures) result = await lay(result, picture, layer)
      return result
    })
  },
}

async function prepared(picture: Picture, { dimensions, opacity }: Layer): Promise<Picture> {
  const sized = dimensions
    ? await throughSharp(picture, (image) =>
        image.resize(dimensions.widthPx, dimensions.heightPx, { fit: 'contain', background: '#00000000' }),
      )
    : picture
  if (opacity === 1) return sized
  const faded = sized.pixels.slice()
  for (let i = 3; i < faded.length; i += 4) faded[i] = Math.round(faded[i]! * opacity)
  return { ...sized, pixels: faded }
}

/** libvips' names where ours differ. */
const operators: Partial<Record<Blend, string>> = {
  under: 'dest-over', 'color-dodge': 'colour-dodge', 'color-burn': 'colour-burn', mask: 'dest-in', erase: 'dest-out',
}

function lay(base: Picture, picture: Picture, { position, x, y, blend }: Layer): Promise<Picture> {
  const at = offsetAt(position, base, picture)
  // As large as the base, so that a layer may reach over its edges and a mask clears what it does not cover.
  const sheet = blank(base.widthPx, base.heightPx)
  paste(sheet, picture, at.x + x, at.y + y)
  const raw = { width: sheet.widthPx, height: sheet.heightPx, channels: 4 as const }
  return throughSharp(base, (image) =>
    image.composite([{ input: Buffer.from(sheet.pixels), raw, blend: (operators[blend] ?? blend) as never }]),
  )
}
