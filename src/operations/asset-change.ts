import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { assetFileChanged, assetFileMissing, assetFilePointer } from '../core/asset-errors.ts'
import { contentHash } from '../core/digest.ts'
import { defineError } from '../core/errors.ts'
import { isLfsPointer } from '../core/lfs-pointer.ts'
import { measuredMembers, type Entry } from '../core/manifest.ts'
import { formatOfMediaType, type MediaFormat } from '../core/media.ts'
import { categoryFolder } from '../core/vocabulary.ts'
import { nextVersion, type VersionStep } from '../core/version-step.ts'
import { contentMembers } from '../workspace/media-members.ts'
import type { ReadMedia, Workspace } from '../workspace.ts'
import { fileUnreadable } from './read-source.ts'

export const fileExists = defineError('FILE_EXISTS', {
  summary: 'A file that is to be written exists already and belongs to something else.',
  message: (d: { file: string; canForce?: boolean }) => `${d.file} exists already and is not written over.`,
  hint: (d) => (d.canForce ? 'Move it away, or give --force to write over it.' : 'Move or delete it first.'),
  exit: 5,
})

export const noFile = defineError('ASSET_WITHOUT_FILE', {
  summary: 'Something was asked of an asset that only an asset with a file can give.',
  message: (d: { ref: string; kind: string }) => `${d.ref} is of kind ${d.kind} and has no file of its own.`,
  hint: () => 'Name an asset that has a file: assetloom list shows them.',
  exit: 2,
})

export const changedMeanwhile = defineError('ASSET_CHANGED_MEANWHILE', {
  summary: 'Another process changed the asset while it was worked on.',
  message: (d: { ref: string }) => `${d.ref} was changed by another process meanwhile; nothing was written.`,
  hint: () => 'Run the command again.',
  exit: 5,
})

/** Make an entry describe new content: what only the old content had goes. */
export function describeContent(entry: Entry, media: ReadMedia, hash: string): void {
  for (const member of measuredMembers) delete entry[member]
  Object.assign(entry, contentMembers(media, hash))
}

/** Count a change of an asset: the next version and the time. */
export function recordChange(entry: Entry, workspace: Workspace, step: VersionStep = 'patch'): void {
  entry.version = nextVersion(entry.version, step)
  entry.modified = workspace.timestamp()
}

/**
 * The file of an asset as the manifest records it.
 * @throws ASSET_WITHOUT_FILE, ASSET_FILE_MISSING, FILE_UNREADABLE, ASSET_FILE_POINTER, ASSET_FILE_CHANGED
 */
export function readAssetFile(
  ref: string,
  entry: Entry,
  workspace: Workspace,
): { bytes: Uint8Array; path: string; format: MediaFormat | undefined } {
  if (!entry.file) throw noFile({ ref, kind: entry.kind })
  const { file } = entry
  const path = resolve(workspace.options.root, file)
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw assetFileMissing({ ref, file }, { cause })
    throw fileUnreadable({ file, why: (cause as Error).message }, { cause })
  }
  if (isLfsPointer(bytes)) throw assetFilePointer({ ref, file })
  if (entry.hash && contentHash(bytes) !== entry.hash) throw assetFileChanged({ ref, file })
  return { bytes, path, format: entry.mediaType ? formatOfMediaType(entry.mediaType) : undefined }
}

/** Where the file of a token belongs: `assets/<category>/TOKEN.ext`, relative to the root. */
export function standardFile(workspace: Workspace, category: string, token: string, extension: string): string {
  return `${workspace.options.assetsDir}/${categoryFolder(category)}/${token}.${extension}`
}

/** The same path with another extension. */
export function withExtension(file: string, extension: string): string {
  return `${file.replace(/\.[^./]*$/, '')}.${extension}`
}

/**
 * Refuse to place a file where another one lies.
 * @param file - relative to the root
 * @throws FILE_EXISTS
 */
export function requireFree(file: string, workspace: Workspace): void {
  if (existsSync(resolve(workspace.options.root, file))) throw fileExists({ file })
}

/**
 * Write types and constants after a change that stands. Their failure is told, but does not fail the change:
 * they are written again by the next command, by dev and by build.
 */
export async function refreshSources(workspace: Workspace): Promise<void> {
  try {
    await workspace.writeDerivedSources()
  } catch (error) {
    const { message, hint, code } = error as Error & { hint?: string; code?: string }
    workspace.log.write({
      event: 'SOURCES_NOT_WRITTEN',
      level: 'warn',
      subsystem: 'types',
      message: `Types and constants were not written: ${message}`,
      hint: hint ?? 'Run assetloom types when it is mended.',
      ...(code && { code }),
    })
  }
}
