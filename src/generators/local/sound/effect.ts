import * as z from 'zod'
import type { Random } from '../../../core/random.ts'
import { requireOptions } from '../../strict-options.ts'
import { characterOf, type Character } from './character.ts'
import { framesOf } from './duration.ts'
import {
  fitToLength,
  hzOfParameter,
  parameterOfHz,
  renderParameters,
  rollPreset,
  waves,
  type EffectParameters,
  type Preset,
} from './jsfxr.ts'
import { boom, crackle, whoosh } from './layers.ts'
import type { SoundRecipe } from './recipe.ts'
import { addLayer, fadeEdges, finishSound, highPass } from './signal.ts'

/** Longest effect; its synthesis works eight times oversampled and in one piece. */
const maxEffectSeconds = 30

const parametersOfEffect = z.strictObject({
  pitch: z.number().min(0.25).max(4).default(1).describe('Pitch factor: 2 is an octave up.'),
  brightness: z.number().min(-1).max(1).default(0).describe('Added to what the prompt says: dark -1 to bright 1.'),
  hardness: z.number().min(-1).max(1).default(0).describe('Added to what the prompt says: soft -1 to hard 1.'),
  weight: z.number().min(0).max(1).default(0).describe('Added to what the prompt says: bass, 0 to 1.'),
})

interface Effect extends Pick<SoundRecipe, 'name' | 'words' | 'summary'> {
  preset: Preset
  /** Seconds, from and to, when nobody asks for a length. */
  usualSeconds: readonly [number, number]
  /** What is special to this effect, before the character has its say. */
  shape?(parameters: EffectParameters, random: Random): void
}

/** A recipe that rolls a jsfxr preset and bends it to the words of the prompt. */
export function defineEffect({ name, words, summary, preset, usualSeconds, shape }: Effect): SoundRecipe {
  return {
    name,
    words,
    summary,
    types: ['audio'],
    parameters: parametersOfEffect,
    make(request) {
      const given = requireOptions(parametersOfEffect, request.parameters, `the recipe ${name}`)
      const { random } = request
      const character = withAdded(characterOf(request.prompt), given)
      const frames = framesOf(name, request, usualSeconds, maxEffectSeconds)
      const parameters = rollPreset(preset, random)
      shape?.(parameters, random)
      bend(parameters, character, given.pitch, random)
      const effect = renderParameters(fitToLength(parameters, frames), random)
      const samples = new Float32Array(frames)
      // Words of breath and weight push the synthetic tone into the background.
      addLayer(samples, effect.subarray(0, frames), 1 - 0.55 * Math.max(character.air, character.weight))
      if (character.air > 0) addLayer(samples, whoosh(frames, character, random), 0.9 * character.air)
      if (character.weight > 0) addLayer(samples, boom(frames, character, random), character.weight)
      if (character.electricity > 0) addLayer(samples, crackle(frames, character, random), 0.6 * character.electricity)
      const attackMs = 1 + 45 * Math.max(0, -character.hardness)
      return finishSound(fadeEdges(highPass(samples, 20), attackMs, 8))
    },
  }
}

function withAdded(character: Character, added: { brightness: number; hardness: number; weight: number }): Character {
  const within = (value: number, min: number) => Math.max(min, Math.min(1, value))
  return {
    ...character,
    brightness: within(character.brightness + added.brightness, -1),
    hardness: within(character.hardness + added.hardness, -1),
    weight: within(character.weight + added.weight, 0),
  }
}

/** Change rolled parameters so that the character is heard. */
function bend(p: EffectParameters, character: Character, pitch: number, random: Random): void {
  const { brightness, hardness, weight, electricity, drama } = character
  const octaves = 0.5 * brightness - 1.2 * weight
  p.p_base_freq = Math.min(1, parameterOfHz(hzOfParameter(p.p_base_freq) * pitch * 2 ** octaves))

  if (brightness < 0) p.p_lpf_freq = Math.min(p.p_lpf_freq, 1 + 0.65 * brightness)
  if (brightness > 0) {
    p.p_lpf_freq = 1
    p.p_hpf_freq = Math.max(p.p_hpf_freq, 0.3 * brightness)
  }
  if (hardness < 0) {
    if (p.wave_type !== waves.noise && hardness < -0.4) p.wave_type = waves.sine
    p.p_env_punch *= 1 + hardness
    p.p_env_attack = Math.max(p.p_env_attack, -0.22 * hardness)
  }
  if (hardness > 0) {
    p.p_env_attack = 0
    p.p_env_punch = Math.max(p.p_env_punch, 0.6 * hardness)
  }
  if (electricity > 0) {
    if (p.wave_type === waves.sine || random.next() < 0.5) p.wave_type = waves.sawtooth
    p.p_vib_strength = Math.max(p.p_vib_strength, 0.5 * electricity)
    p.p_vib_speed = Math.max(p.p_vib_speed, random.between(0.6, 0.85))
    p.p_pha_offset = 0.25 * electricity
    p.p_pha_ramp = -0.15 * electricity
  }
  if (drama > 0) {
    p.p_env_decay = Math.max(p.p_env_decay, 0.3) * (1 + 0.4 * drama)
    p.p_env_punch = Math.max(p.p_env_punch, 0.4 * drama)
    p.p_freq_ramp *= 1 + 0.3 * drama
  }
}
