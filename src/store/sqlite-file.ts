import { closeSync, openSync, statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'

/** An SQLite file that is opened at first use, and anew when it was deleted. Throws what SQLite and the disk say. */
export interface SqliteFile {
  open(): DatabaseSync
  /** The open database, when it is the file that others would open now. */
  current(): DatabaseSync | undefined
  close(): void
}

/** How long a writer waits for another process, in milliseconds. */
const busyTimeoutMs = 60_000

/**
 * @param input.makeFolder - makes the folder of the file where it is missing
 * @param input.setUp - called with the database just opened
 */
export function createSqliteFile(input: {
  file: string
  makeFolder(): void
  setUp(db: DatabaseSync): void
}): SqliteFile {
  const { file } = input
  let database: DatabaseSync | undefined
  let inode: number | undefined
  const inodeNow = () => statSync(file, { throwIfNoEntry: false })?.ino
  const current = () => (database && inodeNow() === inode ? database : undefined)
  const close = () => {
    database?.close()
    database = undefined
  }

  return {
    current,
    close,
    open() {
      // A deleted file can still be written to here, but other processes would lock and read the next one.
      if (database && (database.isTransaction || current())) return database
      close()
      input.makeFolder()
      makePrivate(file)
      // Loaded at first use: the start of the CLI and of a dev server must not pay for SQLite.
      const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite')
      const db = new Database(file, { timeout: busyTimeoutMs })
      try {
        whileBusy(db, () => input.setUp(db))
        inode = inodeNow()
      } catch (error) {
        db.close()
        throw error
      }
      database = db
      return db
    },
  }
}

/** How often a busy file is tried again. */
const lookEveryMs = 20
const busyCode = 5

/**
 * Processes that make a file at the same moment stand in one another's way while its journal becomes a log: there SQLite
 * gives up at once, whatever the time limit of the connection.
 */
function whileBusy(db: DatabaseSync, work: () => void): void {
  const latestMs = Date.now() + busyTimeoutMs
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      const code = (error as { errcode?: number }).errcode ?? 0
      if ((code & 0xff) !== busyCode || Date.now() > latestMs) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lookEveryMs)
    }
  }
}

/**
 * Make the file before SQLite does: SQLite makes it readable to all and gives its journal files the same rights.
 * A file that is there is not opened: closing it would free the locks that this process holds on it.
 */
export function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** Work in the transaction that was just begun: committed when it returns, rolled back when it throws. */
export function committed<T>(db: DatabaseSync, work: (db: DatabaseSync) => T): T {
  let done = false
  try {
    const result = work(db)
    db.exec('COMMIT')
    done = true
    return result
  } finally {
    if (!done && db.isTransaction) db.exec('ROLLBACK')
  }
}
