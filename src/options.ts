import { readFileSync, statSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { describeIssues } from './core/check-document.ts'
import { usdToMicro, type MicroUsd } from './core/cost.ts'
import { AssetloomError, defineError } from './core/errors.ts'
import { parseJsonc } from './core/jsonc.ts'
import { didYouMean } from './core/near.ts'
import type { Provider } from './core/ports.ts'
import { createRedactor, secretsIn, secretsWithin, type Redactor } from './core/redact.ts'
import { vocabularySchema } from './core/vocabulary.ts'
import { findConfigFile } from './options-file.ts'

const optionsInvalid = defineError('OPTIONS_INVALID', {
  summary: 'An option is misspelt or has a value that is not allowed.',
  message: (d: { where: string; problems: string[] }) => `${d.where}: ${d.problems.join('; ')}.`,
  hint: () => 'docs/options.md lists every option with its values and defaults.',
  exit: 2,
})

const configBroken = defineError('CONFIG_BROKEN', {
  summary: 'The config file cannot be loaded.',
  message: (d: { file: string; why: string; line?: number | undefined }) =>
    `${d.file}${d.line ? `:${d.line}` : ''} cannot be loaded: ${d.why}.`,
  hint: () =>
    'It must have a default export: export default defineConfig({ … }). TypeScript in it may only use syntax that can be erased.',
  exit: 2,
})

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

const keyed = { baseURL: baseURL.optional(), apiKey: z.string().min(1).optional() }

const shippedProviders = {
  openai: z.strictObject(keyed).optional(),
  stability: z.strictObject(keyed).optional(),
  'stable-diffusion': z
    .strictObject({
      baseURL,
      flavor: z.enum(['a1111', 'comfyui', 'sd-server']).default('a1111'),
      model: z.string().optional(),
    })
    .optional(),
  firefly: z
    .strictObject({
      baseURL: baseURL.optional(),
      imsBaseURL: baseURL.optional(),
      clientId: z.string().optional(),
      clientSecret: z.string().optional(),
    })
    .optional(),
  elevenlabs: z.strictObject(keyed).optional(),
  bark: z
    .strictObject({ via: z.enum(['replicate', 'huggingface', 'local']).default('replicate'), ...keyed })
    .optional(),
  musicgen: z
    .strictObject({ via: z.enum(['replicate', 'huggingface', 'local']).default('replicate'), ...keyed })
    .optional(),
}

const providersSchema = z
  .object(shippedProviders)
  .catchall(
    z.custom<Provider>(isProvider, 'is no provider that ships with Assetloom, and was not made with defineProvider'),
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

const catalogSource = z.strictObject({
  name: z.string().min(1),
  from: z.string().regex(/^(github:|https:|http:|file:)/, 'must begin with github:, https: or file:'),
  apiURL: z.string().optional(),
  rawURL: z.string().optional(),
  token: z.string().optional(),
})

/** Written there only when the folder exists. */
export const defaultConstantsFile = 'src/assets.gen.ts'

export const generatePolicies = ['auto', 'missing', 'frozen'] as const

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
        .describe('Encodes at once. Default: the number of cores, at most 4.'),
    })
    .prefault({})
    .describe('Defaults of import queries.'),
  import: z
    .strictObject({
      maxFileMb: z.number().min(0.001).max(4096).default(100).describe('Largest file that import takes.'),
    })
    .prefault({}),
  sites: z
    .record(z.string(), z.looseObject({ root: z.string() }))
    .default({})
    .describe('Sites that share this library.'),
  catalog: z
    .union([
      z.array(z.union([z.string(), catalogSource])).transform((sources) => ({ download: false as const, sources })),
      z.strictObject({
        download: z.union([z.boolean(), z.literal('auto')]).default(false),
        sources: z.array(z.union([z.string(), catalogSource])),
      }),
    ])
    .optional(),
  studio: z.boolean().default(true).describe('Serve the studio in dev.'),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

/** What a user may write in assetloom.config.ts or inline. */
export type AssetloomOptions = z.input<typeof optionsSchema>
type ParsedOptions = z.output<typeof optionsSchema>
export type GeneratePolicy = (typeof generatePolicies)[number]

export interface Budget {
  monthlyMicroUsd?: MicroUsd
  perRunMicroUsd?: MicroUsd
  perAssetMicroUsd?: MicroUsd
  perProviderMicroUsd: Record<string, MicroUsd>
}

