import * as z from 'zod'
import { defineError, isAssetloomError } from '../core/errors.ts'
import { generationTypes, type GenerationType, type Job } from '../core/job.ts'
import type { MediaKind } from '../core/media.ts'
import { providerFailure } from '../core/provider-failure.ts'
import type { Generation, Provider } from '../core/ports.ts'
import type { Redactor } from '../core/redact.ts'
import type { MediaWork } from './media-work.ts'

const providerInvalid = defineError('PROVIDER_INVALID', {
  summary: 'A provider given to defineProvider lacks a member or has a wrong one.',
  message: (d: { id: string; problems: string[] }) => `The provider ${d.id} cannot be used: ${d.problems.join('; ')}.`,
  hint: () => 'docs/providers.md describes the members of a provider.',
  exit: 2,
})

const isFunction = z.custom<(...input: never[]) => unknown>(
  (value) => typeof value === 'function',
  'must be a function',
)
const positive = z.number().positive()

const providerSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be small letters, digits and "-"'),
  version: z.number().int().min(1).default(1),
  capabilities: z.strictObject({
    types: z.array(z.enum(generationTypes)).min(1),
    maxWidthPx: positive.optional(),
    maxHeightPx: positive.optional(),
    sizes: z.array(z.string().regex(/^\d+x\d+$/)).optional(),
    alpha: z.union([z.boolean(), z.literal('on-request')]).optional(),
    minDurationSeconds: z.number().min(0).optional(),
    maxDurationSeconds: positive.optional(),
    durations: z
      .partialRecord(z.enum(generationTypes), z.strictObject({ minSeconds: z.number().min(0), maxSeconds: positive }))
      .optional(),
    references: z.number().int().min(0).optional(),
    variationsPerCall: z.number().int().min(1).optional(),
  }),
  free: z.boolean().default(false),
  concurrency: z.number().int().min(1).max(64).default(4),
  timeoutMs: z.number().int().min(1).optional(),
  defaultModel: isFunction.optional(),
  isAvailable: isFunction.optional(),
  check: isFunction.optional(),
  quote: isFunction.optional(),
  generate: isFunction,
})

/** What a project gives to defineProvider; what is left out has a default. */
export type ProviderDefinition = Pick<Provider, 'id' | 'capabilities' | 'generate'> & Partial<Provider>

/**
 * Check a provider of a project's own and fill in what it leaves out: version 1, concurrency 4, always available, and
 * not free: without a `quote` its price must stand under `prices` in the options.
 * @throws PROVIDER_INVALID naming each wrong member
 */
export function defineProvider(definition: ProviderDefinition): Provider {
  const parsed = providerSchema.safeParse(definition)
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) =>
      issue.code === 'unrecognized_keys'
        ? `there is no member ${issue.keys.join(', ')}; members are ${Object.keys(providerSchema.shape).join(', ')}`
        : `${issue.path.map(String).join('.') || 'it'}: ${issue.message}`,
    )
    throw providerInvalid({ id: String((definition as { id?: unknown } | null)?.id ?? '(without id)'), problems })
  }
  const { version, free, concurrency } = parsed.data
  return {
    // Methods stay bound to the object that the project wrote.
    id: definition.id,
    capabilities: definition.capabilities,
    version,
    free,
    concurrency,
    ...(definition.timeoutMs !== undefined && { timeoutMs: definition.timeoutMs }),
    ...(definition.defaultModel && { defaultModel: (request) => definition.defaultModel!(request) }),
    isAvailable: () => definition.isAvailable?.() ?? { available: true },
    ...(definition.check && { check: (job) => definition.check!(job) }),
    quote: (job) => {
      if (definition.quote) return definition.quote(job)
      if (free) return 0
      throw priceUnknown({ provider: definition.id, model: job.request.model })
    },
    generate: (job, context) => definition.generate(job, context),
  }
}

/** For a provider's `quote`. */
export const priceUnknown = defineError('PRICE_UNKNOWN', {
  summary: 'Nobody knows what a call would cost, so it is not made.',
  message: (d: { provider: string; model: string | undefined; what?: string | undefined }) =>
    `The price of ${[d.provider, d.model, d.what].filter(Boolean).join(' ')} is not known.`,
  hint: (d) =>
    `Say it in the options, in US dollars per output: prices: { "${d.provider}": { "${d.model ?? '*'}": 0.05 } }.`,
})

