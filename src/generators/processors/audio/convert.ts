import * as z from 'zod'
import { isAssetloomError } from '../../../core/errors.ts'
import type { AudioProcessor, Encoding } from '../../../core/ports.ts'
import { resolveSoundEncoding } from '../../media/sound-encoding.ts'

const formatName = z.string().transform((name) => name.trim().toLowerCase().replace(/^\./, ''))

/** Which format an encoder option belongs to. */
const formatOfOption = { bitrate: 'mp3', quality: 'ogg', bits: 'wav' } as const

const options = z
  .strictObject({
    format: formatName.optional().describe('One format: `mp3`, `ogg` or `wav`.'),
    formats: z
      .array(formatName)
      .min(1)
      .optional()
      .describe("Several: the first is the asset's own file, the others stand beside it."),
    bitrate: z.union([z.number(), z.string()]).optional().describe('mp3: kbit/s, also as `192k`. Default 192.'),
    quality: z.number().optional().describe('ogg: -1 to 10. Default 5.'),
    bits: z.number().optional().describe('wav: 16, 24 or 32 (floating point). Default 16.'),
  })
  .superRefine((given, context) => {
    try {
      const problem = problemOf(given)
      if (problem) context.addIssue({ code: 'custom', message: problem })
      else encodingsOf(given)
    } catch (error) {
      if (!isAssetloomError(error)) throw error
      context.addIssue({ code: 'custom', message: [error.message, error.hint].filter(Boolean).join(' ') })
    }
  })
type Options = z.output<typeof options>

export const convert: AudioProcessor<Options> = {
  media: 'audio',
  action: 'convert',
  version: 1,
  summary: 'Choose the file formats: mp3 with a bitrate, ogg with a quality, wav with bits.',
  options,
  run: async (state, given) => ({ ...state, encodings: encodingsOf(given) }),
}

const formatsOf = (given: Options) => given.formats ?? (given.format === undefined ? [] : [given.format])

function problemOf(given: Options): string | undefined {
  const formats = formatsOf(given)
  if (given.format !== undefined && given.formats !== undefined) return 'give either `format` or `formats`'
  if (formats.length === 0) return 'convert needs `format` or `formats`: mp3, ogg or wav'
  if (new Set(formats).size < formats.length) return `formats names one twice: ${formats.join(', ')}`
  for (const [option, format] of Object.entries(formatOfOption))
    if (given[option as keyof typeof formatOfOption] !== undefined && !formats.includes(format))
      return `${option} is an option of ${format}, which is none of ${formats.join(', ')}`
  return undefined
}

function encodingsOf(given: Options): Encoding[] {
  return formatsOf(given).map((format) => {
    const own = Object.entries(formatOfOption)
      .filter(([option, owner]) => owner === format && given[option as keyof typeof formatOfOption] !== undefined)
      .map(([option]) => [option, given[option as keyof typeof formatOfOption]])
    return resolveSoundEncoding(format, Object.fromEntries(own))
  })
}
