import * as z from 'zod'
import { requireOptions } from '../../strict-options.ts'
import { framesOf } from './duration.ts'
import { wordsOf } from './prompt-words.ts'
import type { SoundRecipe } from './recipe.ts'
import { fadeEdges, finishSound, highPass, lowPass, whiteNoise } from './signal.ts'

const colors = ['white', 'pink', 'brown'] as const

const parameters = z.strictObject({
  color: z.enum(colors).optional().describe('Without it what the prompt says, else white.'),
  shape: z
    .enum(['burst', 'steady'])
    .optional()
    .describe('`burst` dies away, `steady` stays. Without it what the prompt says, else burst.'),
})

const colorOfWord: Readonly<Record<string, (typeof colors)[number]>> = {
  white: 'white',
  hiss: 'white',
  static: 'white',
  pink: 'pink',
  rain: 'pink',
  brown: 'brown',
  wind: 'brown',
  rumble: 'brown',
  waves: 'brown',
}
const steadyWords = [
  'steady',
  'ambient',
  'ambience',
  'background',
  'loop',
  'constant',
  'continuous',
  'rain',
  'wind',
  'waves',
]

export const noise: SoundRecipe = {
  name: 'noise',
  words: ['noise', 'hiss', 'static', 'wind', 'rain', 'waves', 'breath', 'whoosh', 'snare'],
  summary: 'Coloured noise, as a burst or steady.',
  types: ['audio'],
  parameters,
  make(request) {
    const given = requireOptions(parameters, request.parameters, 'the recipe noise')
    const frames = framesOf('noise', request, [0.4, 0.7], 600)
    const words = wordsOf(request.prompt)
    const color = given.color ?? words.map((word) => colorOfWord[word]).find(Boolean) ?? 'white'
    const steady = (given.shape ?? (words.some((word) => steadyWords.includes(word)) ? 'steady' : 'burst')) === 'steady'
    const colored = coloredNoise(whiteNoise(frames, request.random), color)
    const shaped = steady ? colored : colored.map((sample, i) => sample * Math.exp((-5 * i) / frames))
    return finishSound(fadeEdges(shaped, 3, 10))
  },
}

function coloredNoise(white: Float32Array, color: (typeof colors)[number]): Float32Array {
  if (color === 'white') return white
  if (color === 'brown')
    return highPass(
      lowPass(white, () => 60),
      20,
    )
  // Pink: low-passes two octaves and a half apart, each as loud, fall 3 dB an octave between their corners.
  const corners = [40, 220, 1250, 7000]
  const layers = corners.map((hz) => lowPass(white, () => hz))
  return highPass(
    white.map((sample, i) =>
      layers.reduce((sum, layer, n) => sum + layer[i]! * (corners.at(-1)! / corners[n]!) ** 0.5, sample * 0.4),
    ),
    20,
  )
}
