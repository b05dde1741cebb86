import { formatUsd, usdToMicro, type MicroUsd } from '../core/cost.ts'
import { defineError } from '../core/errors.ts'

const rateLimited = defineError('RATE_LIMITED', {
  summary: 'A model called tools faster than it may.',
  message: (d: { perMinute: number }) => `More than ${d.perMinute} calls in a minute.`,
  hint: () => 'Wait a moment; ask for more at once, e.g. search with a higher limit.',
  http: 429,
})
const limitMissing = defineError('LIMIT_MISSING', {
  summary: 'A model was to spend money and did not say how much it may.',
  message: (d: { tool: string }) => `${d.tool} needs maxCostUsd, the most US dollars that it may spend.`,
  hint: () => 'Call plan first: it tells what each asset would cost. 0 makes only what is free.',
  exit: 2,
  http: 402,
})
const sessionSpent = defineError('SESSION_LIMIT', {
  summary: 'A model has spent what all its calls together may.',
  message: (d: { limitMicroUsd: MicroUsd; leftMicroUsd: MicroUsd }) =>
    `All calls together may spend ${formatUsd(d.limitMicroUsd)}, of which ${formatUsd(d.leftMicroUsd)} is left.`,
  hint: () => 'Whoever started the server sets the limit: assetloom mcp --max-cost-usd, or assetloom serve --mcp-max-cost-usd.',
  exit: 3,
})

export interface Limits {
  /** Count a call. @throws RATE_LIMITED */
  countCall(): void
  /**
   * Set money aside for a call; what it did not spend is given back.
   * @throws LIMIT_MISSING, SESSION_LIMIT when less is left than the call may spend
   */
  setAside(tool: string, maxCostUsd: unknown): (spentMicroUsd: MicroUsd) => void
}

/** What all calls of one process may do together, whoever makes them. */
export function createLimits(input: { callsPerMinute: number; maxCostUsd: number; now(): number }): Limits {
  const limitMicroUsd = usdToMicro(input.maxCostUsd)
  let leftMicroUsd = limitMicroUsd
  let calls: number[] = []
  return {
    countCall() {
      const now = input.now()
      calls = calls.filter((at) => at > now - 60_000)
      if (calls.length >= input.callsPerMinute) throw rateLimited({ perMinute: input.callsPerMinute })
      calls.push(now)
    },
    setAside(tool, maxCostUsd) {
      if (typeof maxCostUsd !== 'number') throw limitMissing({ tool })
      const wanted = usdToMicro(maxCostUsd, 'maxCostUsd')
      if (wanted > leftMicroUsd) throw sessionSpent({ limitMicroUsd, leftMicroUsd })
      leftMicroUsd -= wanted
      return (spentMicroUsd) => void (leftMicroUsd += Math.max(0, wanted - spentMicroUsd))
    },
  }
}
