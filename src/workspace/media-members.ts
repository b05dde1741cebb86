import type { ReadMedia } from '../workspace.ts'

/** Members of an entry that say what its file holds. */
export function contentMembers(media: ReadMedia, hash: string) {
  const { kind, mediaType, ...measured } = media.facts
  return { kind, hash, size: media.bytes.length, mediaType, ...measured }
}
