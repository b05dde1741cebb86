import type { AssetloomError } from '../core/errors.ts'

/* Every answer but content has the same shape. */

const jsonHeaders = { 'content-type': 'application/json; charset=utf-8' }

export function answerData(data: unknown, message: string, status = 200): Response {
  return new Response(`${JSON.stringify({ error: false, status, data, message })}\n`, { status, headers: jsonHeaders })
}

/** @param data - what was done all the same */
export function answerError({ http: status, code, message, hint, details }: AssetloomError, data?: unknown): Response {
  const body = { error: true, status, code, message, ...(hint && { hint }), ...(details && { details }), ...(data !== undefined && { data }) }
  return new Response(`${JSON.stringify(body)}\n`, { status, headers: jsonHeaders })
}
