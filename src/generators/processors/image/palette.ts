import * as z from 'zod'
import { parseColor, type Rgba } from '../../../core/color.ts'
import { defineError } from '../../../core/errors.ts'
import type { ImageProcessor } from '../../../core/ports.ts'
import { color, fraction } from './amounts.ts'
import { eachPicture } from './picture-step.ts'
import { dominantPalette, snapToPalette } from './quantise.ts'

const paletteEmpty = defineError('PALETTE_EMPTY', {
  summary: 'The design tokens that a step names hold no colour.',
  message: (d: { ref: string }) => `${d.ref} holds no colour.`,
  hint: () => 'Name design tokens with colours in them, or list the colours.',
})

const options = z
  .strictObject({
    colors: z
      .union([z.number().int().min(2).max(256), z.array(color).min(1).max(256)])
      .optional()
      .describe('How many colours to keep, or the ones to snap to.'),
    tokens: z
      .string()
      .min(1)
      .optional()
      .describe('A ref of design tokens (or a colour) to snap to, e.g. `design-tokens/colors/brand`.'),
    dither: fraction.default(0).describe('0 none … 1 full error diffusion.'),
  })
  .refine((value) => (value.colors === undefined) !== (value.tokens === undefined), 'give either colors or tokens')
type Options = z.output<typeof options>

export const palette: ImageProcessor<Options> = {
  media: 'image',
  action: 'palette',
  version: 1,
  summary: 'Keep few colours: the best n, listed ones, or those of design tokens.',
  options,
  colorRefs: ({ tokens }) => (tokens === undefined ? [] : [tokens]),
  run: async (state, { colors, tokens, dither }, context) => {
    const fixed = tokens === undefined ? undefined : await colorsOfTokens(tokens, context.colorsOf)
    // Variations share the chosen one's colours, so that a sheet of them has one palette.
    const entries: Rgba[] =
      fixed ??
      (typeof colors === 'number' ? dominantPalette(state.media, colors) : colors!.map((text) => parseColor(text)!))
    return eachPicture(state, (picture) => snapToPalette(picture, entries, dither))
  },
}

/** @throws PALETTE_EMPTY, and what reading the ref throws */
export async function colorsOfTokens(ref: string, colorsOf: (ref: string) => Promise<string[]>): Promise<Rgba[]> {
  const colors = (await colorsOf(ref)).flatMap((text) => parseColor(text) ?? [])
  if (colors.length === 0) throw paletteEmpty({ ref })
  return colors
}
