import type { Sound } from '../../core/media.ts'
import { breath } from './breath.ts'

/** Zero crossings of the sinc on each side; with the window below, stop-band rejection is over 90 dB. */
const zeroCrossings = 32
/** Kaiser window parameter. */
const beta = 9
/** Part of the smaller Nyquist band that is kept; the rest is the filter's slope. */
const passband = 0.95
/** Phases of the filter kept in memory when the ratio of rates has more. */
const maxPhases = 2048

/**
 * Change the sample rate by windowed-sinc interpolation, band-limited to the lower of the two rates.
 * The length becomes `round(frames × to / from)`, at least 1; times do not shift.
 *
 * @see J. O. Smith, "Digital Audio Resampling", for the method; J. F. Kaiser for the window
 */
export async function resample(sound: Sound, sampleRateHz: number): Promise<Sound> {
  if (sampleRateHz === sound.sampleRateHz) return sound
  const divisor = gcd(sampleRateHz, sound.sampleRateHz)
  const up = sampleRateHz / divisor
  const down = sound.sampleRateHz / divisor
  const filter = createFilter(Math.min(1, sampleRateHz / sound.sampleRateHz) * passband, Math.min(up, maxPhases))
  const channels: Float32Array[] = []
  for (const channel of sound.channels) channels.push(await resampleChannel(channel, up, down, filter))
  return { channels, sampleRateHz }
}

interface Filter {
  phases: Float64Array[]
  /** Taps on each side of the centre. */
  halfTaps: number
}

/** Taps for every phase between two input samples; each phase sums to one, so that level and offset stay. */
function createFilter(cutoff: number, phaseCount: number): Filter {
  const halfTaps = Math.ceil(zeroCrossings / cutoff)
  const phases = Array.from({ length: phaseCount }, (_, phase) => {
    const taps = new Float64Array(2 * halfTaps)
    let sum = 0
    for (let i = 0; i < taps.length; i++) {
      const distance = i - halfTaps + 1 - phase / phaseCount
      taps[i] = sinc(distance * cutoff) * kaiser(distance / halfTaps)
      sum += taps[i]!
    }
    return taps.map((tap) => tap / sum)
  })
  return { phases, halfTaps }
}

/** Output frames worked out before other work gets its turn. */
const framesPerBlock = 1 << 15

async function resampleChannel(input: Float32Array, up: number, down: number, filter: Filter): Promise<Float32Array> {
  const { phases, halfTaps } = filter
  const output = new Float32Array(Math.max(1, Math.round((input.length * up) / down)))
  for (let i = 0; i < output.length; i++) {
    const position = i * down
    let whole = Math.floor(position / up)
    let phase = Math.round(((position % up) / up) * phases.length)
    if (phase === phases.length) {
      phase = 0
      whole += 1
    }
    const taps = phases[phase]!
    const from = whole - halfTaps + 1
    let sum = 0
    for (let k = Math.max(0, -from), end = Math.min(taps.length, input.length - from); k < end; k++)
      sum += taps[k]! * input[from + k]!
    output[i] = sum
    if (i % framesPerBlock === framesPerBlock - 1) await breath()
  }
  return output
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))

const kaiser = (x: number) => (Math.abs(x) > 1 ? 0 : besselI0(beta * Math.sqrt(1 - x * x)) / besselI0(beta))

/** Modified Bessel function of order zero, by its power series. */
function besselI0(x: number): number {
  let sum = 1
  let term = 1
  for (let k = 1; term > sum * 1e-16; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}
