import type { MicroUsd } from '../../core/cost.ts'

/** A model of the Stable Image service. */
export interface StabilityModel {
  /** How specs may call it; the first is the API's own word. */
  names: readonly string[]
  /** Last part of the address it is asked at. */
  endpoint: 'ultra' | 'core' | 'sd3'
  /** Credits of one picture. */
  credits: number
  takesReference: boolean
}

/** The vendor's price of a credit. */
const microUsdPerCredit = 10_000

/** The vendor's price list, read on 2026-11-20; one line adds one. */
const models: readonly StabilityModel[] = [
  { names: ['ultra', 'stable-image-ultra'], endpoint: 'ultra', credits: 8, takesReference: true },
  { names: ['core', 'stable-image-core'], endpoint: 'core', credits: 3, takesReference: false },
  { names: ['sd3.5-large', 'sd3'], endpoint: 'sd3', credits: 6.5, takesReference: true },
  { names: ['sd3.5-large-turbo'], endpoint: 'sd3', credits: 4, takesReference: true },
  { names: ['sd3.5-medium'], endpoint: 'sd3', credits: 3.5, takesReference: true },
  { names: ['sd3.5-flash'], endpoint: 'sd3', credits: 2.5, takesReference: true },
]

export const defaultModel = 'core'

/** What is known of a model; undefined of one that no list has. */
export function stabilityModel(name: string): StabilityModel | undefined {
  return models.find(({ names }) => names.includes(name))
}

/** Those that change a picture, for messages. */
export const modelsWithReference = models.filter((model) => model.takesReference).map(({ names }) => names[0]!)

/** The price of one picture. */
export function priceMicroUsd(model: StabilityModel): MicroUsd {
  return model.credits * microUsdPerCredit
}
