import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { DatabaseSync } from 'node:sqlite'
import { contentHash } from '../core/digest.ts'
import { removeQuietly, writeFailed } from './atomic-write.ts'
import { committed, createSqliteFile, makePrivate, type SqliteFile } from './sqlite-file.ts'
import { createStatements } from './statements.ts'
import { namesIn } from './verified-write.ts'

/**
 * Many small blobs in one SQLite file: a file of its own would cost each ten to a hundred times as much between the
 * flushes of an import. Bytes are handed out as they stand; whoever asks holds them against their digest.
 *
 * The file is `versions-1.db`. Once it is found damaged, `versions-2.db` takes its place, with what can be read of it, and so
 * on: under the same name a process that has the old one open could mix the logs of the two.
 */
export interface SmallBlobs {
  has(hash: string): boolean
  get(hash: string): Uint8Array | undefined
  /** Keep bytes; they are on the disk, for other processes too, once {@link flush} returns. @throws WRITE_FAILED */
  put(hash: string, bytes: Uint8Array): void
  /** Write what was put since the last time, in one transaction. @throws WRITE_FAILED */
  flush(): void
  list(): { hash: string; sizeBytes: number; storedAtMs: number }[]
  /** @throws WRITE_FAILED */
  remove(hash: string): void
  /** Give the room of what was removed back to the disk. @throws WRITE_FAILED */
  compact(): void
  /** What was put and not flushed is dropped. */
  close(): void
}

/** Bytes that wait in memory for their transaction. */
const mostPendingBytes = 4 * 1024 * 1024

/**
 * Pages of 16 KiB take blobs of 4 KiB in half the time of the usual ones. `OFF` while the file is empty: nothing can be lost
 * yet. `NORMAL` then: a power cut may take the last transactions, but leaves a whole file.
 */
const setUp = `
  PRAGMA page_size = 16384; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS blobs (hash TEXT NOT NULL UNIQUE, stored_at_ms INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
  PRAGMA synchronous = NORMAL;
`
const insertSql = 'INSERT OR IGNORE INTO blobs (hash, stored_at_ms, bytes) VALUES (?, ?, ?)'

/**
 * @param input.folder - made when something is put
 * @param input.onDamage - the file was damaged; it begins anew with what can be read of it
 * @param input.onFault - the file cannot be read, so that nothing is found
 */
export function createSmallBlobs(input: {
  folder: string
  onDamage(error: unknown): void
  onFault(error: unknown): void
}): SmallBlobs {
  const { folder } = input
  const fileOf = (generation: number) => join(folder, `versions-${generation}.db`)
  let generation = 0
  let sqlite: SqliteFile | undefined
  const statements = createStatements()
  const prepare = (db: DatabaseSync, sql: string) => {
    statements.use(db)
    return statements.prepare(sql)
  }
  const pending = new Map<string, Uint8Array>()
  let pendingBytes = 0

  const close = () => {
    sqlite?.close()
    sqlite = undefined
  }
  /** The newest first. */
  const generations = () =>
    namesIn(folder)
      .flatMap((name) => /^versions-(\d+)\.db$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => b - a)
  /** The open database, when it is still the one that others use. */
  const current = () => {
    const db = sqlite?.current()
    return db && !existsSync(fileOf(generation + 1)) ? db : undefined
  }
  const isThere = () => current() !== undefined || generations().length > 0
  const open = (): DatabaseSync => {
    const before = current()
    if (before) return before
    close()
    const [newest = 1, ...damaged] = generations()
    generation = newest
    sqlite = createSqliteFile({
      file: fileOf(newest),
      makeFolder: () => void mkdirSync(folder, { recursive: true }),
      setUp: (db) => db.exec(setUp),
    })
    const db = sqlite.open()
    for (const one of damaged) takeOver(db, fileOf(one))
    return db
  }
  const inTransaction = (work: (db: DatabaseSync) => void): void => {
    const db = open()
    db.exec('BEGIN IMMEDIATE')
    if (current()) return committed(db, work)
    // It was deleted, or found damaged, while this process waited for its turn.
    db.exec('ROLLBACK')
    inTransaction(work)
  }
  /** Keep what can be read of a damaged file: versions may stand nowhere else. Several processes may do so at once. */
  const takeOver = (db: DatabaseSync, file: string) => {
    db.exec('BEGIN IMMEDIATE')
    committed(db, () => {
      for (const { hash, stored_at_ms, bytes } of wholeRows(file)) prepare(db, insertSql).run(hash, stored_at_ms, bytes)
    })
    for (const suffix of ['', '-wal', '-shm']) removeQuietly(file + suffix)
  }

  /** Once more on a new file, when the present one turns out to be damaged. */
  const mended = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      if (!isDamage(error)) throw error
      input.onDamage(error)
      close()
      makePrivate(fileOf(generation + 1))
      return work()
    }
  }
  const reading = <T>(work: (db: DatabaseSync) => T, none: T): T => {
    try {
      return isThere() ? mended(() => work(open())) : none
    } catch (error) {
      try {
        if (isReadOnly(error)) return readFrozen(fileOf(generation), work)
      } catch {
        // The first fault says more.
      }
      input.onFault(error)
      return none
    }
  }
  const writing = (work: () => void): void => {
    try {
      mended(work)
    } catch (cause) {
      throw writeFailed({ what: 'The database of earlier versions', why: (cause as Error).message }, { cause })
    }
  }

  const flush = () => {
    if (pending.size === 0) return
    const rows = [...pending]
    // What cannot be written now is put again by the next change that needs it.
    pending.clear()
    pendingBytes = 0
    const now = Date.now()
    writing(() =>
      inTransaction((db) => {
        for (const [hash, bytes] of rows) prepare(db, insertSql).run(hash, now, bytes)
      }),
    )
  }

  return {
    flush,
    has: (hash) =>
      pending.has(hash) || reading((db) => prepare(db, 'SELECT 1 FROM blobs WHERE hash = ?').get(hash) !== undefined, false),
    get: (hash) =>
      pending.get(hash) ?? reading((db) => bytesOf(prepare(db, 'SELECT bytes FROM blobs WHERE hash = ?').get(hash)), undefined),
    put(hash, bytes) {
      if (pending.has(hash)) return
      pending.set(hash, bytes)
      pendingBytes += bytes.length
      if (pendingBytes > mostPendingBytes) flush()
    },
    list: () =>
      reading((db) => {
        const rows = prepare(db, 'SELECT hash, stored_at_ms, length(bytes) AS size_bytes FROM blobs').all()
        return (rows as { hash: string; stored_at_ms: number; size_bytes: number }[]).map((row) => ({
          hash: row.hash,
          sizeBytes: row.size_bytes,
          storedAtMs: row.stored_at_ms,
        }))
      }, []),
    remove(hash) {
      pending.delete(hash)
      if (isThere()) writing(() => void prepare(open(), 'DELETE FROM blobs WHERE hash = ?').run(hash))
    },
    compact() {
      if (isThere()) writing(() => open().exec('PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);'))
    },
    close,
  }
}

