import * as z from 'zod'

const upperWord = z.string().regex(/^[A-Z]+$/, 'must be capital letters A–Z only')

/** A project's own words, from the options (`tokens`) and from the manifest (`vocabulary`). */
export const vocabularySchema = z.strictObject({
  prefixes: z
    .record(z.string().min(1), upperWord)
    .default({})
    .describe('Category → prefix, e.g. { "Badges": "BADGE" }.'),
  families: z
    .record(upperWord, z.string().min(1))
    .default({})
    .describe('Family → display name, e.g. { "ACME": "Acme" }.'),
  variants: z
    .record(upperWord, z.string().min(1))
    .default({})
    .describe('Variant → display name, e.g. { "PFP": "Profile Picture" }.'),
})
export type Vocabulary = z.output<typeof vocabularySchema>

/** One shipped category: its prefix and what the prefix is called in words. */
export interface Category {
  name: string
  prefix: string
  prefixName: string
}

/** The shipped categories. One line adds one. */
const shippedCategories: readonly Category[] = [
  { name: 'Logos', prefix: 'LOGO', prefixName: 'Logos & Marks' },
  { name: 'Icons', prefix: 'ICON', prefixName: 'Icons' },
  { name: 'Colors', prefix: 'COLOR', prefixName: 'Colors' },
  { name: 'Images', prefix: 'IMG', prefixName: 'Images' },
  { name: 'Backdrops', prefix: 'BACKDROP', prefixName: 'Backdrops' },
  { name: 'Sprites', prefix: 'SPRITE', prefixName: 'Sprites' },
  { name: 'Particles', prefix: 'PARTICLE', prefixName: 'Particles' },
  { name: 'Illustrations', prefix: 'ART', prefixName: 'Illustrations' },
  { name: 'Photos', prefix: 'PHOTO', prefixName: 'Photos' },
  { name: 'Sound Effects', prefix: 'SFX', prefixName: 'Sound Effects' },
  { name: 'Music', prefix: 'MUSIC', prefixName: 'Music' },
  { name: 'Voices', prefix: 'VOICE', prefixName: 'Voices' },
  { name: 'Videos', prefix: 'VIDEO', prefixName: 'Videos' },
  { name: 'Fonts', prefix: 'FONT', prefixName: 'Fonts' },
  { name: 'Documents', prefix: 'DOC', prefixName: 'Documents' },
]

/** Shipped variants and what they are called. */
const shippedVariants: Readonly<Record<string, string>> = {
  PFP: 'Profile Picture',
  MARK: 'Mark',
  WORD: 'Wordmark',
  ICON: 'Icon',
  UI: 'User Interface',
  MAIN: 'Main',
  HERO: 'Hero',
  BRAND: 'Brand',
  PRIMARY: 'Primary',
  BANNER: 'Banner',
  COVER: 'Cover',
  THUMB: 'Thumbnail',
  FAVICON: 'Favicon',
}

/** Everything a token may be made of in one project. */
export interface Words {
  categories: readonly Category[]
  families: ReadonlyMap<string, string>
  variants: ReadonlyMap<string, string>
}

/** Join the shipped tables with the options' and the manifest's words; later ones win. */
export function joinWords(...vocabularies: readonly Partial<Vocabulary>[]): Words {
  const categories = new Map(shippedCategories.map((category) => [category.name, category]))
  const families = new Map<string, string>()
  const variants = new Map(Object.entries(shippedVariants))
  for (const vocabulary of vocabularies) {
    for (const [name, prefix] of Object.entries(vocabulary.prefixes ?? {}))
      categories.set(name, { name, prefix, prefixName: name })
    for (const [family, name] of Object.entries(vocabulary.families ?? {})) families.set(family, name)
    for (const [variant, name] of Object.entries(vocabulary.variants ?? {})) variants.set(variant, name)
  }
  return { categories: [...categories.values()], families, variants }
}

/** The folder of a category under `assets/`: `Sound Effects` → `sound-effects`. */
export function categoryFolder(category: string): string {
  return category.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
}
