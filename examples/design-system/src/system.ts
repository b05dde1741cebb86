import paletteBrief from 'asset:ai-prompts/design/palette-brief'
import rounded from 'asset:design-tokens/borders/rounded'
import warm, { modes } from 'asset:design-tokens/colors/warm'
import elevation from 'asset:design-tokens/shadows/elevation'
import spacing from 'asset:design-tokens/spacing/scale'
import scale from 'asset:design-tokens/typography/type-scale'
import illustration from 'asset:style-prompts/brand/flat-editorial'
import { execute as compare } from 'asset:tools/validators/contrast-checker'

/* What the pages show, as the library types it: a token that is misspelt here is an error of tsc. */

export type ColorName = keyof typeof warm

interface Pair {
  front: ColorName
  back: ColorName
  purpose: 'text' | 'graphics'
}

export const swatches: readonly { name: ColorName; use: string }[] = [
  { name: 'background', use: 'Behind everything' },
  { name: 'surface', use: 'Cards, forms and bars' },
  { name: 'border', use: 'Edges of controls' },
  { name: 'muted', use: 'Less important text' },
  { name: 'text', use: 'Text' },
  { name: 'primary', use: 'Main buttons and links' },
  { name: 'success', use: 'What went well' },
  { name: 'danger', use: 'What cannot be undone' },
]

const pairs: readonly Pair[] = [
  { front: 'text', back: 'background', purpose: 'text' },
  { front: 'muted', back: 'surface', purpose: 'text' },
  { front: 'primary', back: 'background', purpose: 'text' },
  { front: 'on-primary', back: 'primary', purpose: 'text' },
  { front: 'on-danger', back: 'danger', purpose: 'text' },
  { front: 'border', back: 'surface', purpose: 'graphics' },
]

/** Each pair with its ratio in both modes, measured while the site is built. */
export const contrasts = await Promise.all(
  pairs.map(async ({ front, back, purpose }) => {
    const measured = await Promise.all(
      [warm, { ...warm, ...modes.dark }].map((colors) => compare({ foreground: colors[front], background: colors[back], purpose })),
    )
    return { front, back, least: purpose === 'text' ? 4.5 : 3, light: measured[0]!.ratio, dark: measured[1]!.ratio }
  }),
)

export const sizes = (Object.keys(scale.size) as (keyof typeof scale.size)[]).reverse().map((name) => ({ name, value: scale.size[name] }))
export const spaces = Object.entries(spacing.space).filter(([name]) => name !== 'none')
export const radii = Object.entries(rounded.radius)
export const heights = Object.entries(elevation.elevation)

export const brief = {
  variables: { subject: 'a pottery workshop', mood: 'warm and unhurried', given: `Primary is ${warm.primary}.` },
  text: paletteBrief({ subject: 'a pottery workshop', mood: 'warm and unhurried', given: `Primary is ${warm.primary}.` }),
}
export const style = illustration({ primary: 'burnt orange', accent: 'deep green', background: 'paper white' })
