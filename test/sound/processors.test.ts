import { describe, expect, it } from 'vitest'
import { isAssetloomError, type AssetloomError } from '../../src/core/errors.ts'
import type { Sound } from '../../src/core/media.ts'
import type { Processing, ProcessorContext } from '../../src/core/ports.ts'
import { createRandom } from '../../src/core/random.ts'
import { encodeSound } from '../../src/generators/media/encode-sound.ts'
import { integratedLoudnessLufs, peakDb } from '../../src/generators/media/loudness.ts'
import { resolveSoundEncoding } from '../../src/generators/media/sound-encoding.ts'
import { audioProcessors } from '../../src/generators/processors/audio/index.ts'
import { requireOptions } from '../../src/generators/strict-options.ts'
import { rms, sine } from './sounds.ts'

const stateOf = (media: Sound): Processing<Sound> => ({
  media,
  variations: [media],
  encodings: [],
  extras: [],
  checks: [],
})

/** Run one step as a spec writes it, with real encoding behind `context.encode`. */
async function run(
  step: { action: string; [option: string]: unknown },
  before: Sound | Processing<Sound>,
): Promise<Processing<Sound>> {
  const { action, ...given } = step
  const processor = audioProcessors.find((candidate) => candidate.action === action)!
  const state = 'media' in before ? before : stateOf(before)
  const context: ProcessorContext = {
    readFile: () => Promise.reject(new Error('no sound step reads files')),
    colorsOf: () => Promise.reject(new Error('no sound step reads colours')),
    encode: () =>
      Promise.all(
        (state.encodings.length > 0 ? state.encodings : [resolveSoundEncoding('wav')]).map((e) =>
          encodeSound(state.media, e),
        ),
      ),
    random: createRandom,
  }
  return processor.run(state, requireOptions(processor.options, given, action), context)
}
const soundAfter = async (step: { action: string; [option: string]: unknown }, sound: Sound) =>
  (await run(step, sound)).media
const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail('it passed'),
    (error: unknown) => {
      expect(isAssetloomError(error)).toBe(true)
      return error as AssetloomError
    },
  )

/** Silence, then a tone, then silence, in seconds. */
const padded = (before: number, seconds: number, after: number): Sound => {
  const tone = sine(441, seconds)
  const frames = Math.round((before + seconds + after) * 44_100)
  const channels = tone.channels.map((channel) => {
    const whole = new Float32Array(frames)
    whole.set(channel, Math.round(before * 44_100))
    return whole
  })
  return { channels, sampleRateHz: 44_100 }
}
const secondsOf = (sound: Sound) => sound.channels[0]!.length / sound.sampleRateHz

describe('trim_silence', () => {
  it('cuts both ends and keeps the asked milliseconds', async () => {
    const trimmed = await soundAfter(
      { action: 'trim_silence', threshold: '-40 dB', keep: '10 ms' },
      padded(0.3, 0.5, 0.2),
    )
    expect(secondsOf(trimmed)).toBeCloseTo(0.52, 2)
    expect(rms(trimmed.channels[0]!.subarray(0, 400))).toBeLessThan(0.001)
    expect(rms(trimmed.channels[0]!.subarray(500, 1500))).toBeGreaterThan(0.3)
  })

  it('goes by the loudest channel', async () => {
    const sound = padded(0.3, 0.5, 0.2)
    const oneSided = { ...sound, channels: [new Float32Array(sound.channels[0]!.length), sound.channels[1]!] }
    expect(secondsOf(await soundAfter({ action: 'trim_silence', keep: 0 }, oneSided))).toBeCloseTo(0.5, 2)
  })

  it('leaves out what is under the threshold only', async () => {
    const quiet = sine(441, 0.5, { amplitude: 0.005 })
    expect(secondsOf(await soundAfter({ action: 'trim_silence', threshold: -50 }, quiet))).toBeCloseTo(0.5, 1)
    expect(await soundAfter({ action: 'trim_silence', threshold: -40 }, quiet)).toBe(quiet)
  })
})