/** Everything decided: past this point nothing is optional that has a default and nobody reads the environment. */
export interface ResolvedOptions extends Omit<ParsedOptions, 'root' | 'budget' | 'generate'> {
  root: string
  generate: GeneratePolicy
  isCi: boolean
  budget: Budget | undefined
  /** Provider keys from the environment, by variable name; only of providers that Assetloom knows. */
  keys: Readonly<Record<string, string>>
  /** What no message, log or report may show: keys, and values of variables that are called like one. */
  secrets: readonly string[]
  /** Seconds of SOURCE_DATE_EPOCH as milliseconds. */
  fixedTimeMs: number | undefined
  /** Who imports, for the record. */
  userName: string | undefined
  configFile: string | undefined
}

const keyVariables = [
  'OPENAI_API_KEY',
  'STABILITY_API_KEY',
  'FIREFLY_CLIENT_ID',
  'FIREFLY_CLIENT_SECRET',
  'ELEVENLABS_API_KEY',
  'REPLICATE_API_TOKEN',
  'HF_TOKEN',
] as const

/** Give options their types in assetloom.config.ts. */
export function defineConfig(options: AssetloomOptions): AssetloomOptions {
  return options
}

/**
 * Check the options, fill in defaults and read the environment; the one place that does.
 * @throws OPTIONS_INVALID naming what is allowed, AMOUNT_INVALID
 */
export function resolveOptions(
  options: AssetloomOptions,
  context: { root: string; configFile?: string | undefined; env?: NodeJS.ProcessEnv },
): ResolvedOptions {
  const env = context.env ?? process.env
  const where = context.configFile ?? 'The options'
  const parsed = optionsSchema.safeParse(options)
  if (!parsed.success)
    throw optionsInvalid({ where, problems: parsed.error.issues.flatMap((issue) => describeIssue(issue, options)) })
  const { root: givenRoot, budget, generate, ...rest } = parsed.data
  const root = resolve(context.root, givenRoot ?? '.')
  if (givenRoot !== undefined && !statSync(root, { throwIfNoEntry: false })?.isDirectory())
    throw optionsInvalid({ where, problems: [`root: there is no folder ${JSON.stringify(givenRoot)}`] })
  const isCi = env.CI !== undefined && env.CI !== '' && env.CI !== 'false' && env.CI !== '0'
  const epoch = env.SOURCE_DATE_EPOCH
  // The latest time that a Date can hold, in seconds.
  if (epoch && !(/^\d{1,13}$/.test(epoch) && Number(epoch) <= 8.64e12))
    throw optionsInvalid({
      where: 'The environment',
      problems: ['SOURCE_DATE_EPOCH: must be whole seconds since 1970'],
    })
  return {
    ...rest,
    root,
    generate: generate ?? (isCi ? 'frozen' : 'auto'),
    isCi,
    budget: budget && {
      ...(budget.monthlyUsd !== undefined && { monthlyMicroUsd: usdToMicro(budget.monthlyUsd) }),
      ...(budget.perRunUsd !== undefined && { perRunMicroUsd: usdToMicro(budget.perRunUsd) }),
      ...(budget.perAssetUsd !== undefined && { perAssetMicroUsd: usdToMicro(budget.perAssetUsd) }),
      perProviderMicroUsd: Object.fromEntries(
        Object.entries(budget.perProvider ?? {}).map(([id, usd]) => [id, usdToMicro(usd)]),
      ),
    },
    keys: Object.fromEntries(keyVariables.flatMap((name) => (env[name] ? [[name, env[name]!]] : []))),
    secrets: [
      ...new Set([
        ...keyVariables.flatMap((name) => env[name] ?? []),
        ...secretsIn(env),
        ...secretsWithin({ providers: rest.providers, catalog: rest.catalog }),
      ]),
    ],
    fixedTimeMs: epoch ? Number(epoch) * 1000 : undefined,
    userName: env.USER ?? env.USERNAME,
    configFile: context.configFile,
  }
}

/** For what happens before the options are known: takes out what stands in variables that are called like a key. */
export function environmentRedactor(): Redactor {
  return createRedactor(secretsIn(process.env))
}

/** Below these stand keys: what was written there is not repeated. */
const secretive = new Set<PropertyKey | undefined>(['providers', 'catalog', 'cache'])

