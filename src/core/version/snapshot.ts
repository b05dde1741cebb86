import { canonicalJson, contentHash } from '../digest.ts'
import type { Entry } from '../manifest.ts'

/** One state of an asset with the bytes of its files. */
export interface VersionState {
  version: string
  /** As it stood in the manifest at that version. */
  entry: Entry
  /** An item's own file first; a picture's or sound's main file first. Paths are those of that time. */
  files: readonly VersionFile[]
}

export interface VersionFile {
  /** Relative to the project. */
  file: string
  hash: string
  /** @throws VERSION_BYTES_GONE when they are in no place that is known */
  read(): Promise<Uint8Array>
}

/** Members of an entry that tell of the history and are none of the state. */
const historyMembers = new Set(['version', 'modified', 'labels'])

/** What a version stands for: the entry but for version, time of change and labels. Files are in it by their digests. */
export function snapshotOf(entry: Entry): string {
  return canonicalJson(Object.fromEntries(Object.entries(entry).filter(([member]) => !historyMembers.has(member))))
}

/** The entry that a snapshot was taken of. Its labels are those of the present and not in it. */
export function entryOfSnapshot(text: string, version: string, modified: string): Entry {
  return { ...(JSON.parse(text) as Entry), version, modified }
}

export function snapshotDigest(snapshot: string): string {
  return contentHash(new TextEncoder().encode(snapshot))
}

/**
 * Whether two entries are the same to those who use the asset. Where its files stand and how they came to be is no
 * part of that: a file that is moved, or made again with the same bytes, is no new version.
 */
export function isSameContent(a: Entry, b: Entry): boolean {
  return contentText(a) === contentText(b)
}

function contentText(entry: Entry): string {
  // What a library item says stands in its files.
  if (entry.digest !== undefined) return entry.digest
  const { version: _version, modified: _modified, created: _created, labels: _labels, source: _source, file: _file, ...rest } = entry
  const formats = Object.entries(entry.formats ?? {}).map(([name, { file: _, ...format }]) => [name, format] as const)
  return canonicalJson({ ...rest, formats: Object.fromEntries(formats) })
}
