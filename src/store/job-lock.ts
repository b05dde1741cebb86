import { mkdirSync, statSync } from 'node:fs'
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
  close(): void
}

/** How often a waiting process looks again. */
const lookEveryMs = 25

/** A lock file as this process holds it: once, however many of its jobs have keys that share the file. */
interface HeldFile {
  holders: number
  /** Undefined when locks cannot be had. */
  lock: Promise<FileLock | undefined>
}

interface FileLock {
  database: DatabaseSync
  /** Known once the lock was held: SQLite makes the file then. */
  inode?: number | undefined
}

/**
 * @param folder - one file per leading hex digits of the key, so the number of files is bounded
 * @param digits - processes wait for one another when keys share a file: 2 for jobs that last; 1 for short ones, where
 *   making the file would take longer than that waiting
 */
export function createJobLock(folder: string, digits: 1 | 2 = 2): JobLock {
  let isUsable = true
  /** Last job of a key in this process. */
  const last = new Map<string, Promise<unknown>>()
  const held = new Map<string, HeldFile>()
  /** Open and not held: opening a file costs several times what taking its lock does. */
  const idle = new Map<string, FileLock>()
  const fileOf = (name: string) => join(folder, `${name}.lock`)
  const inodeOf = (name: string) => statSync(fileOf(name), { throwIfNoEntry: false })?.ino

  return {
    close() {
      for (const { database } of idle.values()) database.close()
      idle.clear()
    },
    async alone(key, work, signal) {
      const before = last.get(key)
      const run = async () => {
        await untilAborted(before?.catch(() => undefined), signal)
        return isUsable ? locked(key.slice(0, digits), work, signal) : work()
      }
      const running = run()
      last.set(key, running)
      try {
        return await running
      } finally {
        if (last.get(key) === running) last.delete(key)
      }
    },
  }

  async function locked<T>(name: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    let file = held.get(name)
    if (!file) {
      file = { holders: 0, lock: acquire(name, () => file!.holders === 0) }
      held.set(name, file)
    }
    file.holders++
    try {
      await untilAborted(file.lock, signal)
      return await work()
    } finally {
      if (--file.holders === 0) {
        held.delete(name)
        const lock = await file.lock
        if (lock) release(name, lock)
      }
    }
  }

  function release(name: string, lock: FileLock): void {
    try {
      lock.database.exec('COMMIT')
      idle.set(name, lock)
    } catch {
      // Closing frees it all the same.
      lock.database.close()
    }
  }

  /** An open file that is still the one other processes find under its name. */
  function openLock(name: string): FileLock {
    const known = idle.get(name)
    idle.delete(name)
    if (known && inodeOf(name) === known.inode) return known
    known?.database.close()
    mkdirSync(folder, { recursive: true })
    const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite')
    return { database: new Database(fileOf(name), { timeout: 0 }) }
  }

  /** @param isLeft - whoever waited has given up */
  async function acquire(name: string, isLeft: () => boolean): Promise<FileLock | undefined> {
    let lock: FileLock
    try {
      lock = openLock(name)
    } catch {
      isUsable = false
      return undefined
    }
    const { database } = lock
    for (;;) {
      try {
        // Setting the journal reads the file, so it too waits for the holder.
        database.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN EXCLUSIVE;')
        lock.inode ??= inodeOf(name)
        return lock
      } catch (error) {
        if (!/locked|busy/i.test((error as Error).message)) {
          database.close()
          isUsable = false
          return undefined
        }
      }
      await sleep(lookEveryMs)
      if (isLeft()) {
        database.close()
        return undefined
      }
    }
  }
}

/** What a promise gives, or the signal's reason as soon as there is one. */
async function untilAborted<T>(promise: Promise<T> | undefined, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  if (!signal || !promise) return void (await promise)
  const over = new AbortController()
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: over.signal })
  })
  try {
    await Promise.race([promise, aborted])
  } finally {
    // A reason spares the making of an error that nobody sees.
    over.abort('over')
  }
}
