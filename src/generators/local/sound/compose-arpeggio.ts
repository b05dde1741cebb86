import type { Random } from '../../../core/random.ts'

export const keys = ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'] as const
export const scales = ['major', 'minor'] as const

/** A note on the grid; it may sound beyond the last step. */
export interface Note {
  /** Step on which it begins. */
  step: number
  /** How many steps it sounds. */
  steps: number
  hz: number
  level: number
  /** 0 left to 1 right. */
  place: number
  /** Levels of the partials, the fundamental first. */
  partials: readonly number[]
  attackSeconds: number
  decaySeconds: number
  releaseSeconds: number
  echo: boolean
}

const semitonesOf = { major: [0, 2, 4, 5, 7, 9, 11], minor: [0, 2, 3, 5, 7, 8, 10] } as const

/** Degrees of the chords, one a bar, 0-based; all come home well when they begin again. */
const progressions = {
  major: [
    [0, 4, 5, 3],
    [0, 5, 3, 4],
    [0, 3, 5, 4],
    [0, 2, 3, 4],
  ],
  minor: [
    [0, 5, 2, 6],
    [0, 3, 5, 4],
    [0, 6, 5, 6],
    [0, 5, 3, 4],
  ],
} as const

/** Places in the chord, over two octaves, step by step. */
const patterns = [
  [0, 1, 2, 3, 4, 3, 2, 1],
  [0, 2, 1, 3, 2, 4, 3, 1],
  [0, 1, 2, 4, 3, 2, 1, 2],
  [0, 3, 1, 4, 2, 4, 1, 3],
] as const

const stepsPerBar = 8

const pluck = { attackSeconds: 0.004, decaySeconds: 0.28, releaseSeconds: 0.08, partials: [1, 0.45, 0.2, 0.1, 0.04] }
const lead = { attackSeconds: 0.012, decaySeconds: 0.6, releaseSeconds: 0.12, partials: [1, 0.15, 0.3, 0.05, 0.08] }
const bass = { attackSeconds: 0.01, decaySeconds: 0.9, releaseSeconds: 0.08, partials: [1, 0.5, 0.12] }
const pad = { attackSeconds: 0.35, decaySeconds: 8, releaseSeconds: 0.5, partials: [1, 0.12, 0.06] }

/**
 * Compose broken chords over a four-chord progression, with a bass, a pad and a sparse melody on chord tones.
 * @param steps - length in eighths, a multiple of four
 */
export function composeArpeggio(plan: {
  steps: number
  key: (typeof keys)[number]
  scale: (typeof scales)[number]
  random: Random
}): Note[] {
  const { steps, key, scale, random } = plan
  const progression = random.pick<readonly number[]>(progressions[scale])
  const pattern = random.pick<readonly number[]>(patterns)
  // Around the middle of the keyboard: F#3 to F4.
  const tonic = 54 + ((keys.indexOf(key) + 6) % 12)
  const hzOf = (degree: number) => {
    const semitones = semitonesOf[scale]
    return 440 * 2 ** ((tonic + semitones[((degree % 7) + 7) % 7]! + 12 * Math.floor(degree / 7) - 69) / 12)
  }
  const notes: Note[] = []
  for (let step = 0; step < steps; step++) {
    const bar = Math.floor(step / stepsPerBar)
    const root = progression[bar % progression.length]!
    const chord = [0, 2, 4, 7, 9].map((third) => root + third)
    const inBar = step % stepsPerBar
    const accent = inBar === 0 ? 1 : inBar % 2 === 0 ? 0.85 : 0.7
    notes.push({
      ...pluck,
      step,
      steps: 3,
      hz: hzOf(chord[pattern[inBar]!]!),
      level: 0.4 * accent,
      place: inBar % 2 ? 0.7 : 0.3,
      echo: true,
    })
    if (inBar === 0) {
      const rest = Math.min(stepsPerBar, steps - step)
      for (const [i, third] of [0, 2, 4].entries())
        notes.push({
          ...pad,
          step,
          steps: rest + 1,
          hz: hzOf(root + third),
          level: 0.1,
          place: 0.25 + 0.25 * i,
          echo: false,
        })
    }
    if (inBar === 0 || inBar === 3 || inBar === 6)
      notes.push({
        ...bass,
        step,
        steps: 3,
        hz: hzOf(root - (inBar === 6 ? 10 : 14)),
        level: 0.5,
        place: 0.5,
        echo: false,
      })
    if (inBar % 2 === 0 && random.next() < (inBar === 0 ? 0.7 : 0.3))
      notes.push({
        ...lead,
        step,
        steps: random.int(2, 4),
        hz: hzOf(random.pick([4, 7, 9, 11].map((third) => root + third))),
        level: 0.26,
        place: 0.55,
        echo: true,
      })
  }
  return notes
}
