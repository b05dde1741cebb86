import { statSync, type BigIntStats } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { sha256 } from '../core/digest.ts'
import type { Entry, Manifest, SpecSource } from '../core/manifest.ts'
import { manifestUnreadable, parseManifest, readManifestText } from './manifest-text.ts'
import { isSqliteFault, type StateDb } from './state-db.ts'
import { racyWindowMs } from './file-stamp.ts'
import { createStatements } from './statements.ts'

/** What stands in the manifest beside the entries. */
export interface ManifestHead {
  vocabulary: Manifest['vocabulary']
  sequences: Manifest['sequences']
}

/**
 * The manifest for readers that want a few entries: a lookup costs one SQLite read,
 * however many assets there are. It follows the file: a changed manifest is read again at the next lookup.
 */
export interface ManifestIndex {
  /** The entry of a token, id or alias. @throws MANIFEST_DAMAGED when the file cannot be read */
  find(ref: string): { ref: string; entry: Entry } | undefined
  /** The entry made from a spec instance. */
  findBySpecId(specId: string): { ref: string; entry: Entry } | undefined
  /** Every entry that was made from a spec or, by command line, from a template. */
  madeFromSpecs(): { ref: string; entry: Entry }[]
  /** Those of them that were made from a template by command line. */
  madeFromTemplates(): { ref: string; entry: Entry }[]
  /** Every ref, sorted. */
  refs(): string[]
  /** Every ref and alias, for suggestions. */
  names(): string[]
  /** Entries whose ref starts with a text, sorted by ref. */
  startingWith(prefix: string): { ref: string; entry: Entry }[]
  head(): ManifestHead
  /** SHA-256 of the manifest's text; empty text when there is no manifest. */
  digest(): string
  /** Record a manifest that was just written; called under the lock. */
  record(db: DatabaseSync, manifest: Manifest, change: ManifestChange): void
}

/** SHA-256 of the manifest's text, now and before (empty text: there was none), and the refs whose entries are others. */
interface ManifestChange {
  digest: string
  digestBefore: string
  changed: ReadonlySet<string>
}

