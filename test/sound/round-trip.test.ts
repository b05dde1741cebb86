import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/core/digest.ts'
import type { AssetloomError } from '../../src/core/errors.ts'
import { decodeSound } from '../../src/generators/media/decode-sound.ts'
import { encodeSound } from '../../src/generators/media/encode-sound.ts'
import { inspectSound, readSoundFile } from '../../src/generators/media/inspect-sound.ts'
import { resolveSoundEncoding } from '../../src/generators/media/sound-encoding.ts'
import { largestDifference, sine, writeFlac } from './sounds.ts'

const cases = [
  { format: 'wav', options: {}, tolerance: 1 / 32768, mediaType: 'audio/wav' },
  { format: 'wav', options: { bits: 24 }, tolerance: 1 / 8388608, mediaType: 'audio/wav' },
  { format: 'wav', options: { bits: 32 }, tolerance: 0, mediaType: 'audio/wav' },
  { format: 'mp3', options: { bitrate: '192k' }, tolerance: 0.03, mediaType: 'audio/mpeg' },
  { format: 'mp3', options: { bitrate: 64 }, tolerance: 0.05, mediaType: 'audio/mpeg' },
  { format: 'ogg', options: { quality: 6 }, tolerance: 0.03, mediaType: 'audio/ogg' },
]

describe.each(cases)('$format $options', ({ format, options, tolerance, mediaType }) => {
  it.each([1, 2])('comes back with %i channel(s), in place and of the same length', async (channels) => {
    const sound = sine(440, 1.234, { channels })
    const encoded = await encodeSound(sound, resolveSoundEncoding(format, options))
    expect(encoded.mediaType).toBe(mediaType)
    const decoded = await decodeSound(encoded.bytes)
    expect(decoded.sampleRateHz).toBe(44_100)
    expect(decoded.channels).toHaveLength(channels)
    expect(decoded.channels[0]!.length).toBe(sound.channels[0]!.length)
    expect(largestDifference(sound, decoded)).toBeLessThanOrEqual(tolerance)
    expect(await inspectSound(encoded.bytes)).toEqual({
      mediaType,
      kind: 'audio',
      durationMs: 1234,
      sampleRateHz: 44_100,
      channels,
    })
  })

  it('gives the same bytes twice', async () => {
    const encode = async () => (await encodeSound(sine(300, 0.7), resolveSoundEncoding(format, options))).bytes
    expect(sha256(await encode())).toBe(sha256(await encode()))
  })
})

describe('encodeSound', () => {
  it('gives the same bytes in another process', async () => {
    const program = `
      const { encodeSound } = await import('./src/generators/media/encode-sound.ts')
      const { resolveSoundEncoding } = await import('./src/generators/media/sound-encoding.ts')
      const { sha256 } = await import('./src/core/digest.ts')
      const { sine } = await import('./test/sound/sounds.ts')
      for (const format of ['wav', 'mp3', 'ogg'])
        console.log(sha256((await encodeSound(sine(440, 0.5), resolveSoundEncoding(format))).bytes))`
    const other = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
      .trim()
      .split('\n')
    const own: string[] = []
    for (const format of ['wav', 'mp3', 'ogg'])
      own.push(sha256((await encodeSound(sine(440, 0.5), resolveSoundEncoding(format))).bytes))
    expect(other).toEqual(own)
  })

  it.each([8_000, 16_000, 22_050, 32_000, 48_000])(
    'writes mp3 and ogg at %i Hz with the exact length',
    async (rateHz) => {
      for (const format of ['mp3', 'ogg']) {
        const sound = sine(300, 0.4, { rateHz, channels: 1 })
        const decoded = await decodeSound((await encodeSound(sound, resolveSoundEncoding(format))).bytes)
        expect(decoded.sampleRateHz).toBe(rateHz)
        expect(decoded.channels[0]!.length).toBe(sound.channels[0]!.length)
        expect(largestDifference(sound, decoded)).toBeLessThan(0.05)
      }
    },
  )

  it.each([
    [11_000, 11_025],
    [37_800, 44_100],
    [96_000, 48_000],
  ])('writes mp3 of %i Hz at %i Hz', async (rateHz, expected) => {
    const { bytes } = await encodeSound(sine(200, 0.5, { rateHz, channels: 1 }), resolveSoundEncoding('mp3'))
    expect(await inspectSound(bytes)).toMatchObject({ sampleRateHz: expected, durationMs: 500 })
  })

  it('keeps every mp3 bitrate, in a file of constant bitrate', async () => {
    for (const kbps of [32, 64, 128, 192, 320]) {
      const { bytes } = await encodeSound(sine(440, 1), resolveSoundEncoding('mp3', { bitrate: kbps }))
      expect(await readSoundFile(bytes)).toMatchObject({ bitrateKbps: kbps, constantBitrate: true, frames: 44_100 })
    }
  })

  it('writes wav with more than two channels and refuses them in mp3 and ogg', async () => {
    const sound = sine(440, 0.1, { channels: 6 })
    const { bytes } = await encodeSound(sound, resolveSoundEncoding('wav'))
    expect((await decodeSound(bytes)).channels).toHaveLength(6)
    for (const format of ['mp3', 'ogg'])
      await expect(encodeSound(sound, resolveSoundEncoding(format))).rejects.toMatchObject({
        code: 'SOUND_UNSUPPORTED',
      })
  })

  it('clamps integers instead of wrapping around', async () => {
    const sound = sine(440, 0.05, { amplitude: 3, channels: 1 })
    const decoded = await decodeSound((await encodeSound(sound, resolveSoundEncoding('wav'))).bytes)
    for (const [i, sample] of decoded.channels[0]!.entries())
      expect(sample).toBeCloseTo(Math.max(-1, Math.min(1, sound.channels[0]![i]!)), 3)
  })

  it('refuses sounds that are none', async () => {
    const wav = resolveSoundEncoding('wav')
    const broken = [
      { channels: [], sampleRateHz: 44_100 },
      { channels: [new Float32Array(0)], sampleRateHz: 44_100 },
      { channels: [new Float32Array(4), new Float32Array(5)], sampleRateHz: 44_100 },
      { channels: [Float32Array.of(Number.NaN)], sampleRateHz: 44_100 },
      { channels: [new Float32Array(4)], sampleRateHz: 1e9 },
    ]
    for (const sound of broken)
      await expect(encodeSound(sound, wav)).rejects.toMatchObject({ code: expect.stringMatching(/^SOUND_/) })
  })
})

