import { defineError } from '../../../core/errors.ts'
import { recipeRateHz, type SoundRequest } from './recipe.ts'

const durationInvalid = defineError('SOUND_DURATION_INVALID', {
  summary: 'A local recipe is asked for a sound of a length that it cannot make.',
  message: (d: { recipe: string; seconds: number; max: number }) =>
    `The recipe ${d.recipe} makes sounds of ${minSeconds} to ${d.max} seconds, not ${d.seconds}.`,
  hint: (d) => `Give a duration of ${minSeconds} to ${d.max} seconds.`,
  exit: 2,
})

const minSeconds = 0.02

/**
 * How many samples to make: as asked, else as the prompt says, else something within the recipe's own range.
 * @param usual - seconds, from and to, when nobody says
 * @throws SOUND_DURATION_INVALID when the request asks for less than 0.02 s or more than `maxSeconds`
 */
export function framesOf(
  recipe: string,
  request: SoundRequest,
  usual: readonly [number, number],
  maxSeconds: number,
): number {
  const asked = request.durationSeconds
  if (asked !== undefined && !(asked >= minSeconds && asked <= maxSeconds))
    throw durationInvalid({ recipe, seconds: asked, max: maxSeconds })
  const told = durationInPrompt(request.prompt)
  const fits = told && told[0] >= minSeconds && told[1] <= maxSeconds
  const [min, max] = asked !== undefined ? [asked, asked] : fits ? told : usual
  return Math.max(1, Math.round(request.random.between(min, max) * recipeRateHz))
}

const number = String.raw`(\d{1,4}(?:\.\d{1,4})?)`
const durationPattern = new RegExp(
  String.raw`${number}(?:\s?(?:-|–|to)\s?${number})?[\s-]?(ms|milliseconds?|s|secs?|seconds?)\b`,
  'i',
)

/** `80s` and `1980s` are a style, not a length. */
const decade = /^(?:(?:19|20)\d0|[5-9]0)s$/i

/** `0.3-0.5 seconds`, `2 s`, `500 ms`, `1.5 to 2 sec`: seconds from and to. */
function durationInPrompt(prompt: string): [number, number] | undefined {
  const match = durationPattern.exec(prompt)
  if (!match || decade.test(match[0])) return undefined
  const unit = match[3]!.toLowerCase().startsWith('m') ? 0.001 : 1
  const from = Number(match[1]) * unit
  const to = match[2] === undefined ? from : Number(match[2]) * unit
  return from > 0 && from <= to ? [from, to] : undefined
}