describe('normalize', () => {
  it.each([
    ['-1.0 dB', -1],
    [-6, -6],
    [0, 0],
  ])('brings the peak to %s', async (peak, expected) => {
    expect(peakDb(await soundAfter({ action: 'normalize', peak }, sine(440, 1)))).toBeCloseTo(expected, 3)
  })

  it('brings the peak to -1 dB when nothing is asked', async () => {
    expect(peakDb(await soundAfter({ action: 'normalize' }, sine(440, 0.1)))).toBeCloseTo(-1, 3)
  })

  it.each([-30, '-16 LUFS'])('brings loudness to %s', async (lufs) => {
    const loud = await soundAfter({ action: 'normalize', lufs }, sine(997, 2))
    expect(integratedLoudnessLufs(loud)).toBeCloseTo(Number.parseFloat(String(lufs)), 1)
  })

  it('never clips to reach a loudness', async () => {
    const spiky = sine(997, 2, { amplitude: 0.01 })
    spiky.channels[0]![5000] = 0.9
    const after = await soundAfter({ action: 'normalize', lufs: -10, peak: -1 }, spiky)
    expect(peakDb(after)).toBeCloseTo(-1, 3)
    expect(integratedLoudnessLufs(after)).toBeLessThan(-20)
  })

  it('goes by peak under 400 ms', async () => {
    expect(peakDb(await soundAfter({ action: 'normalize', lufs: -23, peak: -3 }, sine(997, 0.3)))).toBeCloseTo(-3, 3)
  })

  it('leaves silence alone', async () => {
    const silence = { channels: [new Float32Array(44_100)], sampleRateHz: 44_100 }
    expect(rms((await soundAfter({ action: 'normalize', lufs: -16 }, silence)).channels[0]!)).toBe(0)
  })
})

describe('fade', () => {
  it.each(['cosine', 'linear'])('goes from and to silence by %s', async (curve) => {
    const ones = { channels: [new Float32Array(44_100).fill(1)], sampleRateHz: 44_100 }
    const [faded] = (await soundAfter({ action: 'fade', in: '100 ms', out: 0.2, curve }, ones)).channels
    expect(faded![0]).toBe(0)
    expect(faded![2205]).toBeCloseTo(0.5, 2)
    expect(faded![4410]).toBe(1)
    expect(faded![35_000]).toBe(1)
    expect(faded![44_100 - 4410]).toBeCloseTo(0.5, 2)
    expect(faded!.at(-1)).toBe(0)
    for (let i = 1; i < 4410; i++) expect(faded![i]! >= faded![i - 1]!).toBe(true)
  })

  it('spans a sound that is shorter', async () => {
    const [faded] = (await soundAfter({ action: 'fade', out: 5 }, sine(441, 0.1))).channels
    expect(rms(faded!.subarray(0, 1000))).toBeGreaterThan(2 * rms(faded!.subarray(-1000)))
  })
})

describe('loop', () => {
  const largestStep = (samples: Float32Array) =>
    samples.reduce((max, x, i) => (i === 0 ? 0 : Math.max(max, Math.abs(x - samples[i - 1]!))), 0)

  it('has no seam', async () => {
    // 443.3 Hz for 1.003 s: cut hard, the end would jump to the beginning.
    const sound = sine(443.3, 1.003)
    const looped = (await soundAfter({ action: 'loop', crossfade: 0.1 }, sound)).channels[0]!
    expect(looped.length).toBe(sound.channels[0]!.length - 4410)
    const twice = Float32Array.from([...looped, ...looped])
    expect(largestStep(twice)).toBeLessThan(1.1 * largestStep(looped.subarray(8000, 30_000)))
    const second = (a: Float32Array, i: number) => a[i + 1]! - 2 * a[i]! + a[i - 1]!
    expect(Math.abs(second(twice, looped.length) - second(twice, looped.length - 50))).toBeLessThan(0.01)
  })

  it('keeps the level through the blend, of like and of unlike signals', async () => {
    const random = createRandom('noise')
    const noise = {
      channels: [Float32Array.from({ length: 44_100 }, () => random.between(-0.5, 0.5))],
      sampleRateHz: 44_100,
    }
    for (const sound of [noise, sine(441, 1)]) {
      const [looped] = (await soundAfter({ action: 'loop', crossfade: '200 ms' }, sound)).channels
      const middle = rms(looped!.subarray(3000, 6000))
      expect(middle / rms(looped!.subarray(20_000, 30_000))).toBeCloseTo(1, 1)
    }
  })

  it('refuses a crossfade of half the sound', async () => {
    expect(await errorOf(run({ action: 'loop', crossfade: 0.5 }, sine(441, 1)))).toMatchObject({
      code: 'LOOP_TOO_SHORT',
    })
  })
})

