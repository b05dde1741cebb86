import * as z from 'zod'
import { formatOfExtension, formatOfMediaType, type MediaBytes, type Sound } from '../../../core/media.ts'
import { readSoundFile, type SoundFileFacts } from '../../media/inspect-sound.ts'
import { integratedLoudnessLufs, peakDb, rmsDb } from '../../media/loudness.ts'
import { quantityOption } from '../../quantity-option.ts'
import type { Check, Checks, Measurement } from '../asked-checks.ts'

/** What a check may look at; files are encoded only when a check asks for them. */
export interface Measured {
  sound: Sound
  /** What would be written, first encoding first. */
  files(): Promise<readonly MediaBytes[]>
}

const check = <B>(definition: Check<Measured, B>) => definition as unknown as Check<Measured, unknown>

type Range = readonly [min: number, max: number]
const rangeOf = (item: z.ZodType<number>) =>
  z.tuple([item, item]).refine(([min, max]) => min <= max, 'the first number must not be above the second')

const within = (measured: number, [min, max]: Range, unit: string, digits: number): Measurement => ({
  ok: measured >= min && measured <= max,
  measured: `${measured.toFixed(digits)} ${unit}`,
  bound: `${min === -Infinity ? 'at most' : `${min} to`} ${max} ${unit}`,
})

const db = quantityOption('decibels', { min: -120, max: 24 })
const lufs = quantityOption('loudness', { min: -70, max: 0 })
const kbps = quantityOption('bitrate', { min: 1, max: 20_000 })
const bytes = quantityOption('bytes', { min: 0 })

/** A level that was reached by calculation may miss its bound by this much through rounding. */
const levelToleranceDb = 0.05
/** How far from a single target loudness may lie. */
const loudnessToleranceLu = 1
/** Tolerance of a single bitrate: of constant-bitrate files, and of others, whose rate follows the sound. */
const constantBitrateTolerance = 0.02
const variableBitrateTolerance = 0.25

/** A file for the web: not above this, and not larger than uncompressed sound of its length would be. */
const reasonableMaxBytes = 10 * 1024 * 1024
const reasonableMinBytes = 128
const uncompressedBytesPerSecond = 48_000 * 2 * 4
const headerBytes = 4096

const firstFile = async ({ files }: Measured) => (await files())[0]!
const secondsOf = (sound: Sound) => sound.channels[0]!.length / sound.sampleRateHz
const extensionOf = (file: MediaBytes) => formatOfMediaType(file.mediaType)?.extension ?? file.mediaType

function kbpsOf(file: MediaBytes, facts: SoundFileFacts): number {
  return facts.bitrateKbps ?? (file.bytes.length * 8) / (facts.frames / facts.sampleRateHz) / 1000
}

const largest = (files: readonly MediaBytes[]) => Math.max(...files.map((file) => file.bytes.length))
const smallest = (files: readonly MediaBytes[]) => Math.min(...files.map((file) => file.bytes.length))

