import type { Failure } from '../../core/provider-failure.ts'
import type { ReadFault } from '../http/answer-failure.ts'
import { oneLine } from '../http/error-text.ts'

interface ErrorFields {
  error_code?: unknown
  message?: unknown
  error?: unknown
  error_description?: unknown
  validation_errors?: unknown
}

const unsafeCodes = new Set([
  'prompt_unsafe',
  'prompt_entity_denied',
  'legal_error',
  'image_unsafe',
  'reference_image_unsafe_error',
  'input_media_unsafe',
])
const rewordHint = 'Content or legal rules refused the prompt or a reference: reword it.'

/** What `x-access-error` says stands in the way, and what helps. */
const accessHints: Readonly<Record<string, string>> = {
  user_non_entitled: 'The account has no licence for Firefly Services.',
  user_profile_denied: 'The account may not use Firefly Services.',
  invalid_ims_scope: 'The project of the credentials has no access to the Firefly API: add it in the developer console.',
}

const fieldsOf = (body: unknown): ErrorFields => (typeof body === 'object' && body !== null ? body : {})

/** What an error answer of the API means beyond its status. */
export const readApiFault: ReadFault = ({ status, headers, body, message }) => {
  const { error_code, validation_errors } = fieldsOf(body)
  const access = headers.get('x-access-error') ?? ''
  if (access === 'quota_exhausted') return { kind: 'money', hint: 'The contract has no generations left.' }
  if (status === 401 || status === 403)
    return { hint: accessHints[access] ?? 'Check FIREFLY_CLIENT_ID and FIREFLY_CLIENT_SECRET.' }
  if (status === 451 || unsafeCodes.has(String(error_code))) return { kind: 'rejected', hint: rewordHint }
  if (Array.isArray(validation_errors) && validation_errors.length > 0)
    return { message: oneLine(`${message}: ${validation_errors.map(validationText).join('; ')}`) }
  if (status === 429) {
    const level = headers.get('x-access-rate-limit-level')
    if (level) return { message: `${message} (limit of the ${oneLine(level)})` }
  }
  return undefined
}

/** Of the token server: whatever it refuses are the credentials. */
export const readTokenFault: ReadFault = ({ status, body, message }) => {
  if (status !== 400 && status !== 401 && status !== 403) return undefined
  const { error, error_description } = fieldsOf(body)
  const said = [error, error_description].filter((one) => typeof one === 'string').join(': ')
  return {
    kind: 'auth',
    message: `no token is given: ${said ? oneLine(said) : message}`,
    hint: 'Check FIREFLY_CLIENT_ID and FIREFLY_CLIENT_SECRET, or clientId and clientSecret in the options.',
  }
}

/** Of a job that was accepted and came to nothing: what its last state means. */
export function jobFailure(state: { status: string; error_code?: unknown; message?: unknown }): Omit<
  Failure,
  'provider'
> {
  const { status, error_code, message } = state
  const said = typeof message === 'string' && message !== '' ? oneLine(message) : `the job ended as ${oneLine(status)}`
  if (unsafeCodes.has(String(error_code))) return { kind: 'rejected', message: said, hint: rewordHint }
  // Somebody stopped it; what it had cost by then is not told.
  if (status === 'cancelled') return { kind: 'maybe-spent', message: said }
  return { kind: 'server', message: said }
}

function validationText(error: unknown): string {
  const { loc, msg } = (typeof error === 'object' && error !== null ? error : {}) as { loc?: unknown; msg?: unknown }
  const place = Array.isArray(loc) ? loc.filter((part) => part !== 'body').join('.') : ''
  return [place, typeof msg === 'string' ? msg : ''].filter(Boolean).join(' ')
}
