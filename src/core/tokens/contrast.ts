import * as z from 'zod'
import { didYouMean } from '../near.ts'
import { cssColor } from './css-value.ts'
import { resolveTokens } from './resolve-tokens.ts'
import { contrastRatio } from './srgb.ts'
import type { Color, TokenProblem, TokenSet } from './token-types.ts'

/** Least ratios of WCAG 2.2, level AA, by what is shown. */
const bounds = {
  'text': { least: 4.5, criterion: '1.4.3' },
  'large-text': { least: 3, criterion: '1.4.3' },
  'graphics': { least: 3, criterion: '1.4.11' },
} as const

const paths = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])

/** Colours that are seen on one another. */
export const pairsSchema = z
  .array(
    z.strictObject({
      front: paths.describe('Path of the token in front, or several.'),
      back: paths.describe('Path of the token behind, or several.'),
      use: z.enum(Object.keys(bounds) as [keyof typeof bounds, ...(keyof typeof bounds)[]]).default('text').describe('What is shown: sets the least ratio of WCAG 2.2 AA, 4.5 for text, else 3.'),
      ratio: z.number().min(1).max(21).optional().describe('Another least ratio, such as 7 for AAA.'),
    }),
  )
  .optional()
export type Pairs = z.output<typeof pairsSchema>

interface Pair {
  front: string
  back: string
  least: number
  /** Why that much. */
  because: string
}

/** Two colours that are too much alike, in one mode. */
export interface LowContrast extends Pair {
  mode?: string | undefined
  ratio: number
  /** As CSS writes them. */
  colors: readonly [front: string, back: string]
}

const words = (value: string | readonly string[]): readonly string[] => [value].flat()

/** Names in `pairs` that are no colour tokens; `path` leads into the pairs. */
export function pairProblems(set: TokenSet, pairs: Pairs): TokenProblem[] {
  const colors = [...set.tokens.values()].filter(({ type }) => type === 'color').map(({ path }) => path)
  return (pairs ?? []).flatMap((pair, at) =>
    (['front', 'back'] as const).flatMap((side) =>
      words(pair[side]).flatMap((name, i): TokenProblem[] => {
        if (colors.includes(name)) return []
        const hint = didYouMean(name, colors)
        const path = [String(at), side, ...(Array.isArray(pair[side]) ? [String(i)] : [])]
        return [{ path, message: set.tokens.has(name) ? `names ${name}, which is no colour` : `names ${name}, which is no token of the document`, ...(hint && { hint }) }]
      }),
    ),
  )
}

/**
 * Pairs of colours that do not reach their least contrast, in every mode. Pairs are those of `pairs`, those that `usage`
 * states as `text on background`, and those that names state: `on-primary` on `primary`, `text` or `foreground` on
 * `background` of the same group. What `pairs` says of two tokens holds before the rest.
 */
export function lowContrasts(set: TokenSet, input: { pairs?: Pairs; usage?: readonly string[] | undefined }): LowContrast[] {
  const known = new Map<string, Pair>()
  for (const pair of [...stated(input.pairs), ...inUsage(set, input.usage ?? []), ...byName(set)]) {
    const key = `${pair.front} ${pair.back}`
    if (!known.has(key)) known.set(key, pair)
  }
  const found = new Map<string, LowContrast>()
  for (const mode of [undefined, ...set.modes]) {
    const resolved = resolveTokens(set, mode)
    for (const [key, pair] of known) {
      const [front, back] = [pair.front, pair.back].map((path) => resolved.get(path) as Color) as [Color, Color]
      const ratio = contrastRatio(front, back)
      const colors = [cssColor(front), cssColor(back)] as const
      // A mode that changes neither of them tells nothing new.
      const same = found.get(key)?.colors
      if (ratio < pair.least && !(same?.[0] === colors[0] && same[1] === colors[1])) found.set(mode === undefined ? key : `${key} ${mode}`, { ...pair, mode, ratio, colors })
    }
  }
  return [...found.values()]
}

/** `text (#777777) on background (#888888) has a contrast of 1.28:1 and needs 4.5:1 …` */
export function contrastMessage({ front, back, mode, ratio, least, colors, because }: LowContrast): string {
  // Cut, not rounded: 4.496 is not 4.5.
  const shown = Math.floor(ratio * 100) / 100
  return `${front} (${colors[0]}) on ${back} (${colors[1]}) has a contrast of ${shown}:1${mode ? ` in the mode ${mode}` : ''} and needs ${least}:1 (${because}).`
}

const asked = (use: keyof typeof bounds) => ({ least: bounds[use].least, because: `${use.replace('-', ' ')}, WCAG 2.2 ${bounds[use].criterion}` })

function stated(pairs: Pairs): Pair[] {
  return (pairs ?? []).flatMap(({ front, back, use, ratio }) =>
    words(front).flatMap((one) => words(back).map((other) => ({ front: one, back: other, ...asked(use), ...(ratio !== undefined && { least: ratio, because: 'stated in pairs' }) }))),
  )
}

function isColor(set: TokenSet, path: string): boolean {
  return set.tokens.get(path)?.type === 'color'
}

function inUsage(set: TokenSet, usage: readonly string[]): Pair[] {
  return usage.flatMap((text) => {
    const [, front, back] = /^(\S+) on (\S+)$/i.exec(text.trim()) ?? []
    return front && back && isColor(set, front) && isColor(set, back) ? [{ front, back, ...asked('text') }] : []
  })
}

function byName(set: TokenSet): Pair[] {
  return [...set.tokens.values()].flatMap(({ path, segments }) => {
    const name = segments.at(-1)!
    const on = /^on[-_]?(?=[\p{L}\d])(.+)$/u.exec(name)
    const others = on && /^on(?:[-_]|\p{Lu})/u.test(name) ? [on[1]!, on[1]!.charAt(0).toLowerCase() + on[1]!.slice(1)] : name === 'text' || name === 'foreground' ? ['background'] : []
    const back = others.map((other) => [...segments.slice(0, -1), other].join('.')).find((other) => other !== path && isColor(set, other))
    return back && isColor(set, path) ? [{ front: path, back, ...asked('text') }] : []
  })
}