interface BlobRow {
  hash: string
  stored_at_ms: number
  bytes: Uint8Array
}

/** A flipped byte can make another type of a value; what is no bytes matches no digest either. */
function bytesOf(row: unknown): Uint8Array | undefined {
  if (row === undefined) return undefined
  const { bytes } = row as BlobRow
  return bytes instanceof Uint8Array ? bytes : new Uint8Array()
}

/** Those that match their digest, from both ends up to the page that is damaged. */
function* wholeRows(file: string): Generator<BlobRow> {
  const seen = new Set<string>()
  const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite')
  for (const order of ['ASC', 'DESC']) {
    let db: DatabaseSync | undefined
    try {
      db = new Database(file, { defensive: false })
      // SQLite then reads what is left of a file that was cut off.
      db.exec('PRAGMA writable_schema = ON')
      // Those who have the file open finish what they write, and then find that there is a newer one.
      db.exec('BEGIN IMMEDIATE')
      const rows = db.prepare(`SELECT hash, stored_at_ms, bytes FROM blobs ORDER BY rowid ${order}`).iterate()
      for (const row of rows as Iterable<unknown> as Iterable<BlobRow>) {
        if (seen.has(row.hash)) break
        seen.add(row.hash)
        if (contentHash(bytesOf(row)!) === row.hash) yield row
      }
    } catch {
      // What lies behind the damage comes from the other end.
    } finally {
      db?.close()
    }
  }
}

/**
 * In a folder that cannot be written, where SQLite cannot make the files beside its own. Nobody writes it there, and a log
 * that was left behind is not read.
 */
function readFrozen<T>(file: string, work: (db: DatabaseSync) => T): T {
  const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite')
  const db = new Database(new URL(`${pathToFileURL(file).href}?immutable=1`), { readOnly: true })
  try {
    return work(db)
  } finally {
    db.close()
  }
}

/** SQLite's primary result codes; statements that never change fail as `ERROR` only where the file is another one. */
const damageCodes: ReadonlySet<number> = new Set([1 /* ERROR */, 11 /* CORRUPT */, 24 /* FORMAT */, 26 /* NOTADB */])
const readOnlyCodes: ReadonlySet<number> = new Set([8 /* READONLY */, 14 /* CANTOPEN */])

const primaryCode = (error: unknown) => ((error as { errcode?: number }).errcode ?? 0) & 0xff
const isDamage = (error: unknown) => damageCodes.has(primaryCode(error))
const isReadOnly = (error: unknown) =>
  readOnlyCodes.has(primaryCode(error)) || ['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')
