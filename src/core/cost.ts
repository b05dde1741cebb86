import { defineError } from './errors.ts'

/** Money in millionths of a US dollar; always an integer ≥ 0. */
export type MicroUsd = number & { readonly __unit?: 'micro-usd' }

const invalidAmount = defineError('AMOUNT_INVALID', {
  summary: 'An amount of money is not a finite number ≥ 0.',
  message: (d: { what: string; value: unknown }) =>
    `${d.what} is ${String(d.value)}, which is no amount of US dollars.`,
  hint: () => 'Give a finite number of dollars, 0 or more.',
  exit: 2,
})

/**
 * Dollars as micro-USD, rounded up so that no limit is passed by rounding.
 * @throws AMOUNT_INVALID for NaN, infinities and negative amounts
 */
export function usdToMicro(usd: number, what = 'The amount'): MicroUsd {
  if (!Number.isFinite(usd) || usd < 0) throw invalidAmount({ what, value: usd })
  return Math.ceil(Math.round(usd * 1e9) / 1e3)
}

/** `$0.04`, `$0.000125`: at least two decimals, as many as needed. */
export function formatUsd(amount: MicroUsd): string {
  const text = (amount / 1e6).toFixed(6).replace(/0+$/, '')
  const [whole, decimals = ''] = text.split('.')
  return `$${whole}.${decimals.padEnd(2, '0')}`
}