/** One zod issue as a sentence for the person who wrote the options; what is misspelt gets the allowed words. */
function describeIssue(issue: z.core.$ZodIssue, options: unknown): string[] {
  if (issue.code === 'unrecognized_keys') {
    const allowed = allowedKeys(issue.path)
    return issue.keys.map((key) => misspelt([...issue.path, key], 'option', allowed))
  }
  if (issue.code === 'custom' && issue.path[0] === 'providers' && issue.path.length === 2) {
    const id = String(issue.path[1])
    return [
      `${misspelt(issue.path, 'provider', Object.keys(shippedProviders))}; or { ${/^[a-z]\w*$/i.test(id) ? id : JSON.stringify(id)}: defineProvider({ … }) }`,
    ]
  }
  return describeIssues([issue], optionsSchema, options).map(({ path, message, allowed, hint }) => {
    const plain = secretive.has(path[0])
      ? message.replace(
          /,? and is the (?:text|number|boolean) [^]*$|^the (?:text|number|boolean) [^]*(?= is not allowed here$)/,
          '',
        )
      : message
    return `${path.map(String).join('.') || 'the options'}: ${plain.trim()}${hint ? ` (${hint})` : ''}${allowed?.length ? `; allowed: ${allowed.join(', ')}` : ''}`
  })
}

function misspelt(path: readonly PropertyKey[], what: string, allowed: readonly string[]): string {
  const suggestion = didYouMean(String(path.at(-1)), allowed)
  return `there is no ${what} "${path.map(String).join('.')}"${suggestion ? ` (${suggestion})` : ''}${allowed.length ? `; allowed: ${allowed.join(', ')}` : ''}`
}

function allowedKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = z.toJSONSchema(optionsSchema, { unrepresentable: 'any', io: 'input' })
  for (const part of path)
    schema = (schema as { properties?: Record<string, unknown> } | undefined)?.properties?.[String(part)]
  return Object.keys((schema as { properties?: object } | undefined)?.properties ?? {})
}

/**
 * Load the config file beside a root; Node itself reads the TypeScript.
 * @param version - when given, a file that was loaded before is loaded anew
 * @throws CONFIG_BROKEN
 */
export async function loadConfigFile(
  root: string,
  version?: number,
): Promise<{ file: string; options: AssetloomOptions } | undefined> {
  const file = findConfigFile(root)
  if (!file) return undefined
  const shown = relative(root, file)
  const broken = (why: string, line?: number, cause?: unknown) =>
    configBroken({ file: shown, why, line }, { cause, location: { file: shown, ...(line !== undefined && { line }) } })
  if (file.endsWith('.json')) {
    // Read here and not imported: Node's message would repeat the text around the mistake, which may be a key.
    const text = readFileSync(file, 'utf8')
    const options = parseJsonc(text)
    if (options === undefined) throw broken('it is no JSON', lineOfJsonFault(text))
    if (options === null || typeof options !== 'object') throw broken('it is not an object')
    return { file: shown, options: options as AssetloomOptions }
  }
  let loaded: { default?: unknown }
  try {
    loaded = await import(pathToFileURL(file).href + (version === undefined ? '' : `?v=${version}`))
  } catch (thrown) {
    if (thrown instanceof AssetloomError) throw thrown
    // Keys that the options name are not known yet; those of the environment are.
    const cause = environmentRedactor().error(thrown)
    const why = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '')
    const line = lineInStack(thrown, file)
    // The stack of a syntax error repeats the line it found fault with.
    throw thrown instanceof SyntaxError ? broken(why, line) : broken(why, line, cause)
  }
  if (loaded.default === undefined) throw broken('it has no default export')
  if (loaded.default === null || typeof loaded.default !== 'object') throw broken('its default export is not an object')
  if (loaded.default instanceof Promise) throw broken('its default export is a promise; write export default await …')
  return { file: shown, options: loaded.default as AssetloomOptions }
}

/** 1-based; the first place in a file that an error's stack names. */
function lineInStack(error: unknown, file: string): number | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  for (const name of [file, pathToFileURL(file).href]) {
    const at = stack.indexOf(name)
    const line = at < 0 ? undefined : /^(?:\?v=[\d.]+)?:(\d+)/.exec(stack.slice(at + name.length))?.[1]
    if (line) return Number(line)
  }
  return undefined
}

function lineOfJsonFault(text: string): number | undefined {
  try {
    JSON.parse(text)
  } catch (error) {
    const line = /\(line (\d+) column \d+\)/.exec((error as Error).message)?.[1]
    return line ? Number(line) : undefined
  }
  return undefined
}
