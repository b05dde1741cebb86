import type { MediaBytes } from '../../core/media.ts'
import { detectMediaType } from './detect-media-type.ts'

/** Bytes of a server with the type that they show; whoever takes them refuses those of no known one. */
export async function mediaBytesOf(bytes: Uint8Array): Promise<MediaBytes> {
  const format = await detectMediaType(bytes)
  return { bytes, mediaType: format?.mediaType ?? 'application/octet-stream' }
}
