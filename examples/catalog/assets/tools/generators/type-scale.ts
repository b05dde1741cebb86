export interface Input {
  /** Each size over the one before. @default 1.25 */
  ratio?: number
  /** @default 1 */
  baseRem?: number
  /** Sizes above the base. @default 4 */
  up?: number
  /** Sizes below it. @default 2 */
  down?: number
}

export interface Output {
  sizes: { step: number; rem: number }[]
}

/** Sizes from the smallest to the largest, rounded to thousandths of a rem. */
export async function execute({ ratio = 1.25, baseRem = 1, up = 4, down = 2 }: Input = {}): Promise<Output> {
  if (!(ratio > 1 && ratio <= 3)) throw new RangeError('ratio is more than 1 and at most 3.')
  if (!(baseRem > 0 && baseRem <= 10)) throw new RangeError('baseRem is more than 0 and at most 10.')
  for (const [name, count] of Object.entries({ up, down }))
    if (!Number.isInteger(count) || count < 0 || count > 12) throw new RangeError(`${name} is a whole number from 0 to 12.`)
  const steps = Array.from({ length: up + down + 1 }, (_, i) => i - down)
  return { sizes: steps.map((step) => ({ step, rem: Math.round(baseRem * ratio ** step * 1000) / 1000 })) }
}