export function createManifestIndex(input: {
  file: string
  state: StateDb
  onStateFault(error: unknown): void
}): ManifestIndex {
  const { file, state } = input
  /** Used when the state database cannot be had: the manifest itself, parsed once per content. */
  let inMemory: { digest: string; manifest: Manifest } | undefined
  let stateIsUsable = true
  /** Times of the file for which the index was last found true; while they stand, a lookup asks for nothing else. */
  let knownStamp: string | undefined
  const statements = createStatements()

  const fresh = (): DatabaseSync | undefined => {
    if (!stateIsUsable) return undefined
    try {
      const db = state.open()
      const stamp = stampOf(statOrUndefined(file))
      if (stamp === knownStamp && db === statements.database()) return db
      if (!isFresh(db)) rebuild()
      statements.use(db)
      knownStamp = isSettled(db, stamp) ? stamp : undefined
      return db
    } catch (error) {
      if ((error as { code?: string }).code !== 'STATE_UNAVAILABLE' && !isSqliteFault(error)) throw error
      stateIsUsable = false
      input.onStateFault(error)
      return undefined
    }
  }

  const isFresh = (db: DatabaseSync): boolean => {
    const row = db.prepare('SELECT mtime_ns, size, ino, digest, indexed_at_ms FROM manifest_state').get() as
      | { mtime_ns: string; size: number; ino: string; digest: string; indexed_at_ms: number }
      | undefined
    const stat = statOrUndefined(file)
    if (!stat) return row?.digest === ''
    if (!row || row.mtime_ns !== String(stat.mtimeNs) || row.size !== Number(stat.size) || row.ino !== String(stat.ino))
      return false
    const isRacy = Number(stat.mtimeMs) > row.indexed_at_ms - racyWindowMs
    if (!isRacy) return true
    if (sha256(readManifestText(file) ?? '') !== row.digest) return false
    if (Date.now() - Number(stat.mtimeMs) > racyWindowMs)
      db.prepare('UPDATE manifest_state SET indexed_at_ms = ?').run(Date.now())
    return true
  }

  /** Whether the index tells of the file with these times, and was made so long after it that they can be trusted. */
  const isSettled = (db: DatabaseSync, stamp: string): boolean => {
    const row = db.prepare('SELECT mtime_ns, size, ino, indexed_at_ms FROM manifest_state').get() as
      | { mtime_ns: string; size: number; ino: string; indexed_at_ms: number }
      | undefined
    if (!row || stamp !== `${row.mtime_ns}:${row.size}:${row.ino}`) return false
    return Number(BigInt(row.mtime_ns) / 1_000_000n) < row.indexed_at_ms - racyWindowMs
  }

  const rebuild = () => {
    state.exclusive((db) => {
      const stat = statOrUndefined(file)
      const text = readManifestText(file)
      const manifest = text === undefined ? undefined : parseManifest(text, file)
      write(db, manifest, { digest: text === undefined ? '' : sha256(text), stat })
    })
  }

  /** @param input.changed - the only refs that differ from what the index holds; all are looked at when it is absent */
  const write = (
    db: DatabaseSync,
    manifest: Manifest | undefined,
    { digest, stat, changed }: { digest: string; stat: BigIntStats | undefined; changed?: ReadonlySet<string> },
  ) => {
    const assets = new Map(Object.entries(manifest?.assets ?? {}))
    const put = db.prepare('INSERT OR REPLACE INTO manifest_entries (ref, digest, spec_id, hash, entry) VALUES (?, ?, ?, ?, ?)')
    const drop = db.prepare('DELETE FROM manifest_entries WHERE ref = ?')
    const dropAliases = db.prepare('DELETE FROM manifest_aliases WHERE ref = ?')
    const putAlias = db.prepare('INSERT OR REPLACE INTO manifest_aliases (alias, ref) VALUES (?, ?)')
    for (const ref of changed ?? differing(db, assets)) {
      const entry = assets.get(ref)
      dropAliases.run(ref)
      if (!entry) {
        drop.run(ref)
        continue
      }
      const json = JSON.stringify(entry)
      put.run(ref, sha256(json), entry.source.type === 'spec' ? entry.source.specId : null, entry.hash ?? null, json)
      for (const alias of entry.aliases ?? []) putAlias.run(alias, ref)
    }
    const head: ManifestHead = { vocabulary: manifest?.vocabulary ?? {}, sequences: manifest?.sequences ?? {} }
    db.prepare(
      'INSERT OR REPLACE INTO manifest_state (id, mtime_ns, size, ino, digest, indexed_at_ms, head) VALUES (1, ?, ?, ?, ?, ?, ?)',
    ).run(
      String(stat?.mtimeNs ?? 0),
      Number(stat?.size ?? 0),
      String(stat?.ino ?? 0),
      digest,
      Date.now(),
      JSON.stringify(head),
    )
  }

  const fallback = (): Manifest | undefined => {
    const text = readManifestText(file)
    if (text === undefined) {
      inMemory = undefined
      return undefined
    }
    const digest = sha256(text)
    if (inMemory?.digest !== digest) inMemory = { digest, manifest: parseManifest(text, file) }
    return inMemory.manifest
  }

  const fromRow = (row: unknown) => {
    const found = row as { ref: string; entry: string } | undefined
    return found && { ref: found.ref, entry: JSON.parse(found.entry) as Entry }
  }
  const entriesOf = (manifest: Manifest | undefined) =>
    Object.entries(manifest?.assets ?? {}).map(([ref, entry]) => ({ ref, entry }))

  const made = (where: string, isMeant: (source: SpecSource) => boolean) => {
    const db = fresh()
    const entries = db
      ? statements.prepare(`SELECT ref, entry FROM manifest_entries WHERE ${where} ORDER BY ref`).all().map((row) => fromRow(row)!)
      : entriesOf(fallback())
    return entries.filter(({ entry: { source } }) => source.type === 'spec' && isMeant(source))
  }

  return {
    find(ref) {
      const db = fresh()
      if (!db) return entriesOf(fallback()).find((e) => e.ref === ref || e.entry.aliases?.includes(ref))
      return fromRow(
        statements.prepare('SELECT ref, entry FROM manifest_entries WHERE ref = ?').get(ref) ??
          statements
            .prepare(
              'SELECT e.ref, e.entry FROM manifest_aliases a JOIN manifest_entries e ON e.ref = a.ref WHERE a.alias = ?',
            )
            .get(ref),
      )
    },
    findBySpecId(specId) {
      const db = fresh()
      if (!db)
        return entriesOf(fallback()).find((e) => e.entry.source.type === 'spec' && e.entry.source.specId === specId)
      return fromRow(statements.prepare('SELECT ref, entry FROM manifest_entries WHERE spec_id = ?').get(specId))
    },
    madeFromSpecs: () => made('spec_id IS NOT NULL', () => true),
    madeFromTemplates: () =>
      // As in the index manifest_entries_template.
      made(`instr(entry, '"template":') > 0`, (source) => source.template !== undefined),
    refs() {
      const db = fresh()
      if (!db)
        return entriesOf(fallback())
          .map((e) => e.ref)
          .sort()
      return (db.prepare('SELECT ref FROM manifest_entries ORDER BY ref').all() as { ref: string }[]).map(
        (row) => row.ref,
      )
    },
    names() {
      const db = fresh()
      if (!db) return entriesOf(fallback()).flatMap((e) => [e.ref, ...(e.entry.aliases ?? [])])
      return (
        db.prepare('SELECT ref AS name FROM manifest_entries UNION SELECT alias FROM manifest_aliases').all() as {
          name: string
        }[]
      ).map((row) => row.name)
    },
    startingWith(prefix) {
      const db = fresh()
      if (!db)
        return entriesOf(fallback())
          .filter((e) => e.ref.startsWith(prefix))
          .sort((a, b) => (a.ref < b.ref ? -1 : 1))
      return db
        .prepare('SELECT ref, entry FROM manifest_entries WHERE substr(ref, 1, ?) = ? ORDER BY ref')
        .all(prefix.length, prefix)
        .map((row) => fromRow(row)!)
    },
    head() {
      const db = fresh()
      if (!db) {
        const manifest = fallback()
        return { vocabulary: manifest?.vocabulary ?? {}, sequences: manifest?.sequences ?? {} }
      }
      return JSON.parse((db.prepare('SELECT head FROM manifest_state').get() as { head: string }).head) as ManifestHead
    },
    digest() {
      const db = fresh()
      if (!db) {
        fallback()
        return inMemory?.digest ?? ''
      }
      return (db.prepare('SELECT digest FROM manifest_state').get() as { digest: string }).digest
    },
    record(db, manifest, { digest, digestBefore, changed }) {
      knownStamp = undefined
      const row = db.prepare('SELECT digest FROM manifest_state').get() as { digest: string } | undefined
      const follows = row?.digest === digestBefore
      write(db, manifest, { digest, stat: statOrUndefined(file), ...(follows && { changed }) })
    },
  }
}

/** Refs that the index does not hold as they are now, or holds and should not. */
function differing(db: DatabaseSync, assets: ReadonlyMap<string, Entry>): string[] {
  const rows = db.prepare('SELECT ref, digest FROM manifest_entries').all() as { ref: string; digest: string }[]
  const known = new Map(rows.map(({ ref, digest }) => [ref, digest]))
  const isSame = (ref: string, entry: Entry) => known.get(ref) === sha256(JSON.stringify(entry))
  const others = [...assets].filter(([ref, entry]) => !isSame(ref, entry)).map(([ref]) => ref)
  return [...others, ...[...known.keys()].filter((ref) => !assets.has(ref))]
}

function stampOf(stat: BigIntStats | undefined): string {
  return stat ? `${stat.mtimeNs}:${stat.size}:${stat.ino}` : ''
}

/** @throws MANIFEST_UNREADABLE */
function statOrUndefined(file: string): BigIntStats | undefined {
  try {
    return statSync(file, { bigint: true, throwIfNoEntry: false })
  } catch (cause) {
    throw manifestUnreadable({ file, why: (cause as Error).message }, { cause })
  }
}
