import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { defineError } from '../core/errors.ts'
import { ensureHome } from './project-folder.ts'
import { committed, createSqliteFile } from './sqlite-file.ts'

const stateUnavailable = defineError('STATE_UNAVAILABLE', {
  summary: 'The state database cannot be opened or written.',
  message: (d: { file: string; why: string }) => `The state database ${d.file} cannot be used: ${d.why}.`,
  hint: () =>
    'Make the .assetloom folder writable, free disk space, or delete state.db if it is damaged (the ledger of the month goes with it).',
  http: 500,
})

/**
 * The project's SQLite database: ledger, manifest index, cache index, runs; and, by its write lock, the lock across
 * processes.
 */
export interface StateDb {
  readonly file: string
  /** The open database, opened at first use, and anew when its file was deleted. @throws STATE_UNAVAILABLE */
  open(): DatabaseSync
  /**
   * Run synchronous work while no other process can write.
   * The lock is the transaction's, so the operating system frees it when the holder dies.
   * @throws STATE_UNAVAILABLE
   */
  exclusive<T>(work: (db: DatabaseSync) => T): T
  /** Give the room of what was deleted back to the disk. Waits for other writers. @throws STATE_UNAVAILABLE */
  compact(): void
  close(): void
}

const tables = `
  CREATE TABLE IF NOT EXISTS manifest_state (
    id INTEGER PRIMARY KEY CHECK (id = 1), mtime_ns TEXT NOT NULL, size INTEGER NOT NULL, ino TEXT NOT NULL,
    digest TEXT NOT NULL, indexed_at_ms INTEGER NOT NULL, head TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS manifest_entries (
    ref TEXT PRIMARY KEY, digest TEXT NOT NULL, spec_id TEXT, hash TEXT, entry TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS manifest_entries_spec ON manifest_entries (spec_id) WHERE spec_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS manifest_entries_template ON manifest_entries (ref) WHERE instr(entry, '"template":') > 0;
  CREATE TABLE IF NOT EXISTS manifest_aliases (alias TEXT PRIMARY KEY, ref TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS cache_index (key TEXT PRIMARY KEY, value TEXT NOT NULL, used_at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS usage (ref TEXT PRIMARY KEY, views INTEGER NOT NULL DEFAULT 0, downloads INTEGER NOT NULL DEFAULT 0,
    usage_count INTEGER NOT NULL DEFAULT 0, last_accessed TEXT) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS ledger (
    id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, at TEXT NOT NULL, month TEXT NOT NULL,
    spec TEXT NOT NULL, job_key TEXT NOT NULL, provider TEXT NOT NULL, model TEXT, type TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('reserved', 'settled', 'released', 'maybe_spent')),
    quote_micro_usd INTEGER NOT NULL, cost_micro_usd INTEGER NOT NULL,
    success INTEGER, duration_ms INTEGER, pid INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS ledger_by_month ON ledger (month, state, provider, cost_micro_usd);
  CREATE INDEX IF NOT EXISTS ledger_by_run ON ledger (run_id, cost_micro_usd) WHERE state <> 'released';
  CREATE INDEX IF NOT EXISTS ledger_reserved ON ledger (pid) WHERE state = 'reserved';
  CREATE TABLE IF NOT EXISTS ledger_unsent (id INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE IF NOT EXISTS cache_use (month TEXT PRIMARY KEY, hits INTEGER NOT NULL, misses INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS spec_files (path TEXT PRIMARY KEY, format TEXT NOT NULL, stamp TEXT NOT NULL, checked_at_ms INTEGER NOT NULL,
    digest TEXT NOT NULL, content TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS file_hashes (file TEXT PRIMARY KEY, stamp TEXT NOT NULL, checked_at_ms INTEGER NOT NULL,
    hash TEXT NOT NULL, lfs_hash TEXT) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS missions (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL DEFAULT '', goal TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled', 'waiting')),
    success_criteria TEXT NOT NULL DEFAULT '[]', mission_state TEXT NOT NULL DEFAULT '{}', current_hop TEXT, hop_history TEXT NOT NULL DEFAULT '[]',
    workflow TEXT, workflow_digest TEXT, parent_step TEXT, holder TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS missions_by_workflow ON missions (workflow, created_at);
  CREATE TABLE IF NOT EXISTS hops (
    id TEXT PRIMARY KEY, mission_id TEXT NOT NULL REFERENCES missions (id), position INTEGER NOT NULL, name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '', status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed', 'waiting')),
    hop_state TEXT NOT NULL DEFAULT '{}', input_filter TEXT, output_filter TEXT, intermediate_filter TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS hops_by_mission ON hops (mission_id, position);
  CREATE TABLE IF NOT EXISTS tool_steps (
    id TEXT PRIMARY KEY, mission_id TEXT NOT NULL REFERENCES missions (id), hop_id TEXT NOT NULL REFERENCES hops (id), key TEXT NOT NULL,
    position INTEGER NOT NULL, tool_id TEXT, parameter_mapping TEXT NOT NULL DEFAULT '{}', result_mapping TEXT NOT NULL DEFAULT '{}',
    status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'skipped', 'failed', 'waiting')), attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT, memory TEXT, duration_ms INTEGER NOT NULL DEFAULT 0, input_tokens INTEGER NOT NULL DEFAULT 0,
    output_tokens INTEGER NOT NULL DEFAULT 0, cost_micro_usd INTEGER NOT NULL DEFAULT 0, updated_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS tool_steps_by_mission ON tool_steps (mission_id, position);
  CREATE TABLE IF NOT EXISTS assets (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL, scope_type TEXT NOT NULL CHECK (scope_type IN ('mission', 'hop')), scope_id TEXT NOT NULL,
    asset_key TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, subtype TEXT, description TEXT NOT NULL DEFAULT '', content TEXT,
    content_blob TEXT, content_summary TEXT NOT NULL DEFAULT '', schema_definition TEXT,
    status TEXT NOT NULL CHECK (status IN ('pending', 'ready', 'error')), role TEXT NOT NULL CHECK (role IN ('input', 'output', 'intermediate')),
    metadata TEXT NOT NULL DEFAULT '{}', created_at TEXT NOT NULL, updated_at TEXT NOT NULL, UNIQUE (scope_type, scope_id, asset_key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS assets_by_status ON assets (scope_type, scope_id, status);
  CREATE INDEX IF NOT EXISTS assets_by_role ON assets (scope_type, scope_id, role);
  CREATE TABLE IF NOT EXISTS run_totals (ref TEXT PRIMARY KEY, runs INTEGER NOT NULL, succeeded INTEGER NOT NULL, duration_ms INTEGER NOT NULL,
    tokens INTEGER NOT NULL, cost_micro_usd INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`

