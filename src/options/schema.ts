import { isAbsolute } from 'node:path'
import * as z from 'zod'
import { readOrigin, usualName, type CatalogOrigin } from '../core/catalog/source.ts'
import type { Embedder, Provider } from '../core/ports.ts'
import { siteId, siteOption } from '../core/site.ts'
import { vocabularySchema } from '../core/vocabulary.ts'

const amountUsd = z.number().min(0)
/** POSIX spelling without `./` and a closing slash, so that equal places are equal texts. */
const relativePath = z
  .string()
  .min(1)
  .refine(
    (path) => !isAbsolute(path) && !/^[a-z]:/i.test(path) && !path.split(/[\\/]/).includes('..'),
    'must be a path inside the root, relative to it',
  )
  // eslint-disable-next-line no-control-regex
  .refine((path) => !/[\u0000-\u001f]/.test(path), 'must hold no control character')
  .overwrite((path) => path.split(/[\\/]/).filter((part) => part !== '' && part !== '.').join('/'))
  .refine((path) => path !== '', 'must be a path inside the root, and not the root itself')
  .refine(
    (path) => !/(?:^|\/)(?:node_modules|\.assetloom|\.git)(?:\/|$)/.test(path),
    'must not lie in node_modules, .assetloom or .git',
  )

/** `https:` anywhere, `http:` for loopback hosts only: a key must not travel in the clear. */
const baseURL = z
  .string()
  .refine((text) => URL.canParse(text), { error: 'must be a URL', abort: true })
  .refine((text) => {
    const url = new URL(text)
    return (
      url.protocol === 'https:' ||
      (url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname))
    )
  }, 'must be https:, or http: on a loopback host')
  .refine((text) => {
    const { username, password } = new URL(text)
    return username === '' && password === ''
  }, 'must hold no user name or password; keys have options and environment variables of their own')

const timeoutMs = z
  .number()
  .int()
  .min(1)
  .max(86_400_000)
  .optional()
  .describe('A call without an answer after this long is given up, and may have been paid. Default: 300000, more where making takes long.')

const keyed = { baseURL: baseURL.optional(), apiKey: z.string().min(1).optional(), timeoutMs }

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

const providersSchema = z
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

/** An endpoint that speaks as OpenAI's /embeddings does. */
const embeddingEndpoint = z.strictObject({
  ...keyed,
  model: z.string().min(1),
  dimensions: z.number().int().min(1).max(16_384).optional(),
  batchSize: z.number().int().min(1).max(2048).default(64),
  timeoutMs: z.number().int().min(1).default(60_000),
  usdPerMillionTokens: z.number().min(0).max(1_000_000).optional(),
})
export type EmbeddingEndpoint = z.output<typeof embeddingEndpoint>

function isEmbedder(value: unknown): boolean {
  const embedder = value as Partial<Embedder> | null
  return typeof embedder === 'object' && embedder !== null && typeof embedder.id === 'string' && typeof embedder.embed === 'function'
}

/** What a token may hold, so that it fits into a header. */
const catalogToken = z.string().regex(/^[\x21-\x7e]{1,512}$/, 'must be a token without spaces')

const catalogFrom = z.string().superRefine((from, context) => {
  const origin = readOrigin(from)
  if (typeof origin === 'string') context.addIssue({ code: 'custom', message: origin })
})

const catalogSource = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_./-]{0,99}$/, 'must be letters, digits, ".", "-", "_" and "/"')
    .optional()
    .describe('What the catalog is called. Default: owner/repo, or the end of the address.'),
  from: catalogFrom.describe('github:owner/repo, github:owner/repo#ref, https://host/path/ or file:../folder.'),
  apiURL: baseURL.optional().describe("GitHub's API. Default: https://api.github.com."),
  rawURL: baseURL.optional().describe('Where GitHub serves raw files. Default: https://raw.githubusercontent.com.'),
  token: catalogToken.optional().describe('Sent to the host of this catalog for its repository, and nowhere else.'),
})

const catalogSources = z
  .array(z.union([catalogFrom.transform((from): z.output<typeof catalogSource> => ({ from })), catalogSource]))
  .transform((sources): CatalogSource[] =>
    sources.map(({ name, from, ...rest }) => {
      const origin = readOrigin(from) as CatalogOrigin
      return { ...rest, name: name ?? usualName(origin), from, origin }
    }),
  )
  .refine((sources) => new Set(sources.map(({ name }) => name)).size === sources.length, {
    error: 'must have names that differ; give each a name: { name, from }',
  })

/** A catalog as the options name it. */
export interface CatalogSource extends Omit<z.output<typeof catalogSource>, 'name'> {
  name: string
  origin: CatalogOrigin
}

/** Written there only when the folder exists. */
export const defaultConstantsFile = 'src/assets.gen.ts'

const generatePolicies = ['auto', 'missing', 'frozen'] as const
export type GeneratePolicy = (typeof generatePolicies)[number]

