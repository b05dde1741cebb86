import { defineError } from './errors.ts'
import { didYouMean } from './near.ts'
import type { Category, Words } from './vocabulary.ts'

/** `PREFIX-FAMILY-VARIANT###` */
export const tokenPattern = /^[A-Z]+-[A-Z]+-[A-Z]+\d{3}$/
const tokenParts = /^([A-Z]+)-([A-Z]+)-([A-Z]+)(\d{3})$/

/** The highest number a token can carry. */
const lastSequence = 999

export interface ParsedToken {
  token: string
  prefix: string
  prefixName: string
  family: string
  familyName: string
  variant: string
  variantName: string
  sequence: number
}

const tokenInvalid = defineError('TOKEN_INVALID', {
  summary: 'A text is not a token of the form PREFIX-FAMILY-VARIANT###.',
  message: (d: { token: string }) => `${JSON.stringify(d.token)} is not a token.`,
  hint: () => 'A token reads PREFIX-FAMILY-VARIANT###, capital letters and three digits: LOGO-ACME-MARK001.',
  exit: 2,
})

export const categoryUnknown = defineError('CATEGORY_UNKNOWN', {
  summary: 'A category that neither ships with Assetloom nor is declared in the options.',
  message: (d: { category: string; known: string[] }) => `There is no category ${JSON.stringify(d.category)}.`,
  hint: (d) =>
    `${didYouMean(d.category, d.known) ?? `Known: ${d.known.join(', ')}.`} Declare your own with tokens.prefixes in the options.`,
  exit: 2,
})

const familyUndeclared = defineError('FAMILY_UNDECLARED', {
  summary: 'A family that is declared neither in the options nor in the manifest.',
  message: (d: { family: string; known: string[] }) => `The family ${d.family} is not declared.`,
  hint: (d) =>
    [
      didYouMean(d.family, d.known) ??
        (d.known.length ? `Declared: ${d.known.join(', ')}.` : 'No family is declared yet.'),
      `Declare it with --new-family "Display Name", or under tokens.families in the options.`,
    ].join(' '),
  exit: 2,
})

const wordInvalid = defineError('WORD_INVALID', {
  summary: 'A family, prefix or variant holds something else than capital letters.',
  message: (d: { what: string; word: string }) =>
    `${JSON.stringify(d.word)} can be no ${d.what}: only capital letters A–Z may stand in a token.`,
  hint: (d) => {
    const mended = d.word.toUpperCase().replace(/[^A-Z]/g, '')
    return mended ? `Try ${mended}.` : 'Use letters, e.g. MAIN.'
  },
  exit: 2,
})

const sequenceExhausted = defineError('SEQUENCE_EXHAUSTED', {
  summary: 'All 999 numbers of a prefix-family-variant are issued.',
  message: (d: { series: string }) =>
    `${d.series} has issued all its ${lastSequence} numbers; numbers are never used again.`,
  hint: () => 'Choose another variant with --variant.',
})

export function isToken(text: string): boolean {
  return tokenPattern.test(text)
}

/**
 * Take a token apart and name its parts; a part that the words do not know is its own name.
 * @throws TOKEN_INVALID
 */
export function parseToken(token: string, words: Words): ParsedToken {
  const match = tokenParts.exec(token)
  if (!match) throw tokenInvalid({ token })
  const [, prefix, family, variant, digits] = match as unknown as [string, string, string, string, string]
  return {
    token,
    prefix,
    prefixName: words.categories.find((category) => category.prefix === prefix)?.prefixName ?? prefix,
    family,
    familyName: words.families.get(family) ?? family,
    variant,
    variantName: words.variants.get(variant) ?? variant,
    sequence: Number(digits),
  }
}

/** `LOGO-ACME-MARK`: what a sequence counts. */
export function seriesOf(parts: { prefix: string; family: string; variant: string }): string {
  return `${parts.prefix}-${parts.family}-${parts.variant}`
}

/** The series of a token: everything but its three digits. */
export function seriesOfToken(token: string): string {
  return token.slice(0, -3)
}

/**
 * The token after the highest ever issued in a series.
 * @throws SEQUENCE_EXHAUSTED after 999
 */
export function nextToken(series: string, highestIssued: number): { token: string; sequence: number } {
  const sequence = highestIssued + 1
  if (sequence > lastSequence) throw sequenceExhausted({ series })
  return { token: `${series}${String(sequence).padStart(3, '0')}`, sequence }
}

/**
 * The category a name stands for, found without regard to case.
 * @throws CATEGORY_UNKNOWN
 */
export function resolveCategory(name: string, words: Words): Category {
  const wanted = name.toLowerCase()
  const found =
    words.categories.find((category) => category.name.toLowerCase() === wanted) ??
    words.categories.find((category) => category.prefix.toLowerCase() === wanted)
  if (!found) throw categoryUnknown({ category: name, known: words.categories.map((category) => category.name) })
  return found
}

/** @throws FAMILY_UNDECLARED, WORD_INVALID */
export function requireFamily(family: string, words: Words): string {
  requireWord('family', family)
  if (!words.families.has(family)) throw familyUndeclared({ family, known: [...words.families.keys()] })
  return family
}

/** @throws WORD_INVALID */
export function requireWord(what: 'family' | 'variant' | 'prefix', word: string): string {
  if (!/^[A-Z]+$/.test(word)) throw wordInvalid({ what, word })
  return word
}
