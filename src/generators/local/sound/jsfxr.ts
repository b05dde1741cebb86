import { createRequire } from 'node:module'
import type { Random } from '../../../core/random.ts'

/** jsfxr's parameters by its own names: 0 to 1, those marked signed -1 to 1. */
export interface EffectParameters {
  wave_type: number
  p_env_attack: number
  p_env_sustain: number
  p_env_punch: number
  p_env_decay: number
  p_base_freq: number
  p_freq_limit: number
  /** Signed. */
  p_freq_ramp: number
  /** Signed. */
  p_freq_dramp: number
  p_vib_strength: number
  p_vib_speed: number
  /** Signed. */
  p_arp_mod: number
  p_arp_speed: number
  p_duty: number
  /** Signed. */
  p_duty_ramp: number
  p_repeat_speed: number
  /** Signed. */
  p_pha_offset: number
  /** Signed. */
  p_pha_ramp: number
  p_lpf_freq: number
  /** Signed. */
  p_lpf_ramp: number
  p_lpf_resonance: number
  p_hpf_freq: number
  /** Signed. */
  p_hpf_ramp: number
  sound_vol: number
}

export const waves = { square: 0, sawtooth: 1, sine: 2, noise: 3 } as const

export type Preset = 'pickupCoin' | 'laserShoot' | 'explosion' | 'powerUp' | 'hitHurt' | 'jump' | 'blipSelect'

interface Jsfxr {
  Params: new () => EffectParameters & Record<Preset, () => unknown>
  SoundEffect: new (parameters: EffectParameters) => { getRawBuffer(): { normalized: number[] } }
}

/** Loaded by the first effect that needs it. */
const jsfxr = () => createRequire(import.meta.url)('jsfxr') as Jsfxr

/** The library draws from `Math.random`; nothing else can run while it is exchanged. */
function withRandom<T>(random: Random, work: () => T): T {
  const { random: original } = Math
  Math.random = () => random.next()
  try {
    return work()
  } finally {
    Math.random = original
  }
}

/** A preset rolled with the given chance. */
export function rollPreset(preset: Preset, random: Random): EffectParameters {
  return withRandom(random, () => {
    const parameters = new (jsfxr().Params)()
    parameters[preset]()
    return parameters
  })
}

/** Samples of an effect at 44.1 kHz; they may pass ±1. */
export function renderParameters(parameters: EffectParameters, random: Random): Float32Array {
  // One parameter that is no number would keep its envelope from ever ending.
  for (const [name, value] of Object.entries(parameters))
    if (name.startsWith('p_') && !Number.isFinite(value)) throw new RangeError(`${name} is ${value}`)
  return withRandom(random, () => Float32Array.from(new (jsfxr().SoundEffect)(parameters).getRawBuffer().normalized))
}

/** Hertz of a base frequency parameter, and back. */
export const hzOfParameter = (value: number) => 3528 * (value * value + 0.001)
export const parameterOfHz = (hz: number) => Math.sqrt(Math.max(0, hz / 3528 - 0.001))

/** Samples of an envelope parameter. */
const envelopeFrames = (value: number) => Math.floor(value * value * 100_000)

/**
 * The same effect stretched or squeezed to a length: envelope, slides, duty and filter sweeps, arpeggio and repeats all
 * keep their place in it.
 */
export function fitToLength(parameters: EffectParameters, frames: number): EffectParameters {
  const p = { ...parameters }
  const natural = envelopeFrames(p.p_env_attack) + envelopeFrames(p.p_env_sustain) + envelopeFrames(p.p_env_decay)
  const scale = frames / Math.max(natural, 1)
  const root = Math.sqrt(scale)
  p.p_env_attack *= root
  p.p_env_sustain *= root
  p.p_env_decay *= root
  p.p_freq_ramp /= Math.cbrt(scale)
  p.p_freq_dramp /= Math.cbrt(scale * scale)
  p.p_duty_ramp /= scale
  p.p_lpf_ramp /= scale
  p.p_hpf_ramp /= scale
  p.p_pha_ramp /= root
  p.p_arp_speed = 1 - Math.min(1, (1 - p.p_arp_speed) * root)
  if (p.p_repeat_speed !== 0) p.p_repeat_speed = Math.max(0.001, 1 - (1 - p.p_repeat_speed) * root)
  if (p.p_freq_limit > 0) keepAboveLimit(p, frames)
  return p
}

/** An effect ends where its pitch falls to the limit: slow the slide so that this is at the end. */
function keepAboveLimit(p: EffectParameters, frames: number): void {
  p.p_freq_dramp = Math.max(0, p.p_freq_dramp)
  const fall = hzOfParameter(p.p_base_freq) / hzOfParameter(p.p_freq_limit)
  if (fall <= 1) {
    p.p_freq_limit = 0
    return
  }
  const perFrame = fall ** (1 / (frames * 1.02)) - 1
  const steepest = -Math.cbrt(perFrame / 0.01)
  p.p_freq_ramp = Math.max(p.p_freq_ramp, steepest)
}
