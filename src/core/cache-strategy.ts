/* How eagerly the pictures of a site are made, and how long they are kept. */

/** From what keeps most to what keeps least. */
export const cacheStrategies = ['aggressive', 'moderate', 'minimal'] as const
export type CacheStrategy = (typeof cacheStrategies)[number]

/** What nobody used for this long is given up, but by `aggressive`. */
export const restMs = 30 * 24 * 60 * 60 * 1000

/** Several sites may use one picture: what keeps most holds. */
export function mostKeeping(strategies: Iterable<CacheStrategy>): CacheStrategy | undefined {
  const given = new Set(strategies)
  return cacheStrategies.find((strategy) => given.has(strategy))
}

/**
 * Whether `cache optimize` drops what was made of a picture.
 * @param made.isPresent - of a state that the manifest has, or that a site keeps
 */
export function isGivenUp(strategy: CacheStrategy, made: { isPresent: boolean; unusedMs: number }): boolean {
  if (strategy === 'aggressive') return false
  return made.unusedMs > restMs || (strategy === 'minimal' && !made.isPresent)
}
