import { readFileSync } from 'node:fs'
import { contentHash } from '../core/digest.ts'
import { isLfsPointer } from '../core/lfs-pointer.ts'
import { isSettled, stampOf, statOrUndefined } from './file-stamp.ts'
import type { StateDb } from './state-db.ts'
import { createStateUse } from './state-use.ts'

/** Digests of a project's files: a file is read when its times or size changed since, in whichever process. */
export interface FileHashes {
  /** Take over what the state database has of all files: for those who ask for many. */
  prime(): void
  /** @param file - relative to the root, with `/` @returns undefined when there is no such file */
  hashOf(file: string): string | undefined
  /** A Git LFS pointer holds the content it points to: that it was not fetched is for its reader to say. */
  holds(file: string, hash: string): boolean
  /** Write what was read since to the state database. */
  keep(): void
}

interface KnownFile {
  stamp: string
  checkedAtMs: number
  hash: string
  /** What a Git LFS pointer points to. */
  lfsHash: string | null
}

export function createFileHashes(input: {
  root: string
  state: StateDb
  onStateFault(error: unknown): void
}): FileHashes {
  const { root, state } = input
  const known = new Map<string, KnownFile>()
  const unkept = new Set<string>()
  let isPrimed = false
  const withState = createStateUse(input.onStateFault)

  const look = (file: string): KnownFile | undefined => {
    const path = `${root}/${file}`
    const stat = statOrUndefined(path)
    if (!stat?.isFile()) return undefined
    const stamp = stampOf(stat)
    const before = known.get(file)
    if (before?.stamp === stamp && isSettled(stat, before.checkedAtMs)) return before
    const checkedAtMs = Date.now()
    const bytes = readFileSync(path)
    const pointed = isLfsPointer(bytes) ? /oid (sha256:[0-9a-f]{64})/.exec(bytes.toString())?.[1] : undefined
    const found = { stamp, checkedAtMs, hash: contentHash(bytes), lfsHash: pointed ?? null }
    known.set(file, found)
    if (isSettled(stat, checkedAtMs)) unkept.add(file)
    return found
  }

  return {
    prime() {
      if (isPrimed) return
      isPrimed = true
      withState(() => {
        const rows = state.open().prepare('SELECT file, stamp, checked_at_ms, hash, lfs_hash FROM file_hashes')
        rows.setReturnArrays(true)
        for (const row of rows.iterate() as unknown as Iterable<[string, string, number, string, string | null]>) {
          const [file, stamp, checkedAtMs, hash, lfsHash] = row
          if (!known.has(file)) known.set(file, { stamp, checkedAtMs, hash, lfsHash })
        }
      })
    },
    hashOf: (file) => look(file)?.hash,
    holds(file, hash) {
      const found = look(file)
      return found !== undefined && (found.hash === hash || found.lfsHash === hash)
    },
    keep() {
      if (unkept.size === 0) return
      withState(() =>
        state.exclusive((db) => {
          const put = db.prepare(
            'INSERT OR REPLACE INTO file_hashes (file, stamp, checked_at_ms, hash, lfs_hash) VALUES (?, ?, ?, ?, ?)',
          )
          for (const file of unkept) {
            const { stamp, checkedAtMs, hash, lfsHash } = known.get(file)!
            put.run(file, stamp, checkedAtMs, hash, lfsHash)
          }
        }),
      )
      unkept.clear()
    },
  }
}
