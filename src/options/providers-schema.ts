import * as z from 'zod'
import type { Provider } from '../core/ports.ts'
import { baseURL, keyed, timeoutMs } from './endpoint-schema.ts'

/** A model that several services run. */
const soundModel = z
  .strictObject({
    via: z.enum(['replicate', 'huggingface', 'local']).default('replicate').describe('What runs the model.'),
    ...keyed,
    version: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be the 64 hex digits of a version')
      .optional()
      .describe('Via replicate: another version of the model.'),
    model: z
      .string()
      .regex(/^\w[\w.-]*\/\w[\w.-]*$/, 'must be owner/name')
      .optional()
      .describe('Via huggingface and local: another model of the hub.'),
  })
  .refine(({ via, version }) => version === undefined || via === 'replicate', {
    path: ['version'],
    error: 'is for via: "replicate" only',
  })
  .refine(({ via, model }) => model === undefined || via !== 'replicate', {
    path: ['model'],
    error: 'is for via: "huggingface" and "local" only; "replicate" takes version',
  })

/** Options of the providers that ship, by id. */
export const shippedProviders = {
  openai: z.strictObject(keyed).optional(),
  stability: z.strictObject(keyed).optional(),
  'stable-diffusion': z
    .strictObject({
      baseURL,
      flavor: z.enum(['a1111', 'comfyui', 'sd-server']).default('a1111'),
      model: z.string().optional(),
      timeoutMs,
    })
    .optional(),
  firefly: z
    .strictObject({
      baseURL: baseURL.optional(),
      imsBaseURL: baseURL.optional(),
      clientId: z.string().min(1).optional(),
      clientSecret: z.string().min(1).optional(),
      requestsPerMinute: z
        .number()
        .int()
        .min(1)
        .max(10_000)
        .optional()
        .describe("Jobs handed in per minute at most. Default: 4 at Adobe's own host, no limit at another baseURL."),
      timeoutMs,
    })
    .optional(),
  elevenlabs: z.strictObject(keyed).optional(),
  bark: soundModel.optional(),
  musicgen: soundModel.optional(),
}

/** An index signature holds for the named members, too; without their shapes TypeScript would refuse every one of them. */
type ProviderOption = Provider | z.input<(typeof shippedProviders)[keyof typeof shippedProviders]>

export const providersSchema = z
  .object(shippedProviders)
  .catchall(
    z.custom<ProviderOption>(
      isProvider,
      'is no provider that ships with Assetloom, and was not made with defineProvider',
    ),
  )
  .default({})

function isProvider(value: unknown): boolean {
  const provider = value as Partial<Provider> | null
  return (
    typeof provider === 'object' &&
    provider !== null &&
    typeof provider.id === 'string' &&
    typeof provider.generate === 'function' &&
    typeof provider.quote === 'function'
  )
}
