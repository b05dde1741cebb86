import * as z from 'zod'
import { quantityOption } from '../../quantity-option.ts'
import { requireOptions } from '../../strict-options.ts'
import { framesOf } from './duration.ts'
import { wordsOf } from './prompt-words.ts'
import { recipeRateHz, type SoundRecipe } from './recipe.ts'
import { fadeEdges, finishSound } from './signal.ts'

const frequency = () => quantityOption('hertz', { min: 20, max: 16_000 })

const parameters = z.strictObject({
  from: frequency().optional().describe('Hertz at the beginning.'),
  to: frequency().optional().describe('Hertz at the end.'),
})

const falling = ['down', 'downward', 'downwards', 'fall', 'falling', 'descending', 'drop']

export const sweep: SoundRecipe = {
  name: 'sweep',
  words: ['sweep', 'riser', 'rising', 'falling', 'slide', 'glissando', 'siren', 'chirp', 'swoosh', 'transition'],
  summary: 'A pitch that glides from one frequency to another.',
  types: ['audio'],
  parameters,
  make(request) {
    const given = requireOptions(parameters, request.parameters, 'the recipe sweep')
    const frames = framesOf('sweep', request, [0.6, 1], 600)
    const { random } = request
    const low = random.between(150, 260)
    const high = random.between(1400, 2400)
    const down = wordsOf(request.prompt).some((word) => falling.includes(word))
    const fromHz = given.from ?? (down ? high : low)
    const toHz = given.to ?? (down ? low : high)
    let phase = 0
    const samples = Float32Array.from({ length: frames }, (_, i) => {
      phase += (2 * Math.PI * fromHz * (toHz / fromHz) ** (i / frames)) / recipeRateHz
      return Math.sin(phase) + 0.2 * Math.sin(2 * phase)
    })
    return finishSound(fadeEdges(samples, 8, 20))
  },
}
