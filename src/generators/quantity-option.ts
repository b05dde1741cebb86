import * as z from 'zod'
import { isAssetloomError } from '../core/errors.ts'
import { parseQuantity, type QuantityKind } from '../core/quantity.ts'

/**
 * An option that takes a plain number or one with a unit (`-1.0 dB`, `192k`, `0.3 s`); parsed to the kind's base unit.
 * @param bounds - both included, in the base unit
 */
export function quantityOption(kind: QuantityKind, bounds: { min?: number; max?: number } = {}) {
  const { min = -Infinity, max = Infinity } = bounds
  const quantity = z.union([z.number(), z.string()]).transform((value, context) => {
    try {
      const quantity = parseQuantity(value, kind, 'the value')
      if (quantity >= min && quantity <= max) return quantity
      context.addIssue({ code: 'custom', message: `${value} is not within ${min} and ${max}` })
    } catch (error) {
      if (!isAssetloomError(error)) throw error
      context.addIssue({ code: 'custom', message: error.message })
    }
    return z.NEVER
  })
  return quantity.meta({ title: `${nounOf[kind]} ${rangeText(min, max)}`.trim() })
}

/** What a plain number counts, for editors and docs. */
const nounOf: Readonly<Record<QuantityKind, string>> = {
  decibels: 'decibels',
  loudness: 'LUFS',
  seconds: 'seconds',
  milliseconds: 'milliseconds',
  hertz: 'hertz',
  bitrate: 'kbit/s',
  bytes: 'bytes',
}

function rangeText(min: number, max: number): string {
  if (max === Infinity) return min > 0 ? `from ${min}` : ''
  return min === -Infinity ? `up to ${max}` : `from ${min} to ${max}`
}
