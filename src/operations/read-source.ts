import { readFileSync, realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { defineError } from '../core/errors.ts'
import type { ReadMedia, Workspace } from '../workspace.ts'

export const fileUnreadable = defineError('FILE_UNREADABLE', {
  summary: 'A named file does not exist, is no regular file or may not be read.',
  message: (d: { file: string; why: string }) => `${d.file} cannot be read: ${d.why}.`,
  hint: () => 'Check the path and its permissions.',
})
const linkLeaves = defineError('LINK_LEAVES_PROJECT', {
  summary: 'A symbolic link in the project leads out of it.',
  message: (d: { file: string }) => `${d.file} is a link that leads out of the project.`,
  hint: () => 'Name the file it points to, if that is what you mean.',
})
const fileTooLarge = defineError('FILE_TOO_LARGE', {
  summary: 'A file is larger than import allows.',
  message: (d: { file: string; sizeBytes: number; maxMb: number }) =>
    `${d.file} has ${(d.sizeBytes / 1e6).toFixed(1)} MB; the limit is ${d.maxMb} MB.`,
  hint: () => 'Make it smaller, or raise import.maxFileMb in the options.',
})

/** A media file that was read and lies, cleaned, ready to be placed by a manifest change. */
export interface StagedMedia {
  /** As the user named it. */
  file: string
  media: ReadMedia
  hash: string
  temporary: string
}

/**
 * The bytes of a file that the user names.
 * @param file - relative to the root, or absolute
 * @throws FILE_UNREADABLE, FILE_TOO_LARGE, LINK_LEAVES_PROJECT
 */
export function readSource(file: string, workspace: Workspace): Uint8Array {
  const path = resolve(workspace.options.root, file)
  const maxMb = workspace.options.import.maxFileMb
  try {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (!stat) throw fileUnreadable({ file, why: 'there is no such file' })
    if (!stat.isFile()) throw fileUnreadable({ file, why: 'it is no regular file' })
    if (stat.size > maxMb * 1e6) throw fileTooLarge({ file, sizeBytes: stat.size, maxMb })
    if (workspace.isInside(path) && !workspace.isInside(realpathSync(path))) throw linkLeaves({ file })
    return readFileSync(path)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause
    throw fileUnreadable({ file, why: (cause as Error).message }, { cause })
  }
}

/**
 * Read, check, clean and stage one media file.
 * @throws what {@link readSource}, reading media and staging throw
 */
export async function stageMedia(file: string, workspace: Workspace): Promise<StagedMedia> {
  const media = await workspace.readMedia(readSource(file, workspace), file)
  const hash = contentHash(media.bytes)
  return { file, media, hash, temporary: await workspace.stageBytes(media.bytes, hash) }
}
