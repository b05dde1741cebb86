import { byCodeUnit } from '../code-text.ts'
import { contentHash } from '../digest.ts'
import type { FieldConflict, ThreeWay } from './merge-fields.ts'
import { mergeText, type TextConflict } from './merge-text.ts'
import { textIn } from './text-lines.ts'

/** Where the two sides cannot be joined: a field, lines of a file, or a file as a whole (by its digests). */
export type MergeConflict =
  | (FieldConflict & { path?: string })
  | (TextConflict & { path: string })
  | { path: string; base: string | null; ours: string | null; theirs: string | null }

/** A merged file; `bytes` is absent when it is gone. */
export type MergedFile = { bytes: Uint8Array | undefined; conflicts: readonly [] } | { bytes?: undefined; conflicts: readonly MergeConflict[] }

/**
 * Merge one file. Texts merge line by line; what is no text, and what one side took away and the other changed, is a
 * conflict once both sides differ from the base.
 * @param sides - absent where a side does not have the file
 */
export function mergeFile(path: string, { base, ours, theirs }: ThreeWay<Uint8Array | undefined>): MergedFile {
  const whole = isSame(ours, theirs) || isSame(theirs, base) ? { bytes: ours } : isSame(ours, base) ? { bytes: theirs } : undefined
  if (whole) return { ...whole, conflicts: [] }
  const texts = ours && theirs && { base: textIn(base ?? new Uint8Array()), ours: textIn(ours), theirs: textIn(theirs) }
  if (!texts || texts.base === undefined || texts.ours === undefined || texts.theirs === undefined) {
    const hash = (bytes: Uint8Array | undefined) => (bytes ? contentHash(bytes) : null)
    return { conflicts: [{ path, base: hash(base), ours: hash(ours), theirs: hash(theirs) }] }
  }
  const merged = mergeText({ base: texts.base, ours: texts.ours, theirs: texts.theirs })
  if (merged.text === undefined) return { conflicts: merged.conflicts.map((conflict) => ({ path, ...conflict })) }
  return { bytes: new TextEncoder().encode(merged.text), conflicts: [] }
}

/**
 * Merge files by path.
 * @param merge - how one file is merged; {@link mergeFile} unless a kind of file has its own way
 */
export function mergeFiles(
  sides: ThreeWay<ReadonlyMap<string, Uint8Array>>,
  merge: typeof mergeFile = mergeFile,
): { files: Map<string, Uint8Array>; conflicts: MergeConflict[] } {
  const paths = new Set([...sides.base.keys(), ...sides.ours.keys(), ...sides.theirs.keys()])
  const files = new Map<string, Uint8Array>()
  const conflicts: MergeConflict[] = []
  for (const path of [...paths].sort(byCodeUnit)) {
    const merged = merge(path, { base: sides.base.get(path), ours: sides.ours.get(path), theirs: sides.theirs.get(path) })
    conflicts.push(...merged.conflicts)
    if (merged.bytes) files.set(path, merged.bytes)
  }
  return { files, conflicts }
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
