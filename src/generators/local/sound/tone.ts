import * as z from 'zod'
import { quantityOption } from '../../quantity-option.ts'
import { requireOptions } from '../../strict-options.ts'
import { framesOf } from './duration.ts'
import { recipeRateHz, type SoundRecipe } from './recipe.ts'
import { fadeEdges, finishSound } from './signal.ts'

const waveforms = ['sine', 'triangle', 'square', 'sawtooth'] as const

const parameters = z.strictObject({
  frequency: quantityOption('hertz', { min: 20, max: 16_000 })
    .optional()
    .describe('Hertz, also as `1 kHz`; without it what the prompt says, else 440.'),
  waveform: z.enum(waveforms).optional().describe('Without it what the prompt says, else sine.'),
})

export const tone: SoundRecipe = {
  name: 'tone',
  words: ['tone', 'test tone', 'hum', 'drone', 'sine', 'pitch'],
  summary: 'One steady pitch.',
  types: ['audio'],
  parameters,
  make(request) {
    const given = requireOptions(parameters, request.parameters, 'the recipe tone')
    const frames = framesOf('tone', request, [1, 1], 600)
    const hz = given.frequency ?? hzInPrompt(request.prompt) ?? 440
    const waveform = given.waveform ?? waveforms.find((name) => request.prompt.toLowerCase().includes(name)) ?? 'sine'
    return finishSound(fadeEdges(harmonics(frames, hz, waveform), 5, 5))
  },
}

function hzInPrompt(prompt: string): number | undefined {
  const match = /(\d{1,5}(?:\.\d{1,3})?)\s?(k?)hz\b/i.exec(prompt)
  const hz = match ? Number(match[1]) * (match[2] ? 1000 : 1) : 0
  return hz >= 20 && hz <= 16_000 ? hz : undefined
}

/** A waveform by its partials below half the sample rate, so that nothing folds back. */
function harmonics(frames: number, hz: number, waveform: (typeof waveforms)[number]): Float32Array {
  const samples = new Float32Array(frames)
  const highest = waveform === 'sine' ? 1 : Math.min(40, Math.floor(recipeRateHz / 2.2 / hz))
  for (let n = 1; n <= Math.max(1, highest); n++) {
    const odd = n % 2 === 1
    if ((waveform === 'square' || waveform === 'triangle') && !odd) continue
    const level = waveform === 'triangle' ? (n % 4 === 1 ? 1 : -1) / (n * n) : 1 / n
    const step = (2 * Math.PI * hz * n) / recipeRateHz
    for (let i = 0; i < frames; i++) samples[i]! += level * Math.sin(step * i)
  }
  return samples
}
