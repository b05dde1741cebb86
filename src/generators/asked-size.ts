import type { JobRequest } from '../core/job.ts'
import type { MediaBytes } from '../core/media.ts'
import type { Step } from '../core/spec-instance.ts'
import { readHeader } from './media/picture-header.ts'

/** Steps whose options count pixels of the picture that they are given. */
const inPixels = new Set(['resize', 'crop', 'extend', 'trim', 'composite', 'outline', 'pixelate', 'sprite-sheet'])
/** Bringing these to a size would take the drawing or the movement out of them. */
const leftAsTheyAre = new Set(['image/svg+xml', 'image/gif'])

/**
 * The steps of a job whose provider made pictures of another size than the spec asks for, as it may where its models
 * have sizes of their own: brought to the asked size first, cropped where the shape differs. A spec whose first
 * measure is a `resize` says so itself.
 * @throws PICTURE_UNREADABLE, PICTURE_TOO_LARGE
 */
export async function stepsToAskedSize(
  request: Pick<JobRequest, 'type' | 'widthPx' | 'heightPx'>,
  steps: readonly Step[],
  outputs: readonly MediaBytes[],
): Promise<readonly Step[]> {
  const { type, widthPx, heightPx } = request
  if (type !== 'image' || !widthPx || !heightPx) return steps
  if (steps.find(({ action }) => inPixels.has(action))?.action === 'resize') return steps
  const headers = await Promise.all(outputs.map(({ bytes }) => readHeader(bytes)))
  if (headers.some(({ mediaType }) => leftAsTheyAre.has(mediaType))) return steps
  if (headers.every((made) => made.widthPx === widthPx && made.heightPx === heightPx)) return steps
  return [{ action: 'resize', dimensions: `${widthPx}x${heightPx}` }, ...steps]
}
