import type { MediaFacts } from './media.ts'

export interface DetectedVariant {
  variant: string
  /** Why, in words for a person. */
  reason: string
}

const nameRules: readonly (readonly [RegExp, string])[] = [
  [/^(profile|avatar|pfp)$/, 'PFP'],
  [/^(wordmark|logotype|word)$/, 'WORD'],
  [/^(mark|symbol|logomark|emblem)$/, 'MARK'],
  [/^(favicon)$/, 'FAVICON'],
  [/^(icon|glyph)$/, 'ICON'],
  [/^(hero)$/, 'HERO'],
  [/^(banner)$/, 'BANNER'],
  [/^(cover)$/, 'COVER'],
  [/^(thumb|thumbnail)$/, 'THUMB'],
  [/^(ui|button|btn)$/, 'UI'],
]

/**
 * Guess a variant: words of the file name first, then the shape, else MAIN.
 * @param fileName - with or without extension; words are split at anything that is no letter
 */
export function detectVariant(
  fileName: string,
  facts: Pick<MediaFacts, 'widthPx' | 'heightPx' | 'hasAlpha' | 'mediaType'>,
  category: string,
): DetectedVariant {
  const stem = fileName.replace(/\.[^.]*$/, '')
  const words = stem.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z]+/)
  for (const [rule, variant] of nameRules) {
    const word = words.find((w) => rule.test(w))
    if (word) return { variant, reason: `the file name says "${word}"` }
  }
  const { widthPx: width, heightPx: height } = facts
  if (facts.mediaType === 'image/svg+xml' && category === 'Icons')
    return { variant: 'ICON', reason: 'it is an SVG icon' }
  if (width && height) {
    if (width <= 64 && height <= 64) return { variant: 'ICON', reason: `it is small (${width}×${height})` }
    if (width >= 3 * height)
      return { variant: 'WORD', reason: `it is at least three times as wide as high (${width}×${height})` }
    if (width === height && width >= 128 && facts.hasAlpha)
      return { variant: 'MARK', reason: `it is square with transparency (${width}×${height})` }
  }
  return { variant: 'MAIN', reason: 'neither its name nor its shape says more' }
}