/** Bump when a table comes or changes its shape. */
const schemaVersion = 7

export function createStateDb(file: string): StateDb {
  const sqlite = createSqliteFile({
    file,
    makeFolder: () => ensureHome(dirname(file)),
    setUp(db) {
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;')
      const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
      if (version !== schemaVersion) {
        db.exec(`BEGIN IMMEDIATE; ${tables} PRAGMA user_version = ${schemaVersion}; COMMIT;`)
      }
    },
  })
  const open = () => {
    try {
      return sqlite.open()
    } catch (cause) {
      throw stateUnavailable({ file, why: (cause as Error).message }, { cause })
    }
  }
  return {
    file,
    open,
    exclusive: (work) => exclusively(open(), file, work),
    compact: () => compact(open(), file),
    close: sqlite.close,
  }
}

/** A database that lives as long as the process, for what must answer when the file cannot be had. */
export function createMemoryState(): StateDb {
  let database: DatabaseSync | undefined
  const file = ':memory:'
  const open = () => {
    if (database) return database
    const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite')
    database = new Database(file)
    database.exec(tables)
    return database
  }
  return {
    file,
    open,
    exclusive: (work) => exclusively(open(), file, work),
    compact: () => compact(open(), file),
    close() {
      database?.close()
      database = undefined
    },
  }
}

function exclusively<T>(db: DatabaseSync, file: string, work: (db: DatabaseSync) => T): T {
  if (db.isTransaction) return work(db)
  try {
    db.exec('BEGIN IMMEDIATE')
  } catch (cause) {
    throw stateUnavailable({ file, why: (cause as Error).message }, { cause })
  }
  return committed(db, work)
}

function compact(db: DatabaseSync, file: string): void {
  try {
    // The log first, so that it is not copied; then once more, for what the copy wrote into it.
    db.exec('PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE);')
  } catch (cause) {
    throw stateUnavailable({ file, why: (cause as Error).message }, { cause })
  }
}

/** SQLite itself found fault: a damaged file, a full disk, a lock held too long. */
export function isSqliteFault(error: unknown): boolean {
  return (error as { code?: string }).code === 'ERR_SQLITE_ERROR'
}
