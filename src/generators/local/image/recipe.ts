import * as z from 'zod'
import type { Random } from '../../../core/random.ts'
import { requireOptions } from '../../strict-options.ts'

export interface DrawRequest {
  prompt: string
  widthPx: number
  heightPx: number
  /** The only source of chance. */
  random: Random
  /** The recipe's own knobs; an unknown one is an error. */
  parameters: Record<string, unknown>
}

/** One way to draw a picture from words and a seed. */
export interface Recipe {
  name: string
  /** Words of a prompt that select it. */
  words: readonly string[]
  summary: string
  /** The knobs; strict. */
  parameters: z.ZodType<Record<string, unknown>>
  /**
   * The picture as an SVG of exactly the asked size; equal requests give equal text.
   * @throws OPTION_INVALID
   */
  draw(request: DrawRequest): string
}

/** Knobs that every recipe has. */
const commonKnobs = {
  colors: z
    .array(z.string())
    .min(1)
    .max(6)
    .optional()
    .describe('Colours to use in place of those the prompt names, main one first: hex or CSS names.'),
}

/** A recipe whose knobs are parsed before it draws. */
export function defineRecipe<S extends z.ZodRawShape>(spec: {
  name: string
  words: readonly string[]
  summary: string
  knobs: S
  draw(request: DrawRequest, knobs: z.output<z.ZodObject<S & typeof commonKnobs>>): string
}): Recipe {
  const schema = z.strictObject({ ...spec.knobs, ...commonKnobs })
  return {
    name: spec.name,
    words: spec.words,
    summary: spec.summary,
    parameters: schema as unknown as Recipe['parameters'],
    draw: (request) => {
      const knobs = requireOptions(schema as z.ZodType, request.parameters, `the recipe ${spec.name}`)
      return spec.draw(request, knobs as never)
    },
  }
}

/**
 * The first choice that the prompt names by one of its words, else one by chance.
 * @param byWord - choice → words; an empty list is never chosen by word
 */
export function chooseByWords<T extends string>(
  prompt: string,
  byWord: Readonly<Record<T, readonly string[]>>,
  random: Random,
  byChance: readonly T[] = Object.keys(byWord) as T[],
): T {
  const choice = random.pick(byChance)
  const words = wordsOf(prompt)
  const named = (Object.entries(byWord) as [T, readonly string[]][]).find(([, list]) =>
    list.some((word) => words.has(word)),
  )
  return named?.[0] ?? choice
}

/** Lower-case words of a text, with their singular beside each plural. */
export function wordsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return new Set(words.flatMap((word) => (word.length > 3 && word.endsWith('s') ? [word, word.slice(0, -1)] : [word])))
}
