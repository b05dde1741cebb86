import { describe, expect, it } from 'vitest'
import type { Sound } from '../../core/media.ts'
import { integratedLoudnessLufs, peakDb, rmsDb } from './loudness.ts'

const tone = (
  db: number,
  options: { hz?: number; seconds?: number; channels?: number; rateHz?: number } = {},
): Sound => {
  const { hz = 997, seconds = 10, channels = 2, rateHz = 48_000 } = options
  const amplitude = 10 ** (db / 20)
  const channel = Float32Array.from(
    { length: seconds * rateHz },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / rateHz),
  )
  return { channels: Array.from({ length: channels }, () => channel), sampleRateHz: rateHz }
}

const joined = (...parts: Sound[]): Sound => ({
  channels: parts[0]!.channels.map((_, c) => Float32Array.from(parts.flatMap((part) => [...part.channels[c]!]))),
  sampleRateHz: parts[0]!.sampleRateHz,
})

describe('integratedLoudnessLufs', () => {
  it.each([44_100, 48_000, 96_000, 22_050])('gives -23.0 for the reference tone at %i Hz', (rateHz) => {
    expect(integratedLoudnessLufs(tone(-23, { rateHz }))).toBeCloseTo(-23, 1)
  })

  it('gives 3.01 LU less for one channel', () => {
    expect(integratedLoudnessLufs(tone(-23, { channels: 1 }))).toBeCloseTo(-26.01, 1)
  })

  it('weighs frequencies: low ones less, high ones more', () => {
    expect(integratedLoudnessLufs(tone(-23, { hz: 30 }))).toBeLessThan(-28)
    expect(integratedLoudnessLufs(tone(-23, { hz: 6000 }))).toBeGreaterThan(-20.5)
  })

  // EBU Tech 3341, cases 3 to 5: quiet parts fall under the relative or the absolute gate.
  it('leaves out what is below the relative gate', () => {
    expect(integratedLoudnessLufs(joined(tone(-36), tone(-23, { seconds: 60 }), tone(-36)))).toBeCloseTo(-23, 1)
  })

  it('leaves out what is below the absolute gate', () => {
    const quiet = tone(-72)
    expect(integratedLoudnessLufs(joined(quiet, tone(-36), tone(-23, { seconds: 60 }), tone(-36), quiet))).toBeCloseTo(
      -23,
      1,
    )
  })

  it('adds levels within the gates', () => {
    expect(
      integratedLoudnessLufs(
        joined(tone(-26, { seconds: 20 }), tone(-20, { seconds: 20 }), tone(-26, { seconds: 20 })),
      ),
    ).toBeCloseTo(-23, 0)
  })

  it('weighs surround channels and leaves out the low-frequency one', () => {
    const [samples] = tone(-24, { channels: 1 }).channels
    const silent = new Float32Array(samples!.length)
    const only = (index: number): Sound => ({
      channels: Array.from({ length: 6 }, (_, i) => (i === index ? samples! : silent)),
      sampleRateHz: 48_000,
    })
    expect(integratedLoudnessLufs(only(4))! - integratedLoudnessLufs(only(0))!).toBeCloseTo(1.49, 1)
    expect(integratedLoudnessLufs(only(3))).toBe(-Infinity)
  })

  it('is -Infinity for silence and nothing for less than 400 ms', () => {
    expect(integratedLoudnessLufs({ channels: [new Float32Array(48_000)], sampleRateHz: 48_000 })).toBe(-Infinity)
    expect(integratedLoudnessLufs(tone(-23, { seconds: 0.39 }))).toBeUndefined()
  })
})

describe('peak and rms', () => {
  it('measures a sine', () => {
    expect(peakDb(tone(-6))).toBeCloseTo(-6, 2)
    expect(rmsDb(tone(-6))).toBeCloseTo(-9.01, 2)
  })

  it('is -Infinity for silence', () => {
    const silence = { channels: [new Float32Array(10)], sampleRateHz: 8000 }
    expect(peakDb(silence)).toBe(-Infinity)
    expect(rmsDb(silence)).toBe(-Infinity)
  })
})
