import type { Reference } from '../../core/job.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { detectMediaType } from '../media/detect-media-type.ts'

const mebibyte = 1024 * 1024
/** Of a whole request; the other fields are small beside the picture. */
const largestRequestMb = 10

/**
 * The picture to change, as a file of a form.
 * @throws PROVIDER_REJECTED for one that the API would refuse
 */
export async function readReference(reference: Reference): Promise<File> {
  const bytes = new Uint8Array(await reference.read())
  const format = await detectMediaType(bytes)
  if (!format || !['image/png', 'image/webp', 'image/jpeg'].includes(format.mediaType))
    throw rejected(`${reference.path} is ${format?.mediaType ?? 'of no known type'}; references are png, webp or jpeg`)
  if (bytes.length >= largestRequestMb * mebibyte)
    throw rejected(`${reference.path} is not below ${largestRequestMb} MiB`)
  return new File([bytes], `reference.${format.extension}`, { type: format.mediaType })
}

function rejected(message: string) {
  return providerFailure({ kind: 'rejected', provider: 'stability', message })
}
