import type { MediaBytes, Sound } from '../../core/media.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { contentType, type HttpAnswer } from '../http/answer.ts'
import { encodeWav } from '../media/wav-write.ts'
import { mediaBytesOf } from '../media/media-bytes.ts'

/* Formats that Assetloom can read. The API also has opus_…, ulaw_… and alaw_…; they are not offered. */
const mp3Formats = [
  'mp3_22050_32',
  'mp3_24000_48',
  'mp3_44100_32',
  'mp3_44100_64',
  'mp3_44100_96',
  'mp3_44100_128',
  'mp3_44100_192',
] as const
const rates = [8000, 16000, 22050, 24000, 32000, 44100, 48000] as const
const pcmFormats = rates.map((rate) => `pcm_${rate}` as const)
const wavFormats = rates.map((rate) => `wav_${rate}` as const)

export const soundFormats = [...mp3Formats, ...pcmFormats]
/** How many channels its pcm has is not documented, so music has none. */
export const musicFormats = [
  ...mp3Formats,
  'mp3_48000_128',
  'mp3_48000_192',
  'mp3_48000_240',
  'mp3_48000_320',
] as const
export const speechFormats = [...mp3Formats, ...pcmFormats, ...wavFormats]

/** In every plan. */
export const defaultFormat = 'mp3_44100_128'

/**
 * The media of an answer. Headerless pcm becomes a WAV with the same samples.
 * @throws PROVIDER_BAD_OUTPUT for pcm that is none
 */
export async function readSoundAnswer(answer: HttpAnswer, format: string): Promise<MediaBytes> {
  const rate = /^pcm_(\d+)$/.exec(format)?.[1]
  if (rate === undefined) return mediaBytesOf(answer.bytes)
  const bad = (message: string) => providerFailure({ kind: 'bad-output', provider: 'elevenlabs', message })
  // Any bytes can be taken for samples, so what the answer says of itself decides.
  const type = contentType(answer)
  if (type !== '' && type !== 'application/octet-stream' && !type.startsWith('audio/'))
    throw bad(`it answered with ${type}, and ${format} was asked`)
  if (answer.bytes.length === 0 || answer.bytes.length % 2 !== 0) throw bad('the samples of its answer are cut off')
  return { bytes: await encodeWav(soundOfPcm(answer.bytes, Number(rate)), 16), mediaType: 'audio/wav' }
}

/** Signed 16-bit little-endian samples of one channel. */
function soundOfPcm(bytes: Uint8Array, sampleRateHz: number): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const samples = Float32Array.from({ length: bytes.length / 2 }, (_, i) => view.getInt16(i * 2, true) / 32_768)
  return { channels: [samples], sampleRateHz }
}
