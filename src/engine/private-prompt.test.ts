import { expect, it } from 'vitest'
import type { JobRequest } from '../core/job.ts'
import { failureOf, providerFailure } from '../core/provider-failure.ts'
import { withoutPrompt } from './private-prompt.ts'

const request: JobRequest = { type: 'image', prompt: 'The unreleased Falcon car,\nseen from above', negative: 'logo', variations: 1, parameters: {} }
const failed = (message: string, hint?: string, cause?: unknown) =>
  providerFailure({ kind: 'rate-limited', provider: 'p', message, status: 429, retryAfterMs: 5, ...(hint && { hint }) }, cause)

it.each([
  ['whole', failed('refused: "The unreleased Falcon car, seen from above"')],
  ['in part, across a line end', failed('refused: …Falcon car, seen f…')],
  ['in other letters', failed('FALCON-CAR SEEN was refused')],
  ['in the hint', failed('refused', 'Reword the unreleased falcon.')],
  ['in the cause', failed('refused', undefined, new Error('the unreleased falcon'))],
  ['when it is one word', failed('no logo please')],
])('leaves out the words of a provider that repeats the prompt %s', (_, error) => {
  const clean = withoutPrompt(error, request)
  expect([clean.code, clean.cause]).toEqual(['PROVIDER_RATE_LIMITED', undefined])
  expect(`${clean.message} ${clean.hint}`).not.toMatch(/falcon|unreleased|logo/i)
  expect(failureOf(clean)).toMatchObject({ kind: 'rate-limited', provider: 'p', status: 429, retryAfterMs: 5 })
})

it.each(['the car is in a logotype', 'Slow down.', 'from above the limit'])('leaves other words as they are: %s', (message) => {
  const error = failed(message)
  expect(withoutPrompt(error, request)).toBe(error)
})
