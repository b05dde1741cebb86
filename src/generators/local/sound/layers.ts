import type { Random } from '../../../core/random.ts'
import type { Character } from './character.ts'
import { recipeRateHz } from './recipe.ts'
import { highPass, lowPass, whiteNoise } from './signal.ts'

/** Filtered noise that swells and passes. */
export function whoosh(frames: number, character: Character, random: Random): Float32Array {
  const swell = random.between(0.12, 0.35) - 0.1 * Math.max(0, character.hardness)
  const topHz = 2500 * 2 ** (1.5 * character.brightness) * random.between(0.8, 1.25)
  const noise = lowPass(
    whiteNoise(frames, random),
    (place) => topHz * (0.3 + 0.7 * Math.exp(-3 * Math.max(0, place - swell))),
  )
  return highPass(noise, 250).map((sample, i) => {
    const place = i / frames
    return sample * (place < swell ? Math.sin((Math.PI / 2) * (place / swell)) : Math.exp(-4 * (place - swell)))
  })
}

/** A falling bass tone under dark rumbling noise. */
export function boom(frames: number, character: Character, random: Random): Float32Array {
  const startHz = random.between(110, 160)
  const endHz = random.between(32, 45)
  const fall = 5 - 2 * character.drama
  const rumble = lowPass(whiteNoise(frames, random), (place) => 120 + 500 * Math.exp(-8 * place))
  let phase = 0
  return rumble.map((noise, i) => {
    const place = i / frames
    phase += (2 * Math.PI * (endHz + (startHz - endHz) * Math.exp(-6 * place))) / recipeRateHz
    const attack = Math.min(1, i / (0.004 * recipeRateHz))
    return attack * Math.exp(-fall * place) * (Math.sin(phase) + 1.2 * noise)
  })
}

/** A buzzing saw that is torn by chance, like a spark. */
export function crackle(frames: number, character: Character, random: Random): Float32Array {
  const hz = random.between(90, 180) * (1 + 0.5 * character.brightness)
  const holdFrames = Math.round(recipeRateHz / random.between(180, 420))
  let gate = 1
  const torn = Float32Array.from({ length: frames }, (_, i) => {
    if (i % holdFrames === 0) gate = random.next() < 0.45 ? random.between(0.5, 1) : 0.1
    const saw = 2 * (((i * hz) / recipeRateHz) % 1) - 1
    return gate * (0.7 * saw + 0.5 * random.between(-1, 1)) * Math.exp((-3 * i) / frames)
  })
  return highPass(torn, 700)
}
