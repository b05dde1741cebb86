import * as z from 'zod'
import type { MediaBytes, Sound } from '../../core/media.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { contentType, describeBody, jsonOf, type HttpAnswer } from '../http/answer.ts'
import { mediaBytesOf } from '../media/media-bytes.ts'
import { encodeWav } from '../media/wav-write.ts'

const samples = z.array(z.number()).min(1)
/** One channel, several, or a batch of one with several. */
const soundSchema = z.looseObject({
  generated_audio: z.union([
    samples.transform((one) => [one]),
    z.array(samples).min(1),
    z.tuple([z.array(samples).min(1)]).transform(([channels]) => channels),
  ]),
  sampling_rate: z.number().int().min(1000).max(192_000),
})
const answerSchema = z.union([soundSchema, z.tuple([soundSchema]).transform(([one]) => one)])

/**
 * The sound of an answer: audio bytes as they are, or samples in JSON, which some handlers send, as WAV.
 * @throws PROVIDER_BAD_OUTPUT
 */
export async function readSoundAnswer(provider: string, answer: HttpAnswer): Promise<MediaBytes> {
  if (contentType(answer) !== 'application/json') return mediaBytesOf(answer.bytes)
  const parsed = answerSchema.safeParse(jsonOf(answer))
  if (!parsed.success)
    throw providerFailure({ kind: 'bad-output', provider, message: `it answered with ${describeBody(answer)} and no sound` })
  const { generated_audio: channels, sampling_rate: sampleRateHz } = parsed.data
  const length = Math.min(...channels.map((channel) => channel.length))
  const sound: Sound = { channels: channels.map((channel) => Float32Array.from(channel.slice(0, length))), sampleRateHz }
  return { bytes: await encodeWav(sound, 16), mediaType: 'audio/wav' }
}
