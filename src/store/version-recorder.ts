import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { isSameValue } from '../core/json-value.ts'
import { filesOf, recordedFiles, type Entry, type Manifest } from '../core/manifest.ts'
import { mainBranch, type HistoryLine } from '../core/version/history-line.ts'
import { isSameContent, snapshotDigest, snapshotOf } from '../core/version/snapshot.ts'
import type { HistoryFiles } from './history-files.ts'
import type { VersionBlobs } from './version-blobs.ts'

/** What who makes a change says of it. */
export interface ChangeNote {
  message?: string | undefined
  /** The version that is merged into the present one. */
  merged?: string | undefined
  /**
   * The change only follows what a person did to the files: an item keeps its version until somebody records the next
   * one. The version that it had stays what it was.
   */
  isHandEdit?: boolean
}

/** A change of the manifest that is about to be carried out. */
export interface PendingChange {
  before: Manifest['assets']
  after: Manifest['assets']
  /** Absolute paths. */
  placed: readonly { temporary: string; target: string }[]
  removed: readonly string[]
  note: ChangeNote
}

/** Keeps what a change takes away, and tells of the versions that it makes. */
export interface VersionRecorder {
  /**
   * Keep the bytes that the change replaces, and those of new states.
   * @returns `removed`: history files of assets that go; `append`: writes the lines once the manifest stands, never throws
   * @throws HISTORY_CONFLICT, HISTORY_DAMAGED, WRITE_FAILED, and what the disk says
   */
  prepare(change: PendingChange): { removed: string[]; append(): void }
}

export function createVersionRecorder(input: {
  root: string
  history: HistoryFiles
  blobs: VersionBlobs
  author: string | undefined
  now(): string
  onFault(error: unknown): void
}): VersionRecorder {
  const { root, history, blobs } = input

  /** Keep the bytes of a file as they are; one that is not there has none. */
  const keepFile = (path: string) => {
    if (existsSync(path)) blobs.keep(readFileSync(path))
  }
  /** Keep the files of a state that lie ready, or were written by hand. */
  const keepState = (entry: Entry, temporaries: ReadonlyMap<string, string>) => {
    for (const { file, hash } of recordedFiles(entry)) {
      if (hash === undefined || blobs.isKept(hash)) continue
      const target = join(root, file)
      const path = temporaries.get(target) ?? target
      const bytes = existsSync(path) ? readFileSync(path) : undefined
      if (bytes && contentHash(bytes) === hash) blobs.keep(bytes, hash)
    }
  }
  const keepText = (text: string) => blobs.keep(new TextEncoder().encode(text))
  const lineOf = (entry: Entry, before: Entry, { message, merged }: ChangeNote): HistoryLine => ({
    version: entry.version,
    digest: keepText(snapshotOf(entry)),
    date: input.now(),
    branch: mainBranch,
    parent: before.version,
    ...(input.author !== undefined && { author: input.author }),
    ...(message !== undefined && { message }),
    ...(merged !== undefined && { merged }),
  })

  return {
    prepare({ before, after, placed, removed, note }) {
      const temporaries = new Map(placed.map(({ temporary, target }) => [target, temporary]))
      const { changed, added, gone } = differences(before, after)
      const owned = new Set([...changed.map((one) => one.before), ...gone.map((one) => one.entry)].flatMap(filesOf).map((file) => join(root, file)))
      for (const { target } of placed) keepFile(target)
      for (const target of removed) if (owned.has(target)) keepFile(target)

      for (const entry of added) keepState(entry, temporaries)
      const lines: { ref: string; lines: HistoryLine[] }[] = []
      const formers: { ref: string; lines: HistoryLine[] }[] = []
      for (const one of changed) {
        const isRecorded = note.isHandEdit !== true || one.before.version !== one.after.version
        if (isRecorded) keepState(one.after, temporaries)
        const earlier = history.read(one.wasRef)
        const isKnown = earlier.some(({ version, branch }) => branch === mainBranch && version === one.before.version)
        const former = isKnown ? [] : [madeUpLine(one.before, earlier, keepText)]
        if (one.wasRef === one.ref && former.length > 0) formers.push({ ref: one.ref, lines: former })
        lines.push({
          ref: one.ref,
          lines: [
            ...(one.wasRef === one.ref ? [] : [...earlier, ...former]),
            ...(isRecorded ? [lineOf(one.after, one.before, note)] : []),
          ],
        })
      }
      blobs.flush()
      // Before the manifest names the next one: only the last version can be made up.
      for (const former of formers) history.append(former.ref, former.lines)
      const dropped = [...gone.map(({ ref }) => ref), ...changed.flatMap(({ ref, wasRef }) => (ref === wasRef ? [] : [wasRef]))]
      return {
        removed: dropped.map(history.fileOf).filter((file) => existsSync(file)),
        append() {
          for (const one of lines) {
            try {
              history.append(one.ref, one.lines)
            } catch (error) {
              input.onFault(error)
            }
          }
        },
      }
    },
  }
}

/**
 * The line of the present state when none was written: the asset never changed, or a crash came between manifest and
 * history.
 * @param keep - keeps the snapshot and gives its hash; absent: the hash alone
 */
export function madeUpLine(
  entry: Entry,
  lines: readonly HistoryLine[],
  keep: (snapshot: string) => string = snapshotDigest,
): HistoryLine {
  const parent = lines.findLast(({ branch }) => branch === mainBranch)?.version
  return {
    version: entry.version,
    digest: keep(snapshotOf(entry)),
    date: entry.modified,
    branch: mainBranch,
    ...(parent !== undefined && { parent }),
  }
}

interface Changed {
  ref: string
  /** Another one when the asset got another token. */
  wasRef: string
  before: Entry
  after: Entry
}

/** What is new, what is gone, and what became another version. */
function differences(before: Manifest['assets'], after: Manifest['assets']) {
  const gone = new Map(Object.entries(before).filter(([ref]) => !Object.hasOwn(after, ref)))
  const goneBySpec = new Map([...gone].flatMap(([ref, { source }]) => (source.type === 'spec' ? [[source.specId, ref] as const] : [])))
  const changed: Changed[] = []
  const added: Entry[] = []
  for (const [ref, entry] of Object.entries(after)) {
    const wasRef = Object.hasOwn(before, ref) ? ref : entry.source.type === 'spec' ? goneBySpec.get(entry.source.specId) : undefined
    if (wasRef === undefined) {
      added.push(entry)
      continue
    }
    const was = before[wasRef]!
    gone.delete(wasRef)
    if (wasRef !== ref || was.version !== entry.version || !(isSameValue(was, entry) || isSameContent(was, entry)))
      changed.push({ ref, wasRef, before: was, after: entry })
  }
  return { changed, added, gone: [...gone].map(([ref, entry]) => ({ ref, entry })) }
}
