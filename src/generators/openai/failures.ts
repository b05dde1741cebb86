import { currentModel } from '../../core/retired-models.ts'
import type { Fault, ReadFault } from '../http/answer-failure.ts'

interface ErrorFields {
  code?: unknown
  type?: unknown
  param?: unknown
}

const moneyCodes = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'billing_limit_user_error'])

function fieldsOf(fault: Fault): ErrorFields {
  const error = (fault.body as { error?: unknown } | null | undefined)?.error
  return typeof error === 'object' && error !== null ? error : {}
}

/** What an error answer of the Images API means beyond its status. */
export function readFaultFor(model: string): ReadFault {
  return (fault) => {
    const { code, type } = fieldsOf(fault)
    if (moneyCodes.has(String(code)) || moneyCodes.has(String(type))) return { kind: 'money' }
    if (code === 'moderation_blocked' || code === 'content_policy_violation')
      return { kind: 'rejected', hint: 'The safety system refused the prompt or a reference: reword it.' }
    if (code === 'model_not_found' || (fault.status === 404 && fieldsOf(fault).param === 'model')) {
      const { warning } = currentModel('openai', model)
      return { kind: 'rejected', hint: warning ?? 'Check the name of the model, and that the project may use it.' }
    }
    // Another request on the same organization: the vendor says to repeat it.
    if (fault.status === 409) return { kind: 'server' }
    if (fault.status === 403)
      return { kind: 'auth', hint: 'The organization may not be verified, or the project may not use this model.' }
    return undefined
  }
}
