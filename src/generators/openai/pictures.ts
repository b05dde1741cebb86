import type { Job, Reference } from '../../core/job.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { detectMediaType } from '../media/detect-media-type.ts'
import { inspectMedia } from '../media/read-media.ts'

const megabyte = 1024 * 1024
const largestPictureMb = 50
const largestMaskMb = 4

/** The pictures of an edit, as files of a form. */
export interface EditPictures {
  image: File[]
  mask?: File
}

/**
 * Read what an edit works on and check what the API would refuse.
 * @throws PROVIDER_REJECTED for a reference that is no png, webp or jpeg, or too large, and a mask that does not fit
 */
export async function readEditPictures(references: Job['references']): Promise<EditPictures> {
  const pictures = await Promise.all(references.filter(({ role }) => role === 'reference').map(readPicture))
  const maskOf = references.find(({ role }) => role === 'mask')
  const image = pictures.map(({ file }) => file)
  if (!maskOf) return { image }
  const mask = await readPicture(maskOf)
  const first = pictures[0]
  const bad = (problem: string) => rejected(`the mask ${maskOf.path} ${problem}`)
  if (mask.file.type !== 'image/png') throw bad(`is ${mask.file.type}, and must be a PNG`)
  if (mask.file.size >= largestMaskMb * megabyte) throw bad(`is not below ${largestMaskMb} MB`)
  if (!mask.facts.hasAlpha) throw bad('has no transparency, which says what may be changed')
  const wanted = first ? sizeText(first.facts) : 'is missing'
  if (mask.facts.widthPx !== first?.facts.widthPx || mask.facts.heightPx !== first?.facts.heightPx)
    throw bad(`has ${sizeText(mask.facts)} pixels, and the first reference ${wanted}`)
  return { image, mask: mask.file }
}

async function readPicture(reference: Reference) {
  const bytes = new Uint8Array(await reference.read())
  const format = await detectMediaType(bytes)
  if (!format || !['image/png', 'image/webp', 'image/jpeg'].includes(format.mediaType))
    throw rejected(`${reference.path} is ${format?.mediaType ?? 'of no known type'}; references are png, webp or jpeg`)
  if (bytes.length >= largestPictureMb * megabyte)
    throw rejected(`${reference.path} is not below ${largestPictureMb} MB`)
  const name = reference.path.slice(reference.path.lastIndexOf('/') + 1)
  return { file: new File([bytes], name, { type: format.mediaType }), facts: (await inspectMedia(bytes, format)).facts }
}

const sizeText = (facts: { widthPx?: number; heightPx?: number }) => `${facts.widthPx}x${facts.heightPx}`

function rejected(message: string) {
  return providerFailure({ kind: 'rejected', provider: 'openai', message })
}
