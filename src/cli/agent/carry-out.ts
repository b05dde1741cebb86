import { formatUsd } from '../../core/cost.ts'
import { defineError, toAssetloomError, type AssetloomError } from '../../core/errors.ts'
import type { OperationContext } from '../../operations/operation.ts'
import { asksFirst, type Plan } from './plan.ts'

const planDeclined = defineError('PLAN_DECLINED', {
  summary: 'What the agent would have taken away or written over was not confirmed; nothing was done.',
  message: () => 'Nothing was done: nobody agreed to the plan.',
  hint: () => 'Look the plan over, then say it on a terminal, which asks, or pass --yes.',
})

export const planUnpaid = defineError('PLAN_UNPAID', {
  summary: 'What the agent would have paid for was not confirmed; nothing was spent.',
  message: (d: { quoteMicroUsd: number }) => `Nothing was made: it costs about ${formatUsd(d.quoteMicroUsd)}, and nobody agreed to that.`,
  hint: () => 'Say it on a terminal, which asks, or pass --yes; budget: { monthlyUsd: … } in the options limits what a month may cost.',
  exit: 3,
  http: 402,
})

/** What was carried out, of the document that scripts read. */
export interface Done {
  operation: string
  input: Record<string, unknown>
  output: unknown
}

export interface Carried {
  done: Done[]
  /** Each output as a person reads it. */
  texts: string[]
  error?: AssetloomError
}

/**
 * Ask before anything is taken away or paid; nothing else is asked.
 * @returns PLAN_DECLINED or PLAN_UNPAID when nobody agreed
 */
export async function refusalOf(plan: Plan, mustAsk: boolean, confirm: OperationContext['confirm'], tell: (text: string) => void): Promise<AssetloomError | undefined> {
  if (!plan.isDestructive && plan.quoteMicroUsd === 0 && !mustAsk) return undefined
  tell(plan.text)
  const question = plan.quoteMicroUsd > 0 ? `Spend about ${formatUsd(plan.quoteMicroUsd)}?` : 'Do this?'
  if (await confirm(question, 'no')) return undefined
  return plan.quoteMicroUsd > 0 ? planUnpaid({ quoteMicroUsd: plan.quoteMicroUsd }) : planDeclined({})
}

/** Carry out what was planned, one call after the other, up to the first that fails. */
export async function carryOut(plan: Plan, context: OperationContext): Promise<Carried> {
  const carried: Carried = { done: [], texts: [] }
  for (const { operation, input, action, given } of plan.calls) {
    context.signal.throwIfAborted()
    // The plan was confirmed: what the operation would ask has been answered. Code of others still asks for itself.
    const isAsked = plan.isDestructive || plan.quoteMicroUsd > 0
    const confirmed = { ...context, isInteractive: false, ...(asksFirst.has(operation) && { confirm: async () => true }) }
    try {
      const output = await action.run(given as never, isAsked ? confirmed : context)
      carried.done.push({ operation, input, output })
      carried.texts.push(action.present(output as never, given as never))
      const verdict = action.verdict?.(output as never, given as never)
      if (verdict) return { ...carried, error: verdict }
    } catch (thrown) {
      return { ...carried, error: toAssetloomError(thrown) }
    }
  }
  return carried
}
