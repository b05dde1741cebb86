import * as z from 'zod'
import type { MediaBytes } from '../../core/media.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { downloadResult } from '../http/download.ts'
import { mediaBytesOf } from '../media/media-bytes.ts'
import type { Usage } from './prices.ts'

/** A number that may be missing or null, as some compatible servers have it. */
const count = z.number().nullish().transform((value) => value ?? undefined)
const usage = z.looseObject({
  input_tokens: count,
  input_tokens_details: z
    .looseObject({ text_tokens: count, image_tokens: count })
    .nullish()
    .transform((value) => value ?? undefined),
  output_tokens: count,
})
const optionalUsage = usage.nullish().catch(undefined)

const picture = z.looseObject({
  b64_json: z.string().nullish(),
  /** Of compatible servers only. */
  url: z.string().nullish(),
  revised_prompt: z.string().nullish(),
})
const wholeAnswer = z.looseObject({ data: z.array(picture).min(1), usage: optionalUsage })

const streamedPicture = z.looseObject({
  type: z.string(),
  b64_json: z.string().optional(),
  partial_image_index: z.number().optional(),
  usage: optionalUsage,
})

export interface Answer {
  outputs: MediaBytes[]
  usage: Usage | undefined
  revisedPrompt?: string
}

/** The pictures of a whole answer. @throws PROVIDER_BAD_OUTPUT */
export async function readAnswer(body: unknown, signal: AbortSignal): Promise<Answer> {
  const parsed = wholeAnswer.safeParse(body)
  if (!parsed.success) throw bad('the answer has no pictures')
  const { data } = parsed.data
  const revisedPrompt = data[0]!.revised_prompt
  const outputs = data.map(async ({ b64_json, url }) => {
    if (b64_json) return pictureOf(b64_json)
    if (!url) throw bad('a picture is missing from the answer')
    const { bytes } = await downloadResult({ provider: 'openai', url, signal })
    return mediaBytesOf(bytes)
  })
  return {
    outputs: await Promise.all(outputs),
    usage: parsed.data.usage ?? undefined,
    ...(revisedPrompt && { revisedPrompt }),
  }
}

/**
 * The picture at the end of a stream.
 * @param partials - pictures that come before it at most; each is a step of progress
 * @throws PROVIDER_BAD_OUTPUT when the stream ends without one
 */
export async function readStream(
  events: AsyncIterable<unknown>,
  partials: number,
  onProgress: ((fraction: number) => void) | undefined,
): Promise<Answer> {
  for await (const one of events) {
    const event = streamedPicture.safeParse(one)
    if (!event.success) continue
    const { type, b64_json, partial_image_index, usage: used } = event.data
    if (type.endsWith('.partial_image') && partial_image_index !== undefined)
      onProgress?.((partial_image_index + 1) / (partials + 1))
    if (type.endsWith('.completed') && b64_json)
      return { outputs: [await pictureOf(b64_json)], usage: used ?? undefined }
  }
  throw bad('the stream ended without a picture')
}

async function pictureOf(base64: string): Promise<MediaBytes> {
  return mediaBytesOf(new Uint8Array(Buffer.from(base64, 'base64')))
}

function bad(message: string) {
  return providerFailure({ kind: 'bad-output', provider: 'openai', message })
}
