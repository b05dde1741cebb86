import * as z from 'zod'
import type { Encoding } from '../../core/ports.ts'
import { quantityOption } from '../quantity-option.ts'
import { requireOptions } from '../strict-options.ts'
import { soundFormatUnwritable } from './sound-errors.ts'

/** Constant bitrates of MPEG-1 layer III, for 32 kHz and above, in kbit/s. */
const mp3BitratesKbps = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320] as const

const isMp3Bitrate = (kbps: number) => (mp3BitratesKbps as readonly number[]).includes(kbps)

const optionsOf = {
  wav: z.strictObject({
    /** Bits of a sample; 32 is floating point, the others are integers. */
    bits: z.union([z.literal(16), z.literal(24), z.literal(32)]).default(16),
  }),
  mp3: z.strictObject({
    /** Constant bitrate in kbit/s, also as `192k`. @default 192 */
    bitrate: quantityOption('bitrate')
      .refine(isMp3Bitrate, `kbit/s is one of ${mp3BitratesKbps.join(', ')}`)
      .default(192),
  }),
  ogg: z.strictObject({
    /** Vorbis quality, -1 (about 45 kbit/s) to 10 (about 500 kbit/s). */
    quality: z.number().min(-1).max(10).default(5),
  }),
}

export type SoundEncodingFormat = keyof typeof optionsOf
export type SoundEncodingOptions<F extends SoundEncodingFormat> = z.output<(typeof optionsOf)[F]>

/** Formats that can be written. */
const soundEncodingFormats = Object.keys(optionsOf) as SoundEncodingFormat[]

/**
 * The encoding with every option written out: what it resolves to, it also accepts.
 * wav: `bits` 16, 24 or 32 (float), default 16. mp3: `bitrate` in kbit/s or as "192k", default 192. ogg: `quality`
 * -1 to 10, default 5.
 *
 * @param format - `wav`, `mp3` or `ogg`
 * @throws SOUND_FORMAT_UNWRITABLE for another format
 * @throws OPTION_INVALID for an unknown option or a value out of range
 */
export function resolveSoundEncoding(format: string, options: Record<string, unknown> = {}): Encoding {
  const known = soundEncodingFormats.find((name) => name === format)
  if (!known) throw soundFormatUnwritable({ format, known: soundEncodingFormats })
  const schema: z.ZodType<Record<string, unknown>> = optionsOf[known]
  return { format: known, options: requireOptions(schema, options, `the ${known} encoder`) }
}

/** The options of a resolved encoding, typed. @throws OPTION_INVALID */
export function soundEncodingOptions<F extends SoundEncodingFormat>(
  format: F,
  encoding: Encoding,
): SoundEncodingOptions<F> {
  return resolveSoundEncoding(format, encoding.options).options as SoundEncodingOptions<F>
}
