/** What one family of image models takes. */
export interface ImageModel {
  /** The name and its dated snapshots. */
  names: readonly string[]
  /** Qualities beside `auto`, cheapest first. */
  qualities: readonly string[]
  /** Whether it makes sizes other than the standard ones. */
  hasFreeSizes: boolean
  /** What `input_fidelity` may be; none: it must be left out. */
  fidelities: readonly string[]
}

const usualQualities = ['low', 'medium', 'high'] as const
const newestQualities = [...usualQualities, 'xhigh', 'max'] as const

/** From the vendor's API types of 2026-11; one line adds one. */
const imageModels: readonly ImageModel[] = [
  {
    names: [
      'gpt-image-2.6-sunburst',
      'gpt-image-2.6-flare',
      'gpt-image-2.5-sunburst',
      'gpt-image-2.5-sunburst-2026-09-08',
      'gpt-image-2.5-flare',
      'gpt-image-2.5-flare-2026-09-08',
    ],
    qualities: newestQualities,
    hasFreeSizes: true,
    fidelities: [],
  },
  { names: ['gpt-image-2', 'gpt-image-2-2026-04-21'], qualities: usualQualities, hasFreeSizes: true, fidelities: [] },
  {
    names: ['gpt-image-1.5', 'gpt-image-1.5-2025-12-16', 'chatgpt-image-latest'],
    qualities: usualQualities,
    hasFreeSizes: false,
    fidelities: ['low', 'high'],
  },
  { names: ['gpt-image-1-mini'], qualities: usualQualities, hasFreeSizes: false, fidelities: ['low'] },
]

/** What is known of a model; undefined of one that only a compatible server has. */
export function imageModel(name: string): ImageModel | undefined {
  return imageModels.find(({ names }) => names.includes(name))
}

/** Prices are listed for all of it, and every snapshot of a family costs the same. */
export const defaultModel = 'gpt-image-2'