describe('resample', () => {
  it.each([
    [22_050, 44_100],
    ['48 kHz', 44_100],
    [44_100, 48_000],
    [16_000, 44_100],
    [96_000, 22_050],
  ])('to %s from %i keeps a tone', async (rate, rateHz) => {
    const sound = sine(1000, 0.5, { rateHz, channels: 1 })
    const after = await soundAfter({ action: 'resample', rate }, sound)
    expect(secondsOf(after)).toBeCloseTo(0.5, 3)
    const ideal = sine(1000, 0.5, { rateHz: after.sampleRateHz, channels: 1 }).channels[0]!
    const error = after.channels[0]!.map((sample, i) => sample - ideal[i]!).subarray(2000, -2000)
    expect(20 * Math.log10(rms(error) / rms(ideal))).toBeLessThan(-80)
  })

  it('lets nothing above the new band through', async () => {
    const after = await soundAfter({ action: 'resample', rate: 16_000 }, sine(12_000, 0.5, { channels: 1 }))
    expect(20 * Math.log10(rms(after.channels[0]!.subarray(1000, -1000)) / 0.3536)).toBeLessThan(-80)
  })
})

describe('mono', () => {
  it('is the mean of the channels', async () => {
    const sound = { channels: [Float32Array.of(1, 0.5), Float32Array.of(0, -0.5)], sampleRateHz: 8000 }
    expect((await soundAfter({ action: 'mono' }, sound)).channels).toEqual([Float32Array.of(0.5, 0)])
  })
})

describe('convert', () => {
  it.each([
    [{ format: 'mp3', bitrate: '128k' }, [{ format: 'mp3', options: { bitrate: 128 } }]],
    [{ format: '.WAV', bits: 24 }, [{ format: 'wav', options: { bits: 24 } }]],
    [
      { formats: ['mp3', 'ogg', 'wav'], quality: 3 },
      [
        { format: 'mp3', options: { bitrate: 192 } },
        { format: 'ogg', options: { quality: 3 } },
        { format: 'wav', options: { bits: 16 } },
      ],
    ],
  ])('%j asks for its encodings', async (options, expected) => {
    expect((await run({ action: 'convert', ...options }, sine(440, 0.1))).encodings).toEqual(expected)
  })
})

describe('validate', () => {
  const jump = sine(440, 0.4, { amplitude: 0.891 })
  const mp3 = async () => run({ action: 'convert', format: 'mp3', bitrate: '192k' }, jump)

  it('passes a spec like those that are shipped', async () => {
    const checks = [
      { duration_range: [0.2, 0.6] },
      { format: 'mp3' },
      { bitrate: '192k' },
      { peak: '-1 dB' },
      { sample_rate: '44.1 kHz' },
      { loudness: [-20, '-1 LUFS'] },
      'file_size_reasonable',
      { min_bytes: 1000 },
      { max_bytes: '20 kB' },
      'not_blank',
    ]
    const { checks: results } = await run({ action: 'validate', checks }, await mp3())
    expect(results).toHaveLength(checks.length)
    expect(results.every(({ ok }) => ok)).toBe(true)
    expect(results[0]).toEqual({ check: 'duration_range', ok: true, measured: '0.400 s', bound: '0.2 to 0.6 s' })
  })

  it.each<[unknown, RegExp]>([
    [{ duration_range: [0.5, 0.6] }, /duration_range measured 0\.400 s, allowed is 0\.5 to 0\.6 s/],
    [{ duration_range: ['100 ms', '300 ms'] }, /0\.400 s.*0\.1 to 0\.3 s/],
    [{ format: 'ogg' }, /format measured mp3, allowed is ogg/],
    [{ bitrate: '128k' }, /bitrate measured 192\.0 kbit\/s, allowed is 128 kbit\/s/],
    [{ bitrate: [32, 128] }, /192\.0 kbit\/s.*32 to 128/],
    [{ sample_rate: 48_000 }, /44100 Hz.*48000 Hz/],
    [{ peak: -3 }, /peak measured -1\.0\d dBFS, allowed is at most -3 dBFS/],
    [{ peak: [-0.5, 0] }, /peak measured -1\.0\d dBFS, allowed is -0\.5 to 0 dBFS/],
    [{ loudness: -23 }, /loudness measured -\d\.\d LUFS, allowed is -24 to -22 LUFS/],
    [{ min_bytes: '1 MB' }, /at least 1000000 bytes/],
    [{ max_bytes: 100 }, /at most 100 bytes/],
  ])('fails %j with what it measured', async (check, message) => {
    const error = await errorOf(run({ action: 'validate', checks: [check] }, await mp3()))
    expect(error).toMatchObject({ code: 'CHECK_FAILED', message: expect.stringMatching(message) })
    expect(error.details).toMatchObject({ failed: [{ ok: false }] })
  })

  it('fails silence, and names all that failed', async () => {
    const silence = { channels: [new Float32Array(4410)], sampleRateHz: 44_100 }
    const error = await errorOf(
      run({ action: 'validate', checks: ['not_blank', { loudness: -16 }, { duration_range: [0, 1] }] }, silence),
    )
    expect(error.message).toMatch(/not_blank measured peak -Infinity.*loudness measured nothing: under 400 ms/)
    expect(error.message).not.toMatch(/duration_range/)
  })

  it('fails a file that is too large for its purpose', async () => {
    const long = sine(440, 62)
    expect(await errorOf(run({ action: 'validate', checks: ['file_size_reasonable'] }, long))).toMatchObject({
      code: 'CHECK_FAILED',
    })
  })
})

