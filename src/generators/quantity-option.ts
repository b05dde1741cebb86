import { z } from 'zod'
import { isAssetloomError } from '../core/errors.ts'
import { parseQuantity, type QuantityKind } from '../core/quantity.ts'

/**
 * An option that takes a plain number or one with a unit (`-1.0 dB`, `192k`, `0.3 s`); parsed to the kind's base unit.
 * @param bounds - both included, in the base unit
 */
export function quantityOption(kind: QuantityKind, bounds: { min?: number; max?: number } = {}) {
  const { min = -Infinity, max = Infinity } = bounds
  return z.union([z.number(), z.string()]).transform((value, context) => {
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
}
