import { defineError } from '../../core/errors.ts'
import { didYouMean } from '../../core/near.ts'

export const soundUnknown = defineError('SOUND_UNKNOWN', {
  summary: 'Bytes that should be a sound are of no sound type that Assetloom reads.',
  message: (d: { found: string }) => `This is no sound that Assetloom can read: ${d.found}.`,
  hint: () => 'Sounds are wav, mp3, ogg (Vorbis) or flac. Convert the file to one of them.',
})

export const soundEmpty = defineError('SOUND_EMPTY', {
  summary: 'A sound has no samples.',
  message: (d: { format: string }) => `The ${d.format} holds no samples: it is zero seconds long.`,
  hint: () => 'Export or generate it again.',
})

export const soundTruncated = defineError('SOUND_TRUNCATED', {
  summary: 'A sound file ends before its content does.',
  message: (d: { format: string; reason: string }) => `The ${d.format} is cut short: ${d.reason}.`,
  hint: () => 'Download, export or generate it again.',
})

export const soundDamaged = defineError('SOUND_DAMAGED', {
  summary: 'A sound file contradicts itself or its format.',
  message: (d: { format: string; reason: string }) => `The ${d.format} is damaged: ${d.reason}.`,
  hint: () => 'Download, export or generate it again.',
})

export const soundUnsupported = defineError('SOUND_UNSUPPORTED', {
  summary: 'A sound uses a feature of its format that Assetloom does not read or write.',
  message: (d: { format: string; feature: string }) => `The ${d.format} uses ${d.feature}, which is not supported.`,
  hint: () => 'Convert it to 16-bit PCM wav, mp3, ogg (Vorbis) or flac with one or two channels.',
})

export const soundOverLimit = defineError('SOUND_OVER_LIMIT', {
  summary: 'A sound is longer, larger or has more channels than Assetloom decodes.',
  message: (d: { what: string; measured: string; limit: string }) =>
    `The sound has ${d.measured} ${d.what}; the limit is ${d.limit}.`,
  hint: () => 'Cut the sound, or lower its sample rate or its number of channels.',
})

export const soundFormatUnwritable = defineError('SOUND_FORMAT_UNWRITABLE', {
  summary: 'A sound is asked for in a format that cannot be written.',
  message: (d: { format: string; known: readonly string[] }) =>
    `A sound cannot be written as ${JSON.stringify(d.format)}.`,
  hint: (d) => `${didYouMean(d.format, d.known) ?? ''} Formats are ${d.known.join(', ')}.`.trim(),
  exit: 2,
})
