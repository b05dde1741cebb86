import { defineError } from '../../../core/errors.ts'
import type { JobRequest } from '../../../core/job.ts'
import { didYouMean } from '../../../core/near.ts'
import { avatar } from './avatar.ts'
import { backdrop } from './backdrop.ts'
import { badge } from './badge.ts'
import { gradient } from './gradient.ts'
import { icon } from './icon.ts'
import { monogram } from './monogram.ts'
import { noise } from './noise.ts'
import { particle } from './particle.ts'
import { pattern } from './pattern.ts'
import { wordsOf, type Recipe } from './recipe.ts'
import { sprite } from './sprite.ts'

export { rasterise } from './rasterise.ts'
export type { DrawRequest, Recipe } from './recipe.ts'

/** Every picture recipe. Where a prompt fits several equally, the earlier one draws. */
export const imageRecipes: readonly Recipe[] = [
  particle, sprite, avatar, badge, monogram, icon, pattern, backdrop, noise, gradient,
]

const recipeUnknown = defineError('RECIPE_UNKNOWN', {
  summary: 'A spec names a local recipe that does not exist.',
  message: (d: { name: string; names: readonly string[] }) => `There is no picture recipe ${JSON.stringify(d.name)}.`,
  hint: (d) => `${didYouMean(d.name, d.names) ?? ''} Recipes are ${d.names.join(', ')}.`.trim(),
  exit: 2,
})

/** A prompt that asks for no ground names no landscape by it. */
const noGround = /\b(?:transparent|no|without|plain|white|black|solid|clear)\s+(?:a\s+)?background\b/gi

/**
 * The recipe for a request: the one it names, else the one most of whose words its prompt has, else a landscape for
 * wide pictures and an abstract mark for the others.
 *
 * @throws RECIPE_UNKNOWN
 */
export function chooseImageRecipe(request: Pick<JobRequest, 'recipe' | 'prompt' | 'widthPx' | 'heightPx'>): Recipe {
  if (request.recipe !== undefined) {
    const named = imageRecipes.find(({ name }) => name === request.recipe)
    if (named) return named
    throw recipeUnknown({ name: request.recipe, names: imageRecipes.map(({ name }) => name) })
  }
  const words = wordsOf(request.prompt.replace(noGround, ' '))
  const matches = imageRecipes.map((recipe) => recipe.words.filter((word) => words.has(word)).length)
  const most = Math.max(...matches)
  if (most > 0) return imageRecipes[matches.indexOf(most)]!
  const { widthPx = 1024, heightPx = 1024 } = request
  return widthPx / heightPx >= 1.25 ? backdrop : icon
}
