import type { StateDb } from './state-db.ts'

/** How often an asset was looked at, taken elsewhere, used. Of this copy of the project; never committed. */
export interface Counts {
  /** Shown by `info` or picked in `browse`. */
  views: number
  /** Exported or packed. */
  downloads: number
  /** Used, applied or run. */
  usageCount: number
  /** ISO time of the last of these. */
  lastAccessed?: string
}

export interface Counters {
  /** Count once more. A state database that cannot be written is no reason to fail what was asked. */
  add(ref: string, what: 'views' | 'downloads' | 'usageCount'): void
  of(ref: string): Counts
}

const columns = { views: 'views', downloads: 'downloads', usageCount: 'usage_count' } as const

export function createCounters(input: { state: StateDb; timestamp(): string; onFault(error: unknown): void }): Counters {
  const { state, timestamp, onFault } = input
  return {
    add(ref, what) {
      const column = columns[what]
      try {
        state
          .open()
          .prepare(
            `INSERT INTO usage (ref, ${column}, last_accessed) VALUES (?, 1, ?)
             ON CONFLICT (ref) DO UPDATE SET ${column} = ${column} + 1, last_accessed = excluded.last_accessed`,
          )
          .run(ref, timestamp())
      } catch (error) {
        onFault(error)
      }
    },
    of(ref) {
      const none = { views: 0, downloads: 0, usageCount: 0 }
      try {
        const row = state
          .open()
          .prepare('SELECT views, downloads, usage_count AS usageCount, last_accessed AS lastAccessed FROM usage WHERE ref = ?')
          .get(ref)
        return { ...none, ...row } as Counts
      } catch (error) {
        onFault(error)
        return none
      }
    },
  }
}