/** Every check by its name in the spec. */
export const soundChecks: Checks<Measured> = new Map([
  [
    'duration_range',
    check<Range>({
      summary: 'Length within [seconds, seconds].',
      bound: rangeOf(quantityOption('seconds', { min: 0 })),
      measure: async ({ sound }, bound) => within(secondsOf(sound), bound, 's', 3),
    }),
  ],
  [
    'format',
    check<string>({
      summary: 'The first file is of this format.',
      bound: z
        .string()
        .refine((name) => formatOfExtension(name)?.kind === 'audio', 'a sound format: mp3, ogg, wav or flac'),
      measure: async (measured, bound) => {
        const found = extensionOf(await firstFile(measured))
        return { ok: formatOfExtension(bound)?.extension === found, measured: found, bound }
      },
    }),
  ],
  [
    'bitrate',
    check<number | Range>({
      summary: 'The first file has this bitrate, or one within [from, to].',
      bound: z.union([kbps, rangeOf(kbps)]),
      measure: async (measured, bound) => {
        const file = await firstFile(measured)
        const facts = await readSoundFile(file.bytes)
        const found = kbpsOf(file, facts)
        if (typeof bound !== 'number') return within(found, bound, 'kbit/s', 1)
        const tolerance = facts.constantBitrate ? constantBitrateTolerance : variableBitrateTolerance
        return {
          ok: Math.abs(found - bound) <= bound * tolerance,
          measured: `${found.toFixed(1)} kbit/s`,
          bound: `${bound} kbit/s ± ${tolerance * 100} %`,
        }
      },
    }),
  ],
  [
    'sample_rate',
    check<number>({
      summary: 'The first file has this sample rate.',
      bound: quantityOption('hertz', { min: 1 }),
      measure: async (measured, bound) => {
        const { sampleRateHz } = await readSoundFile((await firstFile(measured)).bytes)
        return { ok: sampleRateHz === bound, measured: `${sampleRateHz} Hz`, bound: `${bound} Hz` }
      },
    }),
  ],
  [
    'peak',
    check<number | Range>({
      summary: 'The loudest sample is at most this, or within [from, to], in dBFS.',
      bound: z.union([db, rangeOf(db)]),
      measure: async ({ sound }, bound) => {
        const [min, max] = typeof bound === 'number' ? [-Infinity, bound] : bound
        const found = peakDb(sound)
        const ok = found >= min - levelToleranceDb && found <= max + levelToleranceDb
        return { ...within(found, [min, max], 'dBFS', 2), ok }
      },
    }),
  ],
  [
    'loudness',
    check<number | Range>({
      summary: 'Integrated loudness is this (± 1 LU), or within [from, to], in LUFS.',
      bound: z.union([lufs, rangeOf(lufs)]),
      measure: async ({ sound }, bound) => {
        const range: Range =
          typeof bound === 'number' ? [bound - loudnessToleranceLu, bound + loudnessToleranceLu] : bound
        const found = integratedLoudnessLufs(sound)
        if (found !== undefined) return within(found, range, 'LUFS', 1)
        return {
          ...within(0, range, 'LUFS', 1),
          ok: false,
          measured: `nothing: under 400 ms (${secondsOf(sound).toFixed(3)} s)`,
        }
      },
    }),
  ],
  [
    'file_size_reasonable',
    check<undefined>({
      summary: 'Every file is neither next to nothing nor larger than a web page should load.',
      measure: async ({ sound, files }) => {
        const sizes = await files()
        const max = Math.min(reasonableMaxBytes, Math.ceil(headerBytes + secondsOf(sound) * uncompressedBytesPerSecond))
        const measured = largest(sizes) > max ? largest(sizes) : smallest(sizes)
        return {
          ok: measured >= reasonableMinBytes && measured <= max,
          measured: `${measured} bytes`,
          bound: `${reasonableMinBytes} to ${max} bytes`,
        }
      },
    }),
  ],
  [
    'min_bytes',
    check<number>({
      summary: 'Every file has at least so many bytes.',
      bound: bytes,
      measure: async ({ files }, bound) => {
        const measured = smallest(await files())
        return { ok: measured >= bound, measured: `${measured} bytes`, bound: `at least ${bound} bytes` }
      },
    }),
  ],
  [
    'max_bytes',
    check<number>({
      summary: 'Every file has at most so many bytes.',
      bound: bytes,
      measure: async ({ files }, bound) => {
        const measured = largest(await files())
        return { ok: measured <= bound, measured: `${measured} bytes`, bound: `at most ${bound} bytes` }
      },
    }),
  ],
  [
    'not_blank',
    check<undefined>({
      summary: 'Something can be heard.',
      measure: async ({ sound }) => ({
        ok: peakDb(sound) > -60 && rmsDb(sound) > -75,
        measured: `peak ${peakDb(sound).toFixed(1)} dBFS, mean ${rmsDb(sound).toFixed(1)} dBFS`,
        bound: 'peak above -60 dBFS, mean above -75 dBFS',
      }),
    }),
  ],
])
