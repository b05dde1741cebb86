/** A seeded source of numbers; the same seed gives the same sequence on every machine. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** In [min, max). */
  between(min: number, max: number): number
  /** Whole number in [min, max], both included. */
  int(min: number, max: number): number
  pick<T>(items: readonly [T, ...T[]] | readonly T[]): T
}

/**
 * Seeded generator (mulberry32 over an FNV-1a hash of the seed text).
 * @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c for mulberry32
 */
export function createRandom(seed: string): Random {
  let state = 0x811c9dc5
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000
  }
  const between = (min: number, max: number) => min + next() * (max - min)
  const int = (min: number, max: number) => Math.floor(between(min, max + 1))
  return { next, between, int, pick: (items) => items[int(0, items.length - 1)]! }
}
