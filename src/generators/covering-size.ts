/** A size in pixels, as APIs spell it. */
export type Size = `${number}x${number}`

/** The size nearest in shape that covers the wanted one; of equal ones the first. Undefined when none covers it. */
export function coveringSize(sizes: readonly Size[], widthPx: number, heightPx: number): Size | undefined {
  const covering = sizes
    .map((size) => ({ size, ...parseSize(size) }))
    .filter((one) => one.widthPx >= widthPx && one.heightPx >= heightPx)
  if (covering.length === 0) return undefined
  const unlikeness = (one: { widthPx: number; heightPx: number }) =>
    Math.abs(Math.log((one.widthPx * heightPx) / (one.heightPx * widthPx)))
  return covering.reduce((best, one) => (unlikeness(one) < unlikeness(best) ? one : best)).size
}

export function parseSize(size: Size): { widthPx: number; heightPx: number } {
  const [widthPx, heightPx] = size.split('x').map(Number)
  return { widthPx: widthPx!, heightPx: heightPx! }
}
