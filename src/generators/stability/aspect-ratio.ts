/** What the API makes, widest first. */
export const aspectRatios = ['21:9', '16:9', '3:2', '5:4', '1:1', '4:5', '2:3', '9:16', '9:21'] as const
export type AspectRatio = (typeof aspectRatios)[number]

/** The ratio nearest in shape to a size; the API has no sizes in pixels. */
export function nearestAspectRatio(widthPx: number, heightPx: number): AspectRatio {
  const unlikeness = (ratio: AspectRatio) => {
    const [wide, high] = ratio.split(':').map(Number)
    return Math.abs(Math.log((widthPx * high!) / (heightPx * wide!)))
  }
  return aspectRatios.reduce((best, ratio) => (unlikeness(ratio) < unlikeness(best) ? ratio : best))
}
