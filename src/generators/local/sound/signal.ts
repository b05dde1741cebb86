import type { Sound } from '../../../core/media.ts'
import type { Random } from '../../../core/random.ts'
import { recipeRateHz } from './recipe.ts'

/** Peak of everything that is made: -1 dBFS. */
const peakAmplitude = 10 ** (-1 / 20)

export const whiteNoise = (frames: number, random: Random): Float32Array =>
  Float32Array.from({ length: frames }, () => random.between(-1, 1))

/** One-pole low-pass whose corner may move: hertz by place, 0 to 1. */
export function lowPass(samples: Float32Array, cornerHz: (place: number) => number): Float32Array {
  let state = 0
  return samples.map((sample, i) => {
    const slope = 1 - Math.exp((-2 * Math.PI * cornerHz(i / samples.length)) / recipeRateHz)
    state += slope * (sample - state)
    return state
  })
}

/** What the low-pass takes away. */
export function highPass(samples: Float32Array, cornerHz: number): Float32Array {
  const low = lowPass(samples, () => cornerHz)
  return samples.map((sample, i) => sample - low[i]!)
}

/** Add a layer in place, at a level relative to its own peak. */
export function addLayer(target: Float32Array, layer: Float32Array, level: number): void {
  const peak = peakOf(layer)
  if (peak === 0) return
  for (let i = 0; i < Math.min(target.length, layer.length); i++) target[i]! += (level / peak) * layer[i]!
}

function peakOf(samples: Float32Array): number {
  let peak = 0
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample))
  return peak
}

/** Ramp in and out over at most so many milliseconds, so that no edge clicks. */
export function fadeEdges(samples: Float32Array, inMs: number, outMs: number): Float32Array {
  const framesOf = (ms: number) => Math.min(Math.floor(samples.length / 2), Math.round((ms / 1000) * recipeRateHz))
  const [inFrames, outFrames] = [framesOf(inMs), framesOf(outMs)]
  const faded = samples.slice()
  for (let i = 0; i < inFrames; i++) faded[i]! *= i / inFrames
  for (let i = 0; i < outFrames; i++) faded[faded.length - 1 - i]! *= i / outFrames
  return faded
}

/** A sound of these channels, its peak at -1 dBFS. */
export function finishSound(...channels: Float32Array[]): Sound {
  const peak = Math.max(...channels.map(peakOf))
  const gain = peak === 0 ? 1 : peakAmplitude / peak
  return { channels: channels.map((channel) => channel.map((sample) => sample * gain)), sampleRateHz: recipeRateHz }
}
