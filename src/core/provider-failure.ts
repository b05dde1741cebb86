import { AssetloomError, defineError, type ErrorContext } from './errors.ts'

/**
 * What a failed call means for money and for the next step.
 * - `rejected`: the request is wrong or refused by policy; the same request fails again.
 * - `auth`: key missing or refused.
 * - `money`: quota, billing or credit is used up; the provider stops for the run.
 * - `rate-limited`, `server`: an error answer; free, may be tried again.
 * - `not-sent`: the connection failed before the request was sent; free, may be tried again.
 * - `maybe-spent`: it may have been accepted (timeout, reset after send); never sent again.
 * - `bad-output`: it answered with something that is no usable media; paid.
 * - `aborted`: we gave up.
 */
export type FailureKind =
  | 'rejected'
  | 'auth'
  | 'money'
  | 'rate-limited'
  | 'server'
  | 'not-sent'
  | 'maybe-spent'
  | 'bad-output'
  | 'aborted'

export interface Failure {
  kind: FailureKind
  provider: string
  message: string
  hint?: string
  status?: number
  /** From `Retry-After`, in milliseconds. */
  retryAfterMs?: number
}

const define = (kind: FailureKind, summary: string, defaultHint: string) =>
  defineError(`PROVIDER_${kind.toUpperCase().replace('-', '_')}`, {
    summary,
    message: (d: Failure) => `${d.provider}: ${d.message}`,
    hint: (d) => d.hint ?? defaultHint,
    http: 502,
  })

const errors: Record<FailureKind, (data: Failure, context?: ErrorContext) => AssetloomError> = {
  rejected: define(
    'rejected',
    'A provider refused the request.',
    'Change the prompt or the parameters the message names.',
  ),
  auth: define('auth', 'A provider refused the key.', 'Check the key of this provider.'),
  money: define('money', 'A provider has no credit or quota left.', 'Top up the account or use another provider.'),
  'rate-limited': define('rate-limited', 'A provider asks to slow down.', 'Wait, or lower --concurrency.'),
  server: define('server', 'A provider failed on its side.', 'Try again later.'),
  'not-sent': define('not-sent', 'A provider could not be reached.', 'Check the network and the base URL.'),
  'maybe-spent': define(
    'maybe-spent',
    'A paid request may have been accepted although no answer came; it is booked as spent and not sent again.',
    "Look at the provider's own usage page, then run `assetloom generate` again.",
  ),
  'bad-output': define(
    'bad-output',
    'A provider answered with bytes that are no usable media.',
    'The raw answer was not kept. Try another model.',
  ),
  aborted: define('aborted', 'The call was given up.', 'Run again to go on.'),
}

const failures = new WeakMap<AssetloomError, Failure>()

/** The error of a failed provider call; {@link failureOf} reads its kind back. */
export function providerFailure(failure: Failure, cause?: unknown): AssetloomError {
  const error = errors[failure.kind](failure, {
    cause,
    details: { provider: failure.provider, ...(failure.status && { status: failure.status }) },
  })
  failures.set(error, failure)
  return error
}

export function failureOf(error: unknown): Failure | undefined {
  return error instanceof AssetloomError ? failures.get(error) : undefined
}