/** The one statement of the options: types, defaults, docs/options.md and JSON Schema come from it. */
export const optionsSchema = z.strictObject({
  root: z
    .string()
    .optional()
    .describe("The project's folder. Default: the host's root, or the folder the CLI runs in."),
  assetsDir: relativePath
    .default('assets')
    .describe('Where the manifest and the media files stand, relative to the root.'),
  specsDir: relativePath.default('specs').describe('Where the specs stand, relative to the root.'),
  tokens: vocabularySchema
    .extend({
      defaultFamily: z
        .string()
        .regex(/^[A-Z]+$/, 'must be capital letters A–Z only')
        .optional()
        .describe('Family of specs that name none.'),
    })
    .prefault({})
    .describe("The project's own prefixes, families and variants."),
  generate: z
    .enum(generatePolicies)
    .optional()
    .describe(
      'auto: make what is changed or missing; missing: only what is missing; frozen: fail when anything is stale. Default: auto, and frozen when CI is set.',
    ),
  budget: z
    .strictObject({
      monthlyUsd: amountUsd.optional().describe('Most that one UTC month may cost, in US dollars.'),
      perRunUsd: amountUsd.optional().describe('Most that one run may cost.'),
      perAssetUsd: amountUsd.optional().describe('Most that one asset may cost.'),
      perProvider: z.record(z.string(), amountUsd).optional().describe('Most that one provider may cost in a month.'),
    })
    .optional()
    .describe('Without a budget, paid providers never run inside dev or build.'),
  prices: z
    .record(z.string(), z.record(z.string(), amountUsd))
    .default({})
    .describe('US dollars per output by provider and model, e.g. { "firefly": { "*": 0.05 } }; charged exactly so.'),
  providers: providersSchema.describe(
    'Base URLs and keys, by provider; keys may come from the environment instead. A provider of your own stands here under its id: { acme: defineProvider({ … }) }.',
  ),
  cache: z
    .strictObject({
      shared: z
        .custom<object>((v) => typeof v === 'object' && v !== null, 'must be a Keyv instance, a Keyv adapter or a Map')
        .optional()
        .describe('Any Keyv adapter; a team and CI then share what was made.'),
      maxDerivedMb: z
        .number()
        .min(1)
        .default(1024)
        .describe('prune keeps processed files under this size, dropping those used longest ago.'),
    })
    .prefault({}),
  constants: z
    .union([z.literal(false), relativePath])
    .default(defaultConstantsFile)
    .describe('Where the typed constants go; false writes none.'),
  types: z.boolean().default(true).describe('Write the types of every asset import.'),
  transforms: z
    .strictObject({
      quality: z
        .strictObject({
          jpeg: z.number().int().min(1).max(100).optional(),
          webp: z.number().int().min(1).max(100).optional(),
          avif: z.number().int().min(1).max(100).optional(),
          png: z.number().int().min(1).max(100).optional(),
        })
        .prefault({}),
      concurrency: z
        .number()
        .int()
        .min(1)
        .max(64)
        .optional()
        .describe('Encodes at once. Default: 4.'),
    })
    .prefault({})
    .describe('Defaults of import queries.'),
  import: z
    .strictObject({
      maxFileMb: z.number().min(0.001).max(4096).default(100).describe('Largest file that import takes.'),
    })
    .prefault({}),
  sites: z
    .record(siteId, siteOption)
    .default({})
    .describe('Sites that share this library, by id; what commands add to them stands in sites.json beside the manifest. See docs/sites.md.'),
  catalog: z
    .union([
      catalogSources.transform((sources) => ({ download: true as boolean | 'auto', sources })),
      z.strictObject({
        download: z
          .union([z.boolean(), z.literal('auto')])
          .default(true)
          .describe('Whether a name that only a catalog has is downloaded: true asks on a terminal, auto does not ask, false never.'),
        sources: catalogSources.describe('Catalogs in order of priority.'),
      }),
    ])
    .optional()
    .describe('Remote collections of assets, e.g. ["github:owner/repo#main"]; a plain list is short for { sources }.'),
  search: z
    .strictObject({
      embedder: z
        .union([embeddingEndpoint, z.custom<Embedder>(isEmbedder, 'must be { baseURL, apiKey, model } or defineEmbedder({ … })')])
        .optional()
        .describe(
          'Who embeds texts for search --semantic: { baseURL, apiKey, model, dimensions, batchSize, timeoutMs, usdPerMillionTokens } of an endpoint that speaks as OpenAI does, or defineEmbedder({ … }). Without one no text is ever sent.',
        ),
    })
    .prefault({}),
  browser: z
    .string()
    .min(1)
    .optional()
    .describe('Path of Chromium or Chrome, for `validate --browser`. Default: CHROMIUM_PATH, else where browsers usually are.'),
  studio: z.boolean().default(true).describe('Serve the studio in dev.'),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

/** What a user may write in assetloom.config.ts or inline. */
export type AssetloomOptions = z.input<typeof optionsSchema>
