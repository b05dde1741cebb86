import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { StateDb } from './state-db.ts'

/**
 * Key → what was made for it, in the state database. A team's store, when one is given, stands beside it
 * (shared-cache).
 */
export interface CacheIndex {
  get<T>(key: string): Promise<T | undefined>
  set(key: string, value: unknown): Promise<void>
  delete(key: string): Promise<void>
  /** Keys that start with a text, with the time of last use; local ones only. */
  keys(prefix: string): { key: string; usedAtMs: number }[]
  /** Records whose keys start with a text; looking is no use. Local ones only. */
  records(prefix: string): { key: string; usedAtMs: number; value: unknown }[]
}

/** How old a recorded last use may grow before it is written again; saves a write on every hit. */
const useGrainMs = 60 * 60 * 1000

export function createCacheIndex(input: { state: StateDb; onFault(error: unknown): void }): CacheIndex {
  const { state } = input
  const memory = new Map<string, unknown>()
  let isUsable = true
  const guarded = <T>(work: () => T, otherwise: T): T => {
    if (!isUsable) return otherwise
    try {
      return work()
    } catch (error) {
      isUsable = false
      input.onFault(error)
      return otherwise
    }
  }
  const table = cacheTable(state)
  return {
    async get<T>(key: string) {
      const found = guarded(() => table.get(key), undefined)
      return (isUsable ? found : memory.get(key)) as T | undefined
    },
    async set(key, value) {
      memory.set(key, value)
      guarded(() => table.set(key, value), undefined)
    },
    async delete(key) {
      memory.delete(key)
      guarded(() => table.delete(key), undefined)
    },
    keys: (prefix) =>
      guarded(
        () =>
          (
            state
              .open()
              .prepare('SELECT key, used_at_ms FROM cache_index WHERE substr(key, 1, ?) = ?')
              .all(prefix.length, prefix) as { key: string; used_at_ms: number }[]
          ).map((row) => ({ key: row.key, usedAtMs: row.used_at_ms })),
        [],
      ),
    records: (prefix) =>
      guarded(
        () =>
          (
            state
              .open()
              .prepare('SELECT key, value, used_at_ms FROM cache_index WHERE substr(key, 1, ?) = ?')
              .all(prefix.length, prefix) as { key: string; value: string; used_at_ms: number }[]
          ).map((row) => ({
            key: row.key,
            usedAtMs: row.used_at_ms,
            value: (JSON.parse(row.value) as { value?: unknown }).value,
          })),
        [],
      ),
  }
}

/**
 * The table of the state database. Asked directly: a warm build does little else, and an adapter's promises would cost
 * more than the read.
 */
function cacheTable(state: StateDb) {
  let database: DatabaseSync | undefined
  let statements: Record<'get' | 'touch' | 'set' | 'delete', StatementSync>
  const prepared = () => {
    const db = state.open()
    if (db !== database) {
      statements = {
        get: db.prepare('SELECT value, used_at_ms FROM cache_index WHERE key = ?'),
        touch: db.prepare('UPDATE cache_index SET used_at_ms = ? WHERE key = ?'),
        set: db.prepare('INSERT OR REPLACE INTO cache_index (key, value, used_at_ms) VALUES (?, ?, ?)'),
        delete: db.prepare('DELETE FROM cache_index WHERE key = ?'),
      }
      database = db
    }
    return statements
  }
  return {
    get(key: string): unknown {
      const row = prepared().get.get(key) as { value: string; used_at_ms: number } | undefined
      if (!row) return undefined
      if (Date.now() - row.used_at_ms > useGrainMs) prepared().touch.run(Date.now(), key)
      try {
        return (JSON.parse(row.value) as { value?: unknown }).value
      } catch {
        // A damaged row is a miss; it is written anew.
        return undefined
      }
    },
    set(key: string, value: unknown): void {
      prepared().set.run(key, JSON.stringify({ value }), Date.now())
    },
    delete(key: string): void {
      prepared().delete.run(key)
    },
  }
}
