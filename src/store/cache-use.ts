import type { StateDb } from './state-db.ts'

/** How often raw answers came from the cache, by UTC month. */
export interface CacheUse {
  /** @param use.hits - assets made without a call; misses: those for which a provider was asked */
  add(month: string, use: CacheCounts): void
  of(month: string): CacheCounts
}

export interface CacheCounts {
  hits: number
  misses: number
}

export function createCacheUse(state: StateDb): CacheUse {
  return {
    add(month, { hits, misses }) {
      state
        .open()
        .prepare(
          'INSERT INTO cache_use (month, hits, misses) VALUES (?, ?, ?) ON CONFLICT (month) DO UPDATE SET hits = hits + excluded.hits, misses = misses + excluded.misses',
        )
        .run(month, hits, misses)
    },
    of(month) {
      const row = state.open().prepare('SELECT hits, misses FROM cache_use WHERE month = ?').get(month)
      return { hits: 0, misses: 0, ...row }
    },
  }
}
