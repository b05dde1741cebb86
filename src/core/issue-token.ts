import { defineError } from './errors.ts'
import type { Manifest } from './manifest.ts'
import {
  categoryUnknown,
  nextToken,
  parseToken,
  requireFamily,
  requireWord,
  resolveCategory,
  seriesOf,
} from './token.ts'
import type { Category, Words } from './vocabulary.ts'

const familyMissing = defineError('FAMILY_MISSING', {
  summary: 'An asset is to get a token and nothing says its family.',
  message: (d: { owner: string }) => `${d.owner} has no family for its token.`,
  hint: () => 'Give integration.token.family in the spec, or set tokens.defaultFamily in the options.',
})

export const tokenTaken = defineError('TOKEN_TAKEN', {
  summary: 'A spec asks for a token that another asset has or had.',
  message: (d: { token: string; owner: string }) => `The token ${d.token} belongs to ${d.owner}.`,
  hint: () => 'Choose another number; a token is never given twice.',
  exit: 5,
})

/** The part of the manifest that issuing a token reads and changes. */
export type TokenDraft = Pick<Manifest, 'sequences'>

/**
 * Issue the next token of a series and record its number; a number is never issued again.
 * @throws SEQUENCE_EXHAUSTED
 */
export function issueToken(draft: TokenDraft, parts: { prefix: string; family: string; variant: string }): string {
  const series = seriesOf(parts)
  const { token, sequence } = nextToken(series, draft.sequences[series] ?? 0)
  draft.sequences[series] = sequence
  return token
}

/** Record a token that was chosen by hand, so that its number is not issued again. */
export function recordToken(draft: TokenDraft, token: string, words: Words): void {
  const { prefix, family, variant, sequence } = parseToken(token, words)
  const series = seriesOf({ prefix, family, variant })
  draft.sequences[series] = Math.max(draft.sequences[series] ?? 0, sequence)
}

/** What a token is to be made of, checked against the words of the project. */
export interface TokenPlan {
  category: Category
  family: string
  variant: string
  /** Only when the spec names the whole token. */
  fixed?: string
  /** Parts that the spec itself names; a token that disagrees with one of them is given up. */
  named: { prefix?: string; family?: string; variant?: string }
}

/**
 * Decide the parts of a token.
 * @param wish - a full token, or the parts that are given
 * @param defaults.variant - when none is given
 * @throws CATEGORY_UNKNOWN, FAMILY_MISSING, FAMILY_UNDECLARED, WORD_INVALID
 */
export function planToken(
  wish: string | { prefix?: string | undefined; family?: string | undefined; variant?: string | undefined } | undefined,
  defaults: {
    owner: string
    category: string
    hasCategory: boolean
    family: string | undefined
    variant(category: string): string
  },
  words: Words,
): TokenPlan {
  if (typeof wish === 'string') {
    const parts = parseToken(wish, words)
    requireFamily(parts.family, words)
    return {
      category: categoryFor(parts.prefix, defaults, words),
      family: parts.family,
      variant: parts.variant,
      fixed: wish,
      named: {},
    }
  }
  const category = wish?.prefix ? categoryFor(wish.prefix, defaults, words) : resolveCategory(defaults.category, words)
  const family = wish?.family ?? defaults.family
  if (family === undefined) throw familyMissing({ owner: defaults.owner })
  // The default family stands in the options, which declares it.
  if (wish?.family) requireFamily(family, words)
  const variant = requireWord('variant', wish?.variant ?? defaults.variant(category.name))
  return {
    category: { ...category, ...(wish?.prefix && { prefix: wish.prefix }) },
    family,
    variant,
    named: {
      ...(wish?.prefix && { prefix: wish.prefix }),
      ...(wish?.family && { family: wish.family }),
      ...(wish?.variant && { variant: wish.variant }),
    },
  }
}

/**
 * The category of a prefix: the one the spec names when it has one, for the folder; else the one the prefix stands for.
 */
function categoryFor(prefix: string, defaults: { category: string; hasCategory: boolean }, words: Words): Category {
  const ofPrefix = words.categories.find((category) => category.prefix === prefix)
  if (!ofPrefix) throw categoryUnknown({ category: prefix, known: words.categories.map((category) => category.prefix) })
  return defaults.hasCategory ? { ...resolveCategory(defaults.category, words), prefix } : ofPrefix
}
