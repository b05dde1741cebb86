import Keyv, { type KeyvStoreAdapter } from 'keyv'
import type { StateDb } from './state-db.ts'

/** Key → what was made for it. Local in the state database, and shared with a team when a Keyv store is given. */
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
  const keyv = new Keyv({ store: sqliteKeyvStore(state), namespace: '' })
  keyv.on('error', (error) => guarded(() => { throw error }, undefined))
  return {
    async get<T>(key: string) {
      if (!isUsable) return memory.get(key) as T | undefined
      return (await keyv.get<T>(key)) ?? undefined
    },
    async set(key, value) {
      memory.set(key, value)
      if (isUsable) await keyv.set(key, value)
    },
    async delete(key) {
      memory.delete(key)
      if (isUsable) await keyv.delete(key)
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
          ).map((row) => ({ key: row.key, usedAtMs: row.used_at_ms, value: (JSON.parse(row.value) as { value?: unknown }).value })),
        [],
      ),
  }
}

/** A Keyv store over the state database; Keyv itself serialises the values. */
function sqliteKeyvStore(state: StateDb): KeyvStoreAdapter {
  const store = {
    opts: {},
    namespace: undefined as string | undefined,
    async get(key: string) {
      const db = state.open()
      const row = db.prepare('SELECT value, used_at_ms FROM cache_index WHERE key = ?').get(key) as
        | { value: string; used_at_ms: number }
        | undefined
      if (!row) return undefined
      if (Date.now() - row.used_at_ms > useGrainMs)
        db.prepare('UPDATE cache_index SET used_at_ms = ? WHERE key = ?').run(Date.now(), key)
      return row.value
    },
    async set(key: string, value: string) {
      state
        .open()
        .prepare('INSERT OR REPLACE INTO cache_index (key, value, used_at_ms) VALUES (?, ?, ?)')
        .run(key, value, Date.now())
    },
    async delete(key: string) {
      return Number(state.open().prepare('DELETE FROM cache_index WHERE key = ?').run(key).changes) > 0
    },
    async clear() {
      state.open().exec('DELETE FROM cache_index')
    },
    on() {
      return store
    },
  }
  return store as unknown as KeyvStoreAdapter
}