describe('options', () => {
  it.each([
    [{ action: 'trim_silence', treshold: -40 }, /treshold/],
    [{ action: 'trim_silence', threshold: 10 }, /threshold/],
    [{ action: 'normalize', peak: 3 }, /peak/],
    [{ action: 'normalize', peak: '-1 kHz' }, /peak.*kHz/],
    [{ action: 'normalize', loudness: -16 }, /loudness/],
    [{ action: 'fade' }, /`in`, `out`/],
    [{ action: 'fade', in: -1 }, /in is not valid/],
    [{ action: 'loop', crossfade: 0 }, /crossfade/],
    [{ action: 'resample' }, /rate/],
    [{ action: 'resample', rate: 1e9 }, /rate/],
    [{ action: 'mono', channels: 1 }, /channels/],
    [{ action: 'convert' }, /mp3, ogg or wav/],
    [{ action: 'convert', format: 'aac' }, /aac.*wav, mp3, ogg/],
    [{ action: 'convert', format: 'mp3', quality: 5 }, /quality is an option of ogg/],
    [{ action: 'convert', format: 'mp3', formats: ['ogg'] }, /either/],
    [{ action: 'convert', formats: ['mp3', 'mp3'] }, /twice/],
    [{ action: 'convert', format: 'mp3', bitrate: 191 }, /191|bitrate/],
    [{ action: 'validate' }, /checks/],
    [{ action: 'validate', checks: [] }, /checks/],
    [{ action: 'validate', checks: ['duration_rang'] }, /duration_rang.*duration_range/],
    [{ action: 'validate', checks: ['has_alpha'] }, /has_alpha/],
    [{ action: 'validate', checks: ['duration_range'] }, /needs a value/],
    [{ action: 'validate', checks: [{ duration_range: [1, 0] }] }, /duration_range/],
    [{ action: 'validate', checks: [{ not_blank: 3 }] }, /takes no value/],
    [{ action: 'validate', checks: [{ peak: -1, format: 'mp3' }] }, /one key/],
    [{ action: 'validate', checks: [{ format: 'png' }] }, /format/],
  ])('refuses %j', async (step, told) => {
    const error = await errorOf((async () => run(step, sine(440, 1)))())
    expect(error.code).toBe('OPTION_INVALID')
    expect(`${error.message} ${error.hint}`).toMatch(told)
  })
})

describe('every step', () => {
  it.each([
    { action: 'trim_silence' },
    { action: 'normalize' },
    { action: 'fade', out: 0.1 },
    { action: 'loop' },
    { action: 'resample', rate: 22_050 },
    { action: 'mono' },
    { action: 'convert', format: 'ogg' },
    { action: 'validate', checks: ['not_blank'] },
  ])('$action leaves its input as it was and gives the same twice', async (step) => {
    const sound = padded(0.1, 1, 0.1)
    const before = structuredClone(sound)
    const [first, second] = [await run(step, sound), await run(step, sound)]
    expect(sound).toEqual(before)
    expect(first).toEqual(second)
  })

  it('is in the table once', () => {
    const actions = audioProcessors.map(({ action }) => action)
    expect(actions).toEqual(['trim_silence', 'normalize', 'fade', 'loop', 'resample', 'mono', 'convert', 'validate'])
  })
})
