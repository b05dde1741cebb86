import { coveringSize, type Size } from '../covering-size.ts'

/** Made by every model, in the order in which equal ones are preferred. */
export const standardSizes: readonly Size[] = ['1024x1024', '1536x1024', '1024x1536']

/** Sizes that a model with free sizes makes. The pixel counts are not confirmed. */
const free = {
  stepPx: 16,
  longestPx: 3840,
  shortestMostPx: 2160,
  ratio: 3,
  leastPixels: 655_360,
  mostPixels: 8_294_400,
}

export const freeSizesInWords = [
  `multiples of ${free.stepPx} up to ${free.longestPx}x${free.shortestMostPx}`,
  `at most ${free.ratio} times as long as wide`,
  `with ${free.leastPixels} pixels or more`,
].join(', ')

function isFreeSize(widthPx: number, heightPx: number): boolean {
  const [short, long] = widthPx < heightPx ? [widthPx, heightPx] : [heightPx, widthPx]
  const pixels = widthPx * heightPx
  return (
    widthPx % free.stepPx === 0 &&
    heightPx % free.stepPx === 0 &&
    long <= free.longestPx &&
    short <= free.shortestMostPx &&
    long <= short * free.ratio &&
    pixels >= free.leastPixels &&
    pixels <= free.mostPixels
  )
}

/**
 * The size to ask for: the wanted one where the model makes it, else the standard size nearest in shape that covers it,
 * else the next larger one that the model makes. The asset is brought to the wanted size afterwards.
 * @returns undefined when the model makes nothing that covers it
 */
export function sizeToAsk(widthPx: number, heightPx: number, hasFreeSizes: boolean): Size | undefined {
  const wanted: Size = `${widthPx}x${heightPx}`
  if (standardSizes.includes(wanted) || (hasFreeSizes && isFreeSize(widthPx, heightPx))) return wanted
  const covering = coveringSize(standardSizes, widthPx, heightPx)
  if (covering) return covering
  if (!hasFreeSizes) return undefined
  const up = (px: number) => Math.ceil(px / free.stepPx) * free.stepPx
  return isFreeSize(up(widthPx), up(heightPx)) ? `${up(widthPx)}x${up(heightPx)}` : undefined
}
