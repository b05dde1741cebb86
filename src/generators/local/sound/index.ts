import { defineError } from '../../../core/errors.ts'
import type { GenerationType } from '../../../core/job.ts'
import { didYouMean } from '../../../core/near.ts'
import { arpeggio } from './arpeggio.ts'
import { blip } from './blip.ts'
import { coin } from './coin.ts'
import { explosion } from './explosion.ts'
import { hit } from './hit.ts'
import { jump } from './jump.ts'
import { laser } from './laser.ts'
import { noise } from './noise.ts'
import { powerUp } from './power-up.ts'
import { placeOf, wordsOf } from './prompt-words.ts'
import type { SoundRecipe, SoundType } from './recipe.ts'
import { sweep } from './sweep.ts'
import { tone } from './tone.ts'

export type { SoundRecipe, SoundRequest, SoundType } from './recipe.ts'

/** Every local sound; a further one is one line here. */
export const soundRecipes: readonly SoundRecipe[] = [
  jump,
  coin,
  laser,
  explosion,
  powerUp,
  hit,
  blip,
  tone,
  sweep,
  noise,
  arpeggio,
]

const recipeUnknown = defineError('SOUND_RECIPE_UNKNOWN', {
  summary: 'A spec names a local sound recipe that does not exist or does not make its type.',
  message: (d: { recipe: string; type: string; known: readonly string[] }) =>
    `There is no recipe ${JSON.stringify(d.recipe)} for ${d.type}.`,
  hint: (d) => `${didYouMean(d.recipe, d.known) ?? ''} Recipes for ${d.type} are ${d.known.join(', ')}.`.trim(),
  exit: 2,
})

const typeNotMade = defineError('SOUND_TYPE_NOT_MADE', {
  summary: 'The local provider is asked for a type of sound that it does not make.',
  message: (d: { type: string }) => `The local recipes make no ${d.type}.`,
  hint: () => 'They make audio (sound effects) and music; for speech name a provider such as elevenlabs or bark.',
  exit: 2,
})

/** Made when neither name nor words say what. */
const recipeByDefault: Record<SoundType, SoundRecipe> = { audio: blip, music: arpeggio }

/**
 * The recipe for a request: the named one, else the one whose word stands first in the prompt, else the default of the
 * type (audio: blip, music: arpeggio).
 *
 * @throws SOUND_RECIPE_UNKNOWN, SOUND_TYPE_NOT_MADE
 */
export function chooseSoundRecipe(request: {
  type: GenerationType
  prompt: string
  recipe?: string | undefined
}): SoundRecipe {
  const { type } = request
  if (type !== 'audio' && type !== 'music') throw typeNotMade({ type })
  const offered = soundRecipes.filter((recipe) => recipe.types.includes(type))
  if (request.recipe !== undefined) {
    const named = offered.find((recipe) => recipe.name === request.recipe)
    if (!named) throw recipeUnknown({ recipe: request.recipe, type, known: offered.map((recipe) => recipe.name) })
    return named
  }
  const words = wordsOf(request.prompt)
  let chosen = recipeByDefault[type]
  let earliest = Infinity
  for (const recipe of offered)
    for (const phrase of recipe.words) {
      const place = placeOf(phrase, words)
      if (place >= 0 && place < earliest) [chosen, earliest] = [recipe, place]
    }
  return chosen
}
