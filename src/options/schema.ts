import { isAbsolute } from 'node:path'
import * as z from 'zod'
import type { Embedder } from '../core/ports.ts'
import { siteId, siteOption } from '../core/site.ts'
import { vocabularySchema } from '../core/vocabulary.ts'
import { catalogSources } from './catalog-schema.ts'
import { chatEndpoint } from './llm-schema.ts'
import { providersSchema } from './providers-schema.ts'
import { embeddingEndpoint, isEmbedder } from './search-schema.ts'

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
  llm: chatEndpoint
    .optional()
    .describe(
      'The language model that agents ask, at an endpoint that speaks as OpenAI does: { baseURL, apiKey, model, timeoutMs, maxOutputTokens, prices }. The key may come from OPENAI_API_KEY for OpenAI itself. prices: US dollars per million tokens by model, { "*": { inputUsdPerMillion: 1, outputUsdPerMillion: 4 } }; without one only models on this machine are asked.',
    ),
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
