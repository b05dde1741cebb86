import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { defineError } from '../core/errors.ts'
import type { FoundAsset } from '../core/find-asset.ts'
import { recordedFiles, type Entry } from '../core/manifest.ts'
import { foldedName, nameCollision } from '../core/names.ts'
import type { Workspace } from '../workspace.ts'
import { readAssetFile } from './asset-change.ts'
import { toRow } from './entry-row.ts'
import { packBytes } from './package.ts'

const exportExists = defineError('EXPORT_EXISTS', {
  summary: 'A file of the same name with other content stands in the export folder.',
  message: (d: { file: string }) => `${d.file} exists already with other content.`,
  hint: () => 'Pass --force to write over it, or export to another folder.',
  exit: 5,
})
const exportShared = defineError('EXPORT_SHARED_NAME', {
  summary: 'Two assets that were exported together have files of one name.',
  message: (d: { ref: string; other: string; file: string }) => `${d.ref} and ${d.other} both have a file ${d.file}.`,
  hint: () => 'Export them to folders of their own, or as zip.',
  exit: 5,
})
const exportWrite = defineError('EXPORT_WRITE_FAILED', {
  summary: 'The operating system refused to write an exported file.',
  message: (d: { file: string; why: string }) => `${d.file} could not be written: ${d.why}.`,
  hint: () => 'Free disk space or mend the permissions, then run the command again.',
})

export const exportFormats = ['files', 'json', 'zip'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** One file to be written, its bytes checked. */
export interface Copy {
  /** Absolute. */
  target: string
  bytes: Uint8Array
  modifiedMs?: number
}

/** What an asset becomes in a folder, its content checked against the manifest. */
export async function copiesOf(
  found: FoundAsset,
  dir: string,
  format: ExportFormat,
  workspace: Workspace,
): Promise<{ content: Copy[]; metadata: Copy }> {
  const at = (extension: string) => join(dir, `${stemOf(found.ref)}.${extension}`)
  const metadata = { target: at('json'), bytes: metadataBytes(found, workspace) }
  if (format === 'json') return { content: [], metadata }
  if (format === 'zip') return { content: [{ target: at('zip'), bytes: await zipOf(found, workspace) }], metadata }
  return { content: fileCopies(found, dir, workspace), metadata }
}

/** The one file that an asset becomes: its metadata, or a zip that holds them too. @param target - ends in .json or .zip */
export async function singleCopy(
  found: FoundAsset,
  target: string,
  workspace: Workspace,
): Promise<{ content: Copy[]; metadata?: Copy }> {
  if (extname(target).toLowerCase() === '.zip') return { content: [{ target, bytes: await zipOf(found, workspace) }] }
  return { content: [], metadata: { target, bytes: metadataBytes(found, workspace) } }
}

export function metadataOf({ ref, entry }: FoundAsset, workspace: Workspace) {
  return { ...toRow(ref, entry), exported: workspace.timestamp() }
}

function metadataBytes(found: FoundAsset, workspace: Workspace): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(metadataOf(found, workspace), null, 2)}\n`)
}

function zipOf(found: FoundAsset, workspace: Workspace): Promise<Uint8Array> {
  return packBytes([found], { name: stemOf(found.ref), version: found.entry.version }, workspace)
}

/** The asset's own file is called as the asset, with its formats; content files keep the names that the item knows. */
function fileCopies({ ref, entry }: FoundAsset, dir: string, workspace: Workspace): Copy[] {
  const contents = new Set(entry.files?.map(({ file }) => file))
  return recordedFiles(entry).map(({ file, hash }) => {
    const { bytes, path } = readAssetFile(ref, { ...entry, file, hash }, workspace)
    const name = contents.has(file) ? nameBeside(entry, file) : `${stemOf(ref)}${extname(file)}`
    return { target: join(dir, name), bytes, modifiedMs: statSync(path).mtimeMs }
  })
}

const nameBeside = (entry: Entry, file: string) => file.slice(dirname(entry.file!).length + 1)

const stemOf = (ref: string) => ref.replaceAll('/', '-')

/** Writes the files of assets one asset after the other. */
export function createCopyWriter(workspace: Workspace, force: boolean): { write(ref: string, copies: readonly Copy[]): void } {
  /** Names in a folder by their folded spelling. */
  const folders = new Map<string, Map<string, string>>()
  const namesIn = (folder: string) => {
    const known = folders.get(folder) ?? new Map((existsSync(folder) ? readdirSync(folder) : []).map((name) => [foldedName(name), name]))
    folders.set(folder, known)
    return known
  }
  const claimed = new Map<string, { ref: string; hash: string }>()

  /** @throws NAME_COLLISION, EXPORT_SHARED_NAME, EXPORT_EXISTS */
  const requireDistinct = (ref: string, { target, bytes }: Copy) => {
    const name = basename(target)
    const names = namesIn(dirname(target))
    const first = names.get(foldedName(name))
    if (first !== undefined && first !== name) throw nameCollision({ name, first })
    names.set(foldedName(name), name)
    const hash = contentHash(bytes)
    const earlier = claimed.get(target)
    if (earlier && earlier.hash !== hash) throw exportShared({ ref, other: earlier.ref, file: name })
    claimed.set(target, { ref, hash })
    if (earlier || force || !existsSync(target)) return
    // Metadata bears the time of the export; ours from an earlier one is written anew.
    const isOurs = contentHash(readFileSync(target)) === hash || (name.endsWith('.json') && isMetadata(target, ref))
    if (!isOurs) throw exportExists({ file: target })
  }

  return {
    /** All files of one asset or, when one of them fails, none that was not there before. @throws EXPORT_WRITE_FAILED */
    write(ref, copies) {
      for (const copy of copies) requireDistinct(ref, copy)
      const made: string[] = []
      for (const { target, bytes, modifiedMs } of copies) {
        const isNew = !existsSync(target)
        try {
          workspace.writeVerified(target, bytes, modifiedMs)
        } catch (cause) {
          for (const one of made) rmSync(one, { force: true })
          throw exportWrite({ file: target, why: (cause as Error).message }, { cause })
        }
        if (isNew) made.push(target)
      }
    },
  }
}

function isMetadata(file: string, ref: string): boolean {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as { ref?: unknown; exported?: unknown }
    return content.ref === ref && typeof content.exported === 'string'
  } catch {
    return false
  }
}
