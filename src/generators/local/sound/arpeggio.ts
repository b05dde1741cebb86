import * as z from 'zod'
import type { Random } from '../../../core/random.ts'
import { requireOptions } from '../../strict-options.ts'
import { composeArpeggio, keys, scales, type Note } from './compose-arpeggio.ts'
import { framesOf } from './duration.ts'
import { wordsOf } from './prompt-words.ts'
import { recipeRateHz, type SoundRecipe } from './recipe.ts'
import { finishSound } from './signal.ts'

const parameters = z.strictObject({
  tempo: z
    .number()
    .min(40)
    .max(240)
    .optional()
    .describe('Beats per minute; moved a little so that the loop has the asked length.'),
  tonic: z.enum(keys).optional().describe('The note that it is in; else by chance.'),
  scale: z.enum(scales).optional().describe('Else by the prompt: minor for sad, dark or tense words.'),
})

const slowWords =
  'calm slow ambient relaxing peaceful gentle soft lullaby meditation sad dreamy'.split(' ')
const fastWords =
  'fast energetic upbeat action battle boss dance chase exciting racing driving'.split(' ')
const minorWords =
  'minor sad dark mysterious tense night battle boss dungeon melancholic dramatic spooky'.split(' ')

/** Stepped four to a group; two groups are a bar. */
const stepsPerGroup = 4
const barsByDefault = 4

export const arpeggio: SoundRecipe = {
  name: 'arpeggio',
  words: [
    'arpeggio',
    'music',
    'melody',
    'tune',
    'song',
    'jingle',
    'theme',
    'soundtrack',
    'chiptune',
    'background music',
  ],
  summary: 'A short piece of broken chords, bass and melody that loops without a seam.',
  types: ['music', 'audio'],
  parameters,
  make(request) {
    const given = requireOptions(parameters, request.parameters, 'the recipe arpeggio')
    const { random } = request
    const words = new Set(wordsOf(request.prompt))
    const has = (list: readonly string[]) => list.some((word) => words.has(word))
    const [minTempo, maxTempo] = has(slowWords) ? [68, 84] : has(fastWords) ? [128, 152] : [96, 116]
    const tempo = given.tempo ?? random.int(minTempo, maxTempo)
    const scale = given.scale ?? (has(minorWords) ? 'minor' : 'major')
    const key = given.tonic ?? random.pick(keys)
    const stepSeconds = 30 / tempo
    const loopSeconds = barsByDefault * 2 * stepsPerGroup * stepSeconds
    const frames = framesOf('arpeggio', request, [loopSeconds, loopSeconds], 600)
    const groups = Math.max(1, Math.round(frames / recipeRateHz / stepSeconds / stepsPerGroup))
    const notes = composeArpeggio({ steps: groups * stepsPerGroup, key, scale, random })
    return finishSound(...renderLoop(notes, groups * stepsPerGroup, frames, random))
  },
}

/** Play all notes into a ring: what sounds beyond the end goes on at the beginning, so that the loop has no seam. */
function renderLoop(
  notes: readonly Note[],
  steps: number,
  frames: number,
  random: Random,
): [Float32Array, Float32Array] {
  const left = new Float32Array(frames)
  const right = new Float32Array(frames)
  const stepFrames = frames / steps
  const echoFrames = Math.round(3 * stepFrames)
  for (const note of notes) {
    const played = playNote(note, Math.min(frames, Math.round(note.steps * stepFrames)), random)
    const start = Math.round(note.step * stepFrames)
    addToRing(left, played, start, note.level * Math.cos(note.place * (Math.PI / 2)))
    addToRing(right, played, start, note.level * Math.sin(note.place * (Math.PI / 2)))
    if (note.echo) {
      // From the other side.
      addToRing(left, played, start + echoFrames, 0.28 * note.level * Math.sin(note.place * (Math.PI / 2)))
      addToRing(right, played, start + echoFrames, 0.28 * note.level * Math.cos(note.place * (Math.PI / 2)))
    }
  }
  return [left, right]
}

function addToRing(ring: Float32Array, samples: Float32Array, start: number, level: number): void {
  for (let i = 0, at = start % ring.length; i < samples.length; i++) {
    ring[at]! += level * samples[i]!
    if (++at === ring.length) at = 0
  }
}

/** Partials with an envelope; each oscillates by 2·cos(ω)·y[n-1] − y[n-2], which needs no sine for every sample. */
function playNote(note: Note, frames: number, random: Random): Float32Array {
  const samples = new Float32Array(frames)
  const detune = 1 + random.between(-0.0008, 0.0008)
  for (const [n, level] of note.partials.entries()) {
    const omega = (2 * Math.PI * note.hz * detune * (n + 1)) / recipeRateHz
    if (omega > 0.9 * Math.PI) break
    const turn = 2 * Math.cos(omega)
    let before = -Math.sin(omega)
    let sample = 0
    for (let i = 0; i < frames; i++) {
      samples[i]! += level * sample
      const next = turn * sample - before
      before = sample
      sample = next
    }
  }
  const attack = Math.max(1, Math.min(frames / 2, note.attackSeconds * recipeRateHz))
  const release = Math.max(1, Math.min(frames / 2, note.releaseSeconds * recipeRateHz))
  const decay = Math.exp(-1 / (note.decaySeconds * recipeRateHz))
  let level = 1
  for (let i = 0; i < frames; i++) {
    const edge = Math.min(1, i / attack, (frames - i) / release)
    samples[i]! *= level * edge * edge * (3 - 2 * edge)
    level *= decay
  }
  return samples
}
