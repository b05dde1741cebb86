import { z } from 'zod'
import { parseQuantity } from '../../core/quantity.ts'
import type { Encoding } from '../../core/ports.ts'
import { soundEncodingInvalid } from './sound-errors.ts'

/** Constant bitrates of MPEG-1 layer III, for 32 kHz and above, in kbit/s. */
export const mp3BitratesKbps = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320] as const

const bitrate = z.unknown().transform((value, context) => {
  const kbps = value === undefined ? 192 : parseQuantity(value, 'bitrate', 'The mp3 bitrate')
  if ((mp3BitratesKbps as readonly number[]).includes(kbps)) return kbps
  context.addIssue({ code: 'custom', message: `${kbps} kbit/s is none of ${mp3BitratesKbps.join(', ')}` })
  return z.NEVER
})

const optionsOf = {
  wav: z.strictObject({
    /** Bits of a sample; 32 is floating point, the others are integers. */
    bits: z.union([z.literal(16), z.literal(24), z.literal(32)]).default(16),
  }),
  mp3: z.strictObject({
    /** Constant bitrate in kbit/s, also as `192k`. @default 192 */
    bitrate: bitrate.optional().transform((kbps) => kbps ?? 192),
  }),
  ogg: z.strictObject({
    /** Vorbis quality, -1 (about 45 kbit/s) to 10 (about 500 kbit/s). */
    quality: z.number().min(-1).max(10).default(5),
  }),
}

export type SoundEncodingFormat = keyof typeof optionsOf
export type SoundEncodingOptions<F extends SoundEncodingFormat> = z.output<(typeof optionsOf)[F]>

/** Formats that can be written. */
export const soundEncodingFormats = Object.keys(optionsOf) as SoundEncodingFormat[]

/**
 * The encoding with every option written out: what it resolves to, it also accepts.
 * wav: `bits` 16, 24 or 32 (float), default 16. mp3: `bitrate` in kbit/s or as "192k", default 192. ogg: `quality` -1 to
 * 10, default 5.
 *
 * @param format - `wav`, `mp3` or `ogg`
 * @throws SOUND_ENCODING_INVALID for another format, an unknown option or a value out of range
 * @throws QUANTITY_INVALID for a bitrate that is no number
 */
export function resolveSoundEncoding(format: string, options: Record<string, unknown> = {}): Encoding {
  const known = soundEncodingFormats.find((name) => name === format)
  if (!known)
    throw soundEncodingInvalid({
      reason: `Sounds cannot be written as ${JSON.stringify(format)}; the formats are ${soundEncodingFormats.join(', ')}.`,
    })
  const parsed = optionsOf[known].safeParse(options)
  if (parsed.success) return { format: known, options: parsed.data }
  const issue = parsed.error.issues[0]!
  const allowed = Object.keys(optionsOf[known].shape).join(', ')
  throw soundEncodingInvalid({
    reason:
      issue.code === 'unrecognized_keys'
        ? `${known} has no option ${issue.keys.join(', ')}; it has: ${allowed}.`
        : `${known} ${issue.path.join('.')}: ${issue.message}.`,
  })
}

/** The options of a resolved encoding, typed. @throws SOUND_ENCODING_INVALID */
export function soundEncodingOptions<F extends SoundEncodingFormat>(format: F, encoding: Encoding): SoundEncodingOptions<F> {
  return resolveSoundEncoding(format, encoding.options).options as SoundEncodingOptions<F>
}
