import type { Sound } from '../../core/media.ts'

/** Shortest sound whose loudness means something: one measuring block. */
const minLoudnessSeconds = 0.4
const absoluteGateLufs = -70
const relativeGateLu = -10
/** Blocks overlap by 75 %: a new one begins every quarter. */
const stepsPerBlock = 4

interface Biquad {
  b: readonly [number, number, number]
  a: readonly [number, number]
}

/**
 * The two filters of the K-weighting at any sample rate, by the bilinear transform of their analogue prototypes; at
 * 48 kHz these are the coefficients that the recommendation tabulates.
 * @see ITU-R BS.1770-4 Annex 1; B. De Man, "Evaluation of Implementations of the EBU R128 Loudness Measurement", for
 * the prototypes' parameters
 */
function kWeighting(sampleRateHz: number): [Biquad, Biquad] {
  const shelf = { gainDb: 3.999843853973347, q: 0.7071752369554196, hz: 1681.974450955533 }
  const k = Math.tan((Math.PI * shelf.hz) / sampleRateHz)
  const high = 10 ** (shelf.gainDb / 20)
  const band = high ** 0.4996667741545416
  const a0 = 1 + k / shelf.q + k * k
  const pass = { q: 0.5003270373238773, hz: 38.13547087602444 }
  const p = Math.tan((Math.PI * pass.hz) / sampleRateHz)
  const p0 = 1 + p / pass.q + p * p
  return [
    {
      b: [
        (high + (band * k) / shelf.q + k * k) / a0,
        (2 * (k * k - high)) / a0,
        (high - (band * k) / shelf.q + k * k) / a0,
      ],
      a: [(2 * (k * k - 1)) / a0, (1 - k / shelf.q + k * k) / a0],
    },
    { b: [1, -2, 1], a: [(2 * (p * p - 1)) / p0, (1 - p / pass.q + p * p) / p0] },
  ]
}

/** Weight of a channel: surround channels of 5.0, 5.1 and 7.1 count more, the low-frequency one not at all. */
function channelWeight(index: number, channelCount: number): number {
  if (channelCount < 5) return 1
  if (channelCount >= 6 && index === 3) return 0
  const firstSurround = channelCount === 5 ? 3 : 4
  return index >= firstSurround ? 1.41 : 1
}

/**
 * Integrated loudness with both gates.
 *
 * @returns LUFS; `-Infinity` when all is below the absolute gate (-70 LUFS); `undefined` for sounds shorter than
 * 400 ms, whose loudness has no meaning
 * @see ITU-R BS.1770-4
 */
export function integratedLoudnessLufs(sound: Sound): number | undefined {
  const { sampleRateHz, channels } = sound
  const stepFrames = Math.round((minLoudnessSeconds / stepsPerBlock) * sampleRateHz)
  const steps = Math.floor(channels[0]!.length / stepFrames)
  if (steps < stepsPerBlock) return undefined
  const energies = new Float64Array(steps)
  for (const [c, channel] of channels.entries()) {
    const weight = channelWeight(c, channels.length)
    if (weight > 0) addStepEnergies(energies, channel, stepFrames, kWeighting(sampleRateHz), weight)
  }
  const blocks: number[] = []
  for (let i = 0; i + stepsPerBlock <= steps; i++) {
    let sum = 0
    for (let step = 0; step < stepsPerBlock; step++) sum += energies[i + step]!
    blocks.push(sum / (stepsPerBlock * stepFrames))
  }
  const loud = blocks.filter((energy) => toLufs(energy) > absoluteGateLufs)
  const gate = toLufs(mean(loud)) + relativeGateLu
  return toLufs(mean(loud.filter((energy) => toLufs(energy) > gate)))
}

/** Add the weighted sum of squares of every step after both filters. */
function addStepEnergies(
  energies: Float64Array,
  samples: Float32Array,
  stepFrames: number,
  [shelf, pass]: [Biquad, Biquad],
  weight: number,
): void {
  const [s0, s1, s2] = shelf.b
  const [sa1, sa2] = shelf.a
  const [p0, p1, p2] = pass.b
  const [pa1, pa2] = pass.a
  // Transposed direct form II: two memories per filter.
  let u1 = 0
  let u2 = 0
  let v1 = 0
  let v2 = 0
  for (let step = 0, i = 0; step < energies.length; step++) {
    let sum = 0
    for (const end = i + stepFrames; i < end; i++) {
      const x = samples[i]!
      const y = s0 * x + u1
      u1 = s1 * x - sa1 * y + u2
      u2 = s2 * x - sa2 * y
      const z = p0 * y + v1
      v1 = p1 * y - pa1 * z + v2
      v2 = p2 * y - pa2 * z
      sum += z * z
    }
    energies[step]! += weight * sum
  }
}

const toLufs = (energy: number) => -0.691 + 10 * Math.log10(energy)
const mean = (values: number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

/** Largest absolute sample of all channels; 0 for silence. */
export function peakAmplitude(sound: Sound): number {
  let peak = 0
  for (const channel of sound.channels)
    for (let i = 0; i < channel.length; i++) {
      const size = Math.abs(channel[i]!)
      if (size > peak) peak = size
    }
  return peak
}

/** Sample peak in dBFS; `-Infinity` for silence. */
export const peakDb = (sound: Sound): number => amplitudeToDb(peakAmplitude(sound))

/** Root mean square over all channels in dBFS (a full-scale sine has -3.01); `-Infinity` for silence. */
export function rmsDb(sound: Sound): number {
  let sum = 0
  let count = 0
  for (const channel of sound.channels) {
    for (let i = 0; i < channel.length; i++) sum += channel[i]! * channel[i]!
    count += channel.length
  }
  return count === 0 ? -Infinity : 10 * Math.log10(sum / count)
}

/** 0 dB is 1; -6.02 dB is 0.5. */
export const dbToAmplitude = (db: number): number => 10 ** (db / 20)
const amplitudeToDb = (amplitude: number): number => 20 * Math.log10(amplitude)