describe('flac', () => {
  it.each([1, 2])('is decoded exactly with %i channel(s)', async (channels) => {
    const sound = sine(440, 0.5, { channels })
    const decoded = await decodeSound(writeFlac(sound))
    expect(decoded.channels).toHaveLength(channels)
    expect(decoded.channels[0]!.length).toBe(22_050)
    expect(largestDifference(sound, decoded)).toBeLessThanOrEqual(1 / 32768)
    expect(await inspectSound(writeFlac(sound))).toMatchObject({ mediaType: 'audio/flac', durationMs: 500, channels })
  })

  it('is decoded without a length in its header', async () => {
    expect((await decodeSound(writeFlac(sine(440, 0.5), 0))).channels[0]!.length).toBe(22_050)
  })
})

describe('resolveSoundEncoding', () => {
  it.each([
    ['wav', {}, { bits: 16 }],
    ['mp3', {}, { bitrate: 192 }],
    ['mp3', { bitrate: '128k' }, { bitrate: 128 }],
    ['mp3', { bitrate: 320_000 }, { bitrate: 320 }],
    ['ogg', {}, { quality: 5 }],
    ['ogg', { quality: -1 }, { quality: -1 }],
  ])('writes out every option of %s %j', (format, options, expected) => {
    const resolved = resolveSoundEncoding(format, options)
    expect(resolved).toEqual({ format, options: expected })
    expect(resolveSoundEncoding(resolved.format, resolved.options)).toEqual(resolved)
  })

  it.each([
    ['flac', {}, 'SOUND_FORMAT_UNWRITABLE', /wav, mp3, ogg/],
    ['aac', {}, 'SOUND_FORMAT_UNWRITABLE', /wav, mp3, ogg/],
    ['mp3', { quality: 5 }, 'OPTION_INVALID', /quality.*bitrate/],
    ['mp3', { bitrate: 191 }, 'OPTION_INVALID', /one of 32/],
    ['mp3', { bitrate: 'high' }, 'OPTION_INVALID', /high/],
    ['ogg', { quality: 11 }, 'OPTION_INVALID', /quality/],
    ['wav', { bits: 20 }, 'OPTION_INVALID', /bits/],
    ['wav', { bitrate: 192 }, 'OPTION_INVALID', /bitrate.*bits/],
  ])('refuses %s %j', (format, options, code, told) => {
    let thrown: unknown
    try {
      resolveSoundEncoding(format, options)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code })
    const { message, hint } = thrown as AssetloomError
    expect(`${message} ${hint}`).toMatch(told)
  })
})
