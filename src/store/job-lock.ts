import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * One job per key across processes. A lock is an SQLite file held exclusively:
 * the operating system frees it when the holder dies, however busy or long the job is.
 */
export interface JobLock {
  /** Run alone among all processes. Falls back to running at once when locks cannot be had (read-only project). */
  alone<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

/** How often a waiting process looks again. */
const lookEveryMs = 25

/** @param folder - one file per two leading hex digits of the key, so the number of files is bounded */
export function createJobLock(folder: string): JobLock {
  let isUsable = true
  return {
    async alone(key, work, signal) {
      const release = isUsable ? await acquire(key, signal) : undefined
      try {
        return await work()
      } finally {
        release?.()
      }
    },
  }

  async function acquire(key: string, signal?: AbortSignal): Promise<(() => void) | undefined> {
    const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite')
    let db: DatabaseSync
    try {
      mkdirSync(folder, { recursive: true })
      db = new Database(join(folder, `${key.slice(0, 2)}.lock`), { timeout: 0 })
    } catch {
      isUsable = false
      return undefined
    }
    for (;;) {
      try {
        // Setting the journal reads the file, so it too waits for the holder.
        db.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN EXCLUSIVE;')
        return () => db.close()
      } catch (error) {
        if (!/locked|busy/i.test((error as Error).message)) {
          db.close()
          isUsable = false
          return undefined
        }
      }
      try {
        await sleep(lookEveryMs, undefined, { signal })
      } catch (error) {
        db.close()
        throw error
      }
    }
  }
}
