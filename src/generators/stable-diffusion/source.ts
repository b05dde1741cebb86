import type { Job, Reference } from '../../core/job.ts'
import { isAssetloomError } from '../../core/errors.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { readHeader } from '../media/picture-header.ts'
import { openBytes } from '../media/sharp.ts'
import type { Size } from '../transform/target-size.ts'
import { madeSize, usualSize } from './call.ts'

/** Longest side that is asked for because a reference has it. */
const longestSidePx = 2048

/**
 * The reference and the mask of a job, both brought to the size of the picture, which without an asked one is that of
 * the reference. A mask with transparency may be changed where it is clear, one without where it is white.
 * @throws PROVIDER_REJECTED for a file that is no picture
 */
export async function readSource(
  references: Job['references'],
  asked: Size | undefined,
): Promise<{ size: Size; image?: Uint8Array; mask?: Uint8Array }> {
  const reference = references.find(({ role }) => role === 'reference')
  const mask = references.find(({ role }) => role === 'mask')
  if (!reference) return { size: asked ?? usualSize }
  return reading(reference, async (bytes) => {
    const size = asked ?? sizeLike(await readHeader(bytes))
    const image = await covering(bytes, size).removeAlpha().png().toBuffer()
    return { size, image, ...(mask && { mask: await reading(mask, (found) => grayMask(found, size)) }) }
  })
}

function sizeLike({ widthPx, heightPx }: Size): Size {
  const scale = Math.min(1, longestSidePx / Math.max(widthPx, heightPx))
  return madeSize({ widthPx: Math.floor(widthPx * scale), heightPx: Math.floor(heightPx * scale) })
}

async function grayMask(bytes: Uint8Array, size: Size): Promise<Uint8Array> {
  const { hasAlpha } = await openBytes(bytes).metadata()
  const image = covering(bytes, size)
  return (hasAlpha ? image.extractChannel('alpha').negate() : image.grayscale()).png().toBuffer()
}

function covering(bytes: Uint8Array, { widthPx, heightPx }: Size) {
  return openBytes(bytes).autoOrient().resize(widthPx, heightPx, { fit: 'cover' })
}

async function reading<T>(reference: Reference, read: (bytes: Uint8Array) => Promise<T>): Promise<T> {
  const bytes = await reference.read()
  try {
    return await read(bytes)
  } catch (error) {
    const message = `${reference.path} cannot be read as a picture`
    throw isAssetloomError(error) && error.code.startsWith('PROVIDER_')
      ? error
      : providerFailure({ kind: 'rejected', provider: 'stable-diffusion', message }, error)
  }
}
