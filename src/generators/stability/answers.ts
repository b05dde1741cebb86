import * as z from 'zod'
import type { MediaBytes } from '../../core/media.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { contentType, jsonOf, type HttpAnswer } from '../http/answer.ts'
import { mediaBytesOf } from '../media/media-bytes.ts'

interface Answer {
  bytes: Uint8Array
  finishReason: string | undefined
  seed: number | undefined
}

const jsonAnswer = z.looseObject({
  image: z.string(),
  finish_reason: z.string().optional(),
  seed: z.number().optional(),
})

/**
 * The picture of an answer with status 200, as bytes with facts in headers or as JSON.
 * A picture that the filter has blurred is an answer like any other there; it is not charged, and is none here.
 * @throws PROVIDER_REJECTED when the filter stepped in, PROVIDER_BAD_OUTPUT
 */
export async function readAnswer(answer: HttpAnswer): Promise<{ output: MediaBytes; seed?: number }> {
  const { bytes, finishReason, seed } = contentType(answer) === 'application/json' ? fromJson(answer) : fromBytes(answer)
  if (finishReason !== undefined && finishReason !== 'SUCCESS')
    throw providerFailure({
      kind: 'rejected',
      provider: 'stability',
      message: `the picture was held back (${finishReason})`,
      hint: 'The content filter stepped in; nothing is charged. Reword the prompt, or try another seed.',
    })
  return { output: await mediaBytesOf(bytes), ...(seed !== undefined && { seed }) }
}

function fromBytes({ bytes, headers }: HttpAnswer): Answer {
  const seed = headers.get('seed')
  return {
    bytes,
    finishReason: headers.get('finish-reason')?.toUpperCase(),
    seed: seed !== null && /^\d+$/.test(seed) ? Number(seed) : undefined,
  }
}

function fromJson(answer: HttpAnswer): Answer {
  const parsed = jsonAnswer.safeParse(jsonOf(answer))
  if (!parsed.success)
    throw providerFailure({ kind: 'bad-output', provider: 'stability', message: 'the answer has no picture' })
  const { image, finish_reason, seed } = parsed.data
  return { bytes: new Uint8Array(Buffer.from(image, 'base64')), finishReason: finish_reason?.toUpperCase(), seed }
}
