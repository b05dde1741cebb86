import { didYouMean } from '../core/near.ts'
import { providerFailure } from '../core/provider-failure.ts'

/** Why a value cannot be taken, as what follows the parameter's name; undefined when it can. */
export type ParameterCheck = (value: unknown) => string | undefined

export const oneOf = (...allowed: string[]): ParameterCheck => (value) =>
  allowed.includes(value as string) ? undefined : `must be one of ${allowed.join(', ')}`

export const wholeNumber = (least: number, most: number): ParameterCheck => (value) =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= most
    ? undefined
    : `must be a whole number from ${least} to ${most}`

export const numberFrom = (least: number, most: number): ParameterCheck => (value) =>
  typeof value === 'number' && value >= least && value <= most ? undefined : `must be a number from ${least} to ${most}`

export const someText: ParameterCheck = (value) =>
  typeof value === 'string' && value.trim() !== '' ? undefined : 'must be a text'

export const trueOrFalse: ParameterCheck = (value) =>
  typeof value === 'boolean' ? undefined : 'must be true or false'

/** Parameters that every picture may have; they reach a provider under names of their own. */
const ofPictures = ['size', 'quality', 'n_variations', 'seed']

/**
 * Refuse parameters that a provider or its model does not have, and values that it does not take.
 * @param input.subject - who takes them, for the message
 * @param input.common - those that a spec may have beside, for the message; @default those of pictures
 * @param input.elsewhere - what to write in place of parameters that specs for other APIs carry
 * @throws PROVIDER_REJECTED naming what is allowed
 */
export function checkParameters(input: {
  provider: string
  subject: string
  parameters: Readonly<Record<string, unknown>>
  known: Readonly<Record<string, ParameterCheck>>
  common?: readonly string[]
  elsewhere: Readonly<Record<string, string>>
}): void {
  const { provider, subject, known, common = ofPictures, elsewhere } = input
  for (const [name, value] of Object.entries(input.parameters)) {
    const check = Object.hasOwn(known, name) ? known[name] : undefined
    if (check) {
      const problem = check(value)
      if (problem) throw providerFailure({ kind: 'rejected', provider, message: `${name} ${problem}` })
      continue
    }
    const allowed = [...common, ...Object.keys(known)]
    const advice = Object.hasOwn(elsewhere, name) ? elsewhere[name] : didYouMean(name, allowed)
    throw providerFailure({
      kind: 'rejected',
      provider,
      message: `${subject} has no parameter ${name}`,
      hint: `${advice ? `${advice} ` : ''}Allowed: ${allowed.join(', ')}.`,
    })
  }
}
