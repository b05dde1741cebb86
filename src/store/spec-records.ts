import { readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { sha256 } from '../core/digest.ts'
import type { AssetloomError } from '../core/errors.ts'
import type { SpecInstance } from '../core/spec-instance.ts'
import { maxSpecBytes } from '../core/spec-invalid.ts'
import { specFormat, type Template } from '../core/spec.ts'
import { isSettled, stampOf, statOrUndefined } from './file-stamp.ts'
import type { StateDb } from './state-db.ts'
import { createStateUse } from './state-use.ts'

/** What one spec file holds. */
export interface SpecRecord {
  stamp: string
  checkedAtMs: number
  digest: string
  instances: SpecInstance[]
  templates: Template[]
  /** Templates that the file's specs use, as they were when the file was expanded. */
  uses: Record<string, { digest: string; file: string }>
  fault?: AssetloomError
  /** Templates that a file with a fault means to hold. */
  brokenTemplates?: string[]
}

/** What is known of spec files from before, kept in the state database. */
export interface SpecRecords extends Pick<Map<string, SpecRecord>, 'get' | 'set'> {
  /** Take over what the state database has of all files. */
  prime(): void
  /** Take over what the state database has of one file. */
  primeOne(file: string): void
  /**
   * How the file on the disk is to the one the record was made from. touched: the same bytes with other times, which
   * the record has from now on.
   */
  compare(file: string): 'same' | 'touched' | 'changed'
  /** Forget files that are not on the disk. @param known - files that are @returns the forgotten ones */
  forgetGone(known: ReadonlySet<string>): string[]
  /** Write records without fault to the state database, and take those of gone files out. */
  keep(changed: Iterable<string>, gone: readonly string[]): void
  /** Absolute; that of a shipped file lies in the package. */
  pathOf(file: string): string
}

/** Stands before the path of a template that ships with Assetloom. */
export const shippedPrefix = 'assetloom/'

const columns = 'path, stamp, checked_at_ms, digest, content'
type Row = [path: string, stamp: string, checkedAtMs: number, digest: string, content: string]

/**
 * @param input.toolVersion - a record made by another version of Assetloom does not count
 * @param input.shippedFolder - absolute; holds the specs that ship with Assetloom
 */
export function createSpecRecords(input: {
  root: string
  shippedFolder: string | undefined
  state: StateDb
  toolVersion: string
  onStateFault(error: unknown): void
}): SpecRecords {
  const { root, state, shippedFolder } = input
  const format = `${input.toolVersion}:${specFormat}`
  const records = new Map<string, SpecRecord>()
  let isPrimed = false
  const withState = createStateUse(input.onStateFault)

  const pathOf = (file: string): string => {
    if (file.startsWith(shippedPrefix) && shippedFolder) return join(shippedFolder, file.slice(shippedPrefix.length))
    return isAbsolute(file) ? file : `${root}/${file}`
  }

  return {
    get: (file) => records.get(file),
    set: (file, record) => records.set(file, record),
    prime() {
      if (isPrimed) return
      isPrimed = true
      withState(() => {
        const query = state.open().prepare(`SELECT ${columns} FROM spec_files WHERE format = ?`)
        query.setReturnArrays(true)
        // Row by row: all texts at once would keep the garbage collector busy longer than the parsing takes.
        for (const row of query.iterate(format) as unknown as Iterable<Row>)
          if (!records.has(row[0])) records.set(row[0], recordOf(row))
      })
    },
    primeOne(file) {
      if (isPrimed || records.has(file)) return
      withState(() => {
        const query = state.open().prepare(`SELECT ${columns} FROM spec_files WHERE path = ? AND format = ?`)
        query.setReturnArrays(true)
        const row = query.get(file, format) as unknown as Row | undefined
        if (row) records.set(file, recordOf(row))
      })
    },
    compare(file) {
      const record = records.get(file)
      const stat = statOrUndefined(pathOf(file))
      if (!record || !stat) return 'changed'
      const stamp = stampOf(stat)
      if (record.stamp === stamp && isSettled(stat, record.checkedAtMs)) return 'same'
      if (stat.size > maxSpecBytes || sha256(readFileSync(pathOf(file))) !== record.digest) return 'changed'
      record.stamp = stamp
      record.checkedAtMs = Date.now()
      return 'touched'
    },
    forgetGone(known) {
      const gone = [...records.keys()].filter((file) => !known.has(file) && !statOrUndefined(pathOf(file)))
      for (const file of gone) records.delete(file)
      return gone
    },
    keep(changed, gone) {
      const files = [...changed].filter((file) => records.get(file) && !records.get(file)!.fault)
      if (files.length === 0 && gone.length === 0) return
      withState(() =>
        state.exclusive((db) => {
          const put = db.prepare(
            'INSERT OR REPLACE INTO spec_files (path, format, stamp, checked_at_ms, digest, content) VALUES (?, ?, ?, ?, ?, ?)',
          )
          for (const file of files) {
            const { stamp, checkedAtMs, digest, instances, templates, uses } = records.get(file)!
            put.run(file, format, stamp, checkedAtMs, digest, JSON.stringify({ instances, templates, uses }))
          }
          const drop = db.prepare('DELETE FROM spec_files WHERE path = ?')
          for (const file of gone) drop.run(file)
        }),
      )
    },
    pathOf,
  }
}

function recordOf([, stamp, checkedAtMs, digest, content]: Row): SpecRecord {
  const { instances, templates, uses } = JSON.parse(content) as Pick<SpecRecord, 'instances' | 'templates' | 'uses'>
  return { stamp, checkedAtMs, digest, instances, templates, uses }
}
