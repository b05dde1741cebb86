import type { ZodType } from 'zod'
import type { Sound } from '../../../core/media.ts'
import type { Random } from '../../../core/random.ts'

export type SoundType = 'audio' | 'music'

/** Sample rate of everything that is made here. */
export const recipeRateHz = 44_100

export interface SoundRequest {
  prompt: string
  /** Asked length; the sound then has exactly `round(durationSeconds × 44100)` samples. */
  durationSeconds?: number | undefined
  /** The only source of chance: equal requests with equal seeds give equal samples. */
  random: Random
  /** As the spec gives them; strict, see each recipe. */
  parameters: Record<string, unknown>
}

/** A way to make a sound with no provider. */
export interface SoundRecipe {
  name: string
  /** Words of a prompt that ask for it; lower case, several words with blanks. */
  words: readonly string[]
  summary: string
  types: readonly SoundType[]
  /** A strict object: what `parameters` may hold. */
  parameters: ZodType
  /**
   * Peak at -1 dBFS, 44.1 kHz.
   * @throws OPTION_INVALID for unknown or unfit parameters, SOUND_DURATION_INVALID for a length that it cannot make
   */
  make(request: SoundRequest): Sound
}
