import { wordsOf } from './prompt-words.ts'

/** What the words of a prompt say about a sound; each from 0 (nothing) to 1, brightness and hardness from -1. */
export interface Character {
  /** Dark to bright: filters and pitch. */
  brightness: number
  /** Soft to hard: attack and punch. */
  hardness: number
  /** Low end: pitch and a boom below. */
  weight: number
  /** Breath, dust, wind: a whoosh beside the tone. */
  air: number
  /** Buzz and crackle. */
  electricity: number
  /** Length, depth of the slides, tail. */
  drama: number
}

type Trait = Partial<Character>

const traits: Readonly<Record<string, Trait>> = {
  airy: { air: 0.6, brightness: 0.2, weight: -0.3 },
  bass: { weight: 0.6, brightness: -0.4 },
  big: { weight: 0.3, drama: 0.3 },
  boom: { weight: 0.6, brightness: -0.3 },
  breath: { air: 0.5 },
  bright: { brightness: 0.6 },
  burst: { hardness: 0.2, electricity: 0.2 },
  buzz: { electricity: 0.5 },
  calm: { hardness: -0.5 },
  cinematic: { drama: 0.5, weight: 0.3 },
  cloud: { air: 0.5, hardness: -0.2 },
  crackle: { electricity: 0.5, air: 0.2 },
  crisp: { hardness: 0.5, brightness: 0.4 },
  dark: { brightness: -0.6 },
  deep: { weight: 0.5, brightness: -0.4 },
  dramatic: { drama: 0.6 },
  dull: { brightness: -0.6 },
  dust: { air: 0.5, brightness: -0.2 },
  electric: { electricity: 0.7, brightness: 0.2 },
  electrical: { electricity: 0.7, brightness: 0.2 },
  energy: { electricity: 0.4 },
  epic: { drama: 0.6, weight: 0.2 },
  explosion: { weight: 0.5, air: 0.3, drama: 0.2 },
  explosive: { weight: 0.4, air: 0.3, hardness: 0.2 },
  fluffy: { hardness: -0.6, air: 0.3 },
  gentle: { hardness: -0.6 },
  gritty: { electricity: 0.3, air: 0.3 },
  hard: { hardness: 0.6 },
  heavy: { weight: 0.5, hardness: 0.2 },
  high: { brightness: 0.3 },
  huge: { weight: 0.4, drama: 0.4 },
  impact: { weight: 0.2, hardness: 0.2 },
  light: { weight: -0.4, brightness: 0.3, hardness: -0.2 },
  low: { brightness: -0.3, weight: 0.2 },
  massive: { weight: 0.5, drama: 0.4 },
  mega: { weight: 0.4, drama: 0.4 },
  mellow: { brightness: -0.4, hardness: -0.4 },
  metallic: { brightness: 0.4, electricity: 0.2 },
  muffled: { brightness: -0.7 },
  plasma: { electricity: 0.5 },
  powerful: { weight: 0.2, hardness: 0.3 },
  punchy: { hardness: 0.7, weight: 0.2 },
  quiet: { hardness: -0.4 },
  rumble: { weight: 0.6, air: 0.2 },
  sandy: { air: 0.5 },
  sharp: { hardness: 0.6, brightness: 0.4 },
  shock: { electricity: 0.5 },
  shiny: { brightness: 0.5 },
  smooth: { hardness: -0.5, brightness: -0.1 },
  snappy: { hardness: 0.6 },
  soft: { hardness: -0.6, brightness: -0.2 },
  spark: { electricity: 0.5, brightness: 0.2 },
  sparkly: { brightness: 0.6 },
  static: { electricity: 0.4, air: 0.2 },
  strong: { hardness: 0.4, weight: 0.2 },
  subtle: { hardness: -0.4 },
  thunder: { weight: 0.6, drama: 0.4, air: 0.3 },
  tiny: { weight: -0.5, brightness: 0.3 },
  warm: { brightness: -0.3 },
  whoosh: { air: 0.6 },
  wind: { air: 0.6 },
  zap: { electricity: 0.6 },
}

/** Sum of the traits of all different words, each kept within its range. */
export function characterOf(prompt: string): Character {
  const sum: Character = { brightness: 0, hardness: 0, weight: 0, air: 0, electricity: 0, drama: 0 }
  for (const word of new Set(wordsOf(prompt))) {
    if (!Object.hasOwn(traits, word)) continue
    for (const [name, amount] of Object.entries(traits[word]!)) sum[name as keyof Character] += amount
  }
  const within = (value: number, min: number) => Math.max(min, Math.min(1, value))
  return {
    brightness: within(sum.brightness, -1),
    hardness: within(sum.hardness, -1),
    weight: within(sum.weight, 0),
    air: within(sum.air, 0),
    electricity: within(sum.electricity, 0),
    drama: within(sum.drama, 0),
  }
}
