import * as z from 'zod'
import { byteSize } from '../core/value-representation.ts'
import { defineOperation } from './operation.ts'
import { isText, readContent } from './read-content.ts'

/** A part is no longer than this: more fits in no context. */
const mostBytes = 1_000_000

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('Token, id or alias; with @version as it was then.'),
    offset: z.number().int().min(0).default(0).describe('The byte to begin at.'),
    limit: z.number().int().min(1).max(mostBytes).default(64_000).describe('Most bytes.'),
  }),
  output: z.object({
    ref: z.string(),
    version: z.string(),
    mediaType: z.string(),
    hash: z.string(),
    size: z.number().int().describe('Of all of it, in bytes.'),
    offset: z.number().int(),
    text: z.string().optional().describe('The part, of a text.'),
    base64: z.string().optional().describe('The part, of anything else.'),
    next: z.number().int().optional().describe('The offset of what follows; absent at the end.'),
  }),
  positional: ['ref'],
  effect: 'read',
  example: 'assetloom content ai-prompts/content/product-description',
  async run({ ref: name, offset, limit }, { workspace }) {
    const { ref, version, hash, mediaType, bytes } = await readContent(name, workspace)
    const isRead = isText(mediaType)
    const end = isRead ? characterEnd(bytes, offset + limit) : Math.min(offset + limit, bytes.length)
    const part = Buffer.from(bytes.subarray(offset, end))
    return {
      ref,
      version,
      mediaType,
      hash,
      size: bytes.length,
      offset,
      ...(isRead ? { text: part.toString('utf8') } : { base64: part.toString('base64') }),
      ...(end < bytes.length && { next: end }),
    }
  },
  present: ({ ref, mediaType, size, text }) => text ?? `${ref}  ${mediaType}, ${byteSize(size)}; --json gives it as base64, assetloom export the file`,
})

/** The end of a part of UTF-8, so that no character is cut; the first of them is given whole. */
function characterEnd(bytes: Uint8Array, wanted: number): number {
  let end = Math.min(wanted, bytes.length)
  while (end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end++
  return end
}
