import * as z from 'zod'
import { providerFailure } from '../../core/provider-failure.ts'
import { mediaBytesOf } from '../media/media-bytes.ts'
import type { FireflyApi } from './api.ts'
import type { FireflyCall, ReferenceUse } from './call.ts'

const mediaTypes = ['image/jpeg', 'image/png', 'image/webp']

/** A reference that was read and may be sent. */
export interface InputPicture {
  use: ReferenceUse
  bytes: Uint8Array<ArrayBuffer>
  mediaType: string
}

/** Read the references of a call. @throws PROVIDER_REJECTED for one that the API takes no pictures of */
export function readInputs(inputs: FireflyCall['inputs']): Promise<InputPicture[]> {
  return Promise.all(
    inputs.map(async ({ use, reference }) => {
      const bytes = new Uint8Array(await reference.read())
      const { mediaType } = await mediaBytesOf(bytes)
      if (mediaTypes.includes(mediaType)) return { use, bytes, mediaType }
      throw providerFailure({
        kind: 'rejected',
        provider: 'firefly',
        message: `${reference.path} is ${mediaType}; references are ${mediaTypes.join(', ')}`,
      })
    }),
  )
}

const uploadAnswer = z.looseObject({ images: z.array(z.looseObject({ id: z.string().min(1) })).min(1) })

/** Upload references and put their ids into the body. Uploads cost nothing. */
export async function withUploads(
  api: FireflyApi,
  body: FireflyCall['body'],
  pictures: readonly InputPicture[],
  signal: AbortSignal,
): Promise<FireflyCall['body']> {
  const whole = { ...body }
  for (const { use, bytes, mediaType } of pictures) {
    const { images } = await api.ask(
      { url: api.at('/v2/storage/image'), headers: { 'content-type': mediaType }, body: bytes, signal, isFree: true },
      uploadAnswer,
    )
    whole[use] = { ...whole[use], imageReference: { source: { uploadId: images[0]!.id } } }
  }
  return whole
}
