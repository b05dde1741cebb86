import { isAssetloomError } from '../core/errors.ts'
import type { ThreeWay } from '../core/version/merge-fields.ts'
import { mergeFile, mergeFiles, type MergeConflict, type MergedFile } from '../core/version/merge-files.ts'
import { textIn } from '../core/version/text-lines.ts'
import type { LibraryFiles, ReadItem } from '../store/library-files.ts'

export type { MergeConflict, ThreeWay }

/** The merged files of a library item, checked, or what both sides changed. */
export type MergedItem =
  | { read: ReadItem; files: ReadonlyMap<string, Uint8Array>; conflicts: readonly [] }
  | { read?: undefined; files?: undefined; conflicts: readonly MergeConflict[] }

/**
 * Merge a library item with its content files. Its own file is merged line by line and, where that does not serve, field
 * by field; its version is no part of that.
 * @param input.file - the item's own file, relative to the project
 * @param input.sides - bytes by name within the item's folder
 * @param input.version - of the merged item
 * @throws ITEM_INVALID when both sides fit together and the result is no valid item
 */
export async function mergeItem(
  library: LibraryFiles,
  { file, sides, version }: { file: string; sides: ThreeWay<ReadonlyMap<string, Uint8Array>>; version: string },
): Promise<MergedItem> {
  const own = file.slice(file.lastIndexOf('/') + 1)
  const folder = file.slice(0, file.length - own.length)
  const at = async (files: ReadonlyMap<string, Uint8Array>) => {
    const bytes = files.get(own)
    return bytes && (await library.edited(file, { version }, bytes))
  }
  const texts = { base: await at(sides.base), ours: await at(sides.ours), theirs: await at(sides.theirs) }
  const withOwn = async (mergedOwn: MergedFile): Promise<MergedItem> => {
    const { files, conflicts } = mergeFiles(sides, (name, one) => (name === own ? mergedOwn : mergeFile(name, one)))
    if (conflicts.length > 0) return { conflicts: conflicts.map((one) => ('path' in one && one.path !== undefined ? { ...one, path: folder + one.path } : one)) }
    const contents = new Map([...files].filter(([name]) => name !== own))
    return { read: await library.check(file, files.get(own)!, contents), files, conflicts: [] }
  }
  const byLine = mergeFile(own, texts)
  if (byLine.conflicts.length === 0) {
    try {
      return await withOwn(byLine)
    } catch (error) {
      // Lines that fit need not make sense together: both may have added the same field.
      if (!isAssetloomError(error) || error.code !== 'ITEM_INVALID') throw error
    }
  }
  return withOwn((await byField(own, texts)) ?? byLine)
}

/** Nothing when a side is no text at all. */
async function byField(own: string, { base, ours, theirs }: ThreeWay<Uint8Array | undefined>): Promise<MergedFile | undefined> {
  const texts = { base: base ? textIn(base) : '', ours: ours && textIn(ours), theirs: theirs && textIn(theirs) }
  if (texts.base === undefined || texts.ours === undefined || texts.theirs === undefined) return undefined
  const { mergeItemFields } = await import('../store/merge-item-text.ts')
  const { text, conflicts } = mergeItemFields({ base: texts.base, ours: texts.ours, theirs: texts.theirs })
  return text === undefined
    ? { conflicts: conflicts.map((conflict) => ({ path: own, ...conflict })) }
    : { bytes: new TextEncoder().encode(text), conflicts: [] }
}
