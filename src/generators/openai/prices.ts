import type { MicroUsd } from '../../core/cost.ts'
import type { Size } from '../covering-size.ts'

/* List prices of 2026-11-20, from the vendor's model pages and third parties that quote them. `prices` of the options
   takes precedence. What is not here is not guessed. */

interface ModelPrices {
  names: readonly string[]
  /** Micro-USD per token, which is US dollars per million tokens. */
  textIn: number
  imageIn: number
  imageOut: number
  /** Micro-USD of one picture by size and quality, its output tokens alone. */
  pictures: Readonly<Partial<Record<Size, Readonly<Record<string, MicroUsd>>>>>
}

const oblong = <T>(prices: T) => ({ '1536x1024': prices, '1024x1536': prices }) as const

const modelPrices: readonly ModelPrices[] = [
  {
    names: [
      'gpt-image-2.5-sunburst',
      'gpt-image-2.5-sunburst-2026-09-08',
      'gpt-image-2.5-flare',
      'gpt-image-2.5-flare-2026-09-08',
      'gpt-image-2.6-sunburst',
    ],
    textIn: 5,
    imageIn: 8,
    imageOut: 30,
    pictures: { '1024x1024': { low: 6_000, medium: 13_000, high: 53_000, xhigh: 94_000, max: 211_000 } },
  },
  {
    names: ['gpt-image-2', 'gpt-image-2-2026-04-21'],
    textIn: 5,
    imageIn: 8,
    imageOut: 30,
    pictures: {
      '1024x1024': { low: 6_000, medium: 53_000, high: 211_000 },
      ...oblong({ low: 5_000, medium: 41_000, high: 165_000 }),
    },
  },
  {
    names: ['gpt-image-1.5', 'gpt-image-1.5-2025-12-16'],
    textIn: 5,
    imageIn: 8,
    imageOut: 32,
    pictures: {
      '1024x1024': { low: 9_000, medium: 34_000, high: 133_000 },
      ...oblong({ low: 13_000, medium: 50_000, high: 200_000 }),
    },
  },
  {
    names: ['gpt-image-1-mini'],
    // Its prices per token are not listed; those of its larger sibling are an upper bound.
    textIn: 5,
    imageIn: 8,
    imageOut: 32,
    pictures: { '1024x1024': { low: 5_000, medium: 11_000, high: 36_000 } },
  },
]

/** What decides about the price of a call. */
export interface Priced {
  model: string
  size: Size
  /** `auto` costs at most what the dearest quality does. */
  quality: string
  outputFormat: string
  variations: number
  partialImages: number
  promptBytes: number
  inputImages: number
}

/** Output tokens that each partial picture costs. */
const partialTokens = 100
/** Most tokens of an input picture; an estimate on the safe side. */
const inputImageTokens = 6_500
/** Text has about four bytes to a token; three are on the safe side. */
const bytesPerToken = 3
/** The list prices are rounded up by more than the tokens of a prompt as long as this cost. */
const promptWithinRoundingBytes = 1_000

/**
 * The price of a call before it is made: exact by the list for pictures from a prompt, an upper bound where the model
 * chooses the quality and where pictures are edited. A prompt too long for the list's own rounding is added.
 * @returns undefined when no list has it
 */
export function quoteMicroUsd(priced: Priced): MicroUsd | undefined {
  const prices = pricesOf(priced.model)
  const byQuality = prices?.pictures[priced.size]
  // Pictures of several frames and drawings have no listed price.
  if (!byQuality || priced.outputFormat === 'gif' || priced.outputFormat === 'svg') return undefined
  const picture = priced.quality === 'auto' ? Math.max(...Object.values(byQuality)) : byQuality[priced.quality]
  if (picture === undefined) return undefined
  const isCounted = priced.inputImages > 0 || priced.promptBytes > promptWithinRoundingBytes
  const promptTokens = isCounted ? Math.ceil(priced.promptBytes / bytesPerToken) : 0
  return (
    priced.variations * (picture + priced.partialImages * partialTokens * prices!.imageOut) +
    promptTokens * prices!.textIn +
    priced.inputImages * inputImageTokens * prices!.imageIn
  )
}

/** Tokens as an answer reports them; compatible servers leave parts out. */
export interface Usage {
  input_tokens?: number | undefined
  input_tokens_details?: { text_tokens?: number | undefined; image_tokens?: number | undefined } | undefined
  output_tokens?: number | undefined
}

/** What an answer cost by its own count; undefined when it does not tell, or the model has no list price. */
export function costOfUsage(model: string, usage: Usage | undefined): MicroUsd | undefined {
  const prices = pricesOf(model)
  if (!prices || !usage?.output_tokens) return undefined
  const { text_tokens, image_tokens } = usage.input_tokens_details ?? {}
  const input =
    text_tokens === undefined && image_tokens === undefined
      ? (usage.input_tokens ?? 0) * Math.max(prices.textIn, prices.imageIn)
      : (text_tokens ?? 0) * prices.textIn + (image_tokens ?? 0) * prices.imageIn
  return input + usage.output_tokens * prices.imageOut
}

function pricesOf(model: string): ModelPrices | undefined {
  return modelPrices.find(({ names }) => names.includes(model))
}