/** What looks at answers is loaded while one is waited for, once the first requests of a run are on their way. */
const prepareAfterMs = 75

/**
 * A provider whose answers are checked: amounts are whole micro-dollars, there is at least one output and none is empty.
 * Faults that are no provider failure become one that may have cost money. Here words of others enter: what a provider
 * says of a fault, of an answer or of its absence holds no secret behind this point.
 */
export function guardProvider(
  provider: Provider,
  { redact, media }: { redact: Redactor; media: Pick<MediaWork, 'inspect' | 'ready'> },
): Provider {
  const amount = (value: unknown): value is number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
  const quoteOf = (job: Job) => {
    try {
      provider.check?.(job)
      return provider.quote(job)
    } catch (error) {
      throw redact.error(error)
    }
  }
  return {
    ...provider,
    isAvailable: () => redact.value(provider.isAvailable()),
    quote(job) {
      const quoted = quoteOf(job)
      if (!amount(quoted))
        throw providerInvalid({
          id: provider.id,
          problems: [`its quote is ${String(quoted)}, and must be whole micro-dollars, 0 or more`],
        })
      return quoted
    },
    async generate(job: Job, { onAnswered, ...context }): Promise<Generation> {
      if (context.signal.aborted)
        throw providerFailure({ kind: 'not-sent', provider: provider.id, message: 'given up before it was sent' })
      let generation: Generation
      let preparing: Promise<void> | undefined
      const prepare = () => (preparing ??= provider.id === 'local' ? Promise.resolve() : media.ready())
      const timer = setTimeout(() => void prepare().catch(() => undefined), prepareAfterMs)
      try {
        generation = await provider.generate(job, context)
      } catch (thrown) {
        const error = redact.error(thrown)
        if (isAssetloomError(error)) throw error
        if (context.signal.aborted)
          throw providerFailure({ kind: 'aborted', provider: provider.id, message: 'the call was given up' }, error)
        const name = (error as Error | undefined)?.name
        throw providerFailure(
          {
            kind: 'maybe-spent',
            provider: provider.id,
            message:
              name === 'AbortError' || name === 'TimeoutError'
                ? 'no answer came in time'
                : `the call broke: ${(error as Error | undefined)?.message ?? String(error)}`,
          },
          error,
        )
      } finally {
        clearTimeout(timer)
      }
      await onAnswered?.()
      const broken = (message: string) => providerFailure({ kind: 'bad-output', provider: provider.id, message })
      await prepare()
      if (!Array.isArray(generation?.outputs) || generation.outputs.length === 0)
        throw broken('the answer has no output')
      if (generation.outputs.some((output) => !(output?.bytes instanceof Uint8Array) || output.bytes.length === 0))
        throw broken('an output has no bytes')
      if (provider.id !== 'local') await requireUsable(generation, job, media, broken)
      if (!amount(generation.costMicroUsd)) throw broken(`the answer names the cost ${String(generation.costMicroUsd)}`)
      const { outputs, ...told } = generation
      return { ...redact.value(told), outputs }
    },
  }
}

const kindOfType: Readonly<Record<GenerationType, MediaKind>> = {
  image: 'image',
  audio: 'audio',
  music: 'audio',
  speech: 'audio',
  text: 'text',
}

/**
 * What cannot be used must not be kept as if it were an answer: the next run would find it and never ask again. The
 * recipes of `local` make nothing of that sort.
 */
async function requireUsable(
  generation: Generation,
  job: Job,
  media: Pick<MediaWork, 'inspect'>,
  broken: (message: string) => Error,
): Promise<void> {
  const { detectMediaType } = await import('./media/detect-media-type.ts')
  const wanted = kindOfType[job.request.type]
  for (const { bytes } of generation.outputs) {
    const format = await detectMediaType(bytes)
    if (format?.kind !== wanted)
      throw broken(
        `it answered with ${format?.mediaType ?? 'bytes of no known type'}, and ${job.request.type} was asked`,
      )
    try {
      await media.inspect(bytes, format)
    } catch (error) {
      throw broken(`it answered with damaged media: ${(error as Error).message}`)
    }
  }
}
