import type { MicroUsd } from '../../core/cost.ts'

/* List prices of 2026-06, from third-party guides. `prices` of the options takes precedence. What is not here is not
   guessed. The answers' `character-cost` counts credits, whose price depends on the plan, so it is kept as a fact and
   makes no amount. */

/** What decides about the price of a call. */
export interface Priced {
  model: string
  /** Of music. */
  lengthMs?: number
  /** Of speech. */
  characters?: number
}

/** Exact micro-USD of a call by its model: a sound each, music by its length, speech by its characters. */
const priceOf: Readonly<Record<string, (call: Priced) => MicroUsd>> = {
  eleven_text_to_sound_v2: () => 120_000,
  // $0.30 a minute.
  ...ofEach(['music_v1', 'music_v2', 'music_v2_5'], ({ lengthMs = 0 }) => lengthMs * 5),
  // $0.10 for 1,000 characters.
  ...ofEach(['eleven_multilingual_v2', 'eleven_v3'], ({ characters = 0 }) => characters * 100),
  // $0.05 for 1,000 characters.
  ...ofEach(['eleven_flash_v2', 'eleven_flash_v2_5'], ({ characters = 0 }) => characters * 50),
}

/** @returns undefined for a model that no list has */
export function quoteMicroUsd(call: Priced): MicroUsd | undefined {
  return Object.hasOwn(priceOf, call.model) ? priceOf[call.model]!(call) : undefined
}

function ofEach<T>(names: readonly string[], price: T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, price]))
}
