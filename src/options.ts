import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import type { z } from 'zod'
import { usdToMicro, type MicroUsd } from './core/cost.ts'
import { defineError } from './core/errors.ts'
import { createRedactor, secretsIn, secretsWithin } from './core/redact.ts'
import { describeOptionIssue } from './options/problems.ts'
import { optionsSchema, type AssetloomOptions, type GeneratePolicy } from './options/schema.ts'

export { environmentRedactor, loadConfigFile } from './options/load.ts'
export { defaultConstantsFile, optionsSchema, type AssetloomOptions, type GeneratePolicy } from './options/schema.ts'

const optionsInvalid = defineError('OPTIONS_INVALID', {
  summary: 'An option is misspelt or has a value that is not allowed.',
  message: (d: { where: string; problems: string[] }) => `${d.where}: ${d.problems.join('; ')}.`,
  hint: () => 'docs/options.md lists every option with its values and defaults.',
  exit: 2,
})

export interface Budget {
  monthlyMicroUsd?: MicroUsd
  perRunMicroUsd?: MicroUsd
  perAssetMicroUsd?: MicroUsd
  perProviderMicroUsd: Record<string, MicroUsd>
}

/** Everything decided: past this point nothing is optional that has a default and nobody reads the environment. */
export interface ResolvedOptions extends Omit<z.output<typeof optionsSchema>, 'root' | 'budget' | 'generate'> {
  root: string
  generate: GeneratePolicy
  isCi: boolean
  budget: Budget | undefined
  /** Provider keys from the environment, by variable name; only of providers that Assetloom knows. */
  keys: Readonly<Record<string, string>>
  /** What no message, log or report may show: keys, and values of variables that are called like one. */
  secrets: readonly string[]
  /** All that tools and skills see of the environment: where things are and how people read, no keys. */
  programVariables: Readonly<Record<string, string>>
  /** Names of the variables that the environment has with a value. */
  environmentNames: ReadonlySet<string>
  /** A text without the values of some variables of the environment. */
  withoutValuesOf(names: readonly string[], text: string): string
  /** Seconds of SOURCE_DATE_EPOCH as milliseconds. */
  fixedTimeMs: number | undefined
  /** Who imports, for the record. */
  userName: string | undefined
  configFile: string | undefined
  /** The user's own folder, with the library and the catalog cache that all projects share. Absolute. */
  userFolder: string
  /** Programs that the user wants pages opened with, first to last; those with arguments are left to the system's own. */
  pageOpeners: readonly string[]
  /** The program that shows what is longer than the screen, with its arguments; empty for none. */
  pager: readonly string[]
  /** Within tmux or the like, which hands on nothing but text. */
  isWithinMultiplexer: boolean
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

const programVariables = [
  ...['PATH', 'Path', 'HOME', 'USERPROFILE', 'TMPDIR', 'TEMP', 'TMP', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'SOURCE_DATE_EPOCH'],
  // Without these, programs of Windows do not start.
  ...['SystemRoot', 'SYSTEMROOT', 'windir', 'ComSpec', 'PATHEXT'],
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
    throw optionsInvalid({ where, problems: parsed.error.issues.flatMap((issue) => describeOptionIssue(issue, options)) })
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
    browser: rest.browser ?? (env.CHROMIUM_PATH || undefined),
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
        ...secretsWithin({ providers: rest.providers, catalog: rest.catalog, search: rest.search, llm: rest.llm }),
      ]),
    ],
    programVariables: Object.fromEntries(
      programVariables.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
    ),
    environmentNames: new Set(Object.keys(env).filter((name) => env[name])),
    withoutValuesOf: (names, text) => createRedactor(names.flatMap((name) => env[name] ?? [])).text(text),
    fixedTimeMs: epoch ? Number(epoch) * 1000 : undefined,
    userName: env.USER ?? env.USERNAME,
    configFile: context.configFile,
    userFolder: join(configHome(env), 'assetloom'),
    pageOpeners: (env.BROWSER ?? '').split(delimiter).filter((program) => program !== '' && !/[\s%]/.test(program)),
    pager: pagerOf(env),
    isWithinMultiplexer: Boolean(env.TMUX ?? env.STY),
  }
}

/**
 * `PAGER`, else `less`; an empty one or `cat` is none. Flags of less as git has them: colours pass, what fits the screen
 * is not paged, and the text stays on the screen.
 */
function pagerOf({ PAGER = 'less', LESS }: NodeJS.ProcessEnv): string[] {
  const [program, ...args] = PAGER.split(' ').filter(Boolean)
  if (!program || program === 'cat') return []
  return [program, ...args, ...(program === 'less' && LESS === undefined ? ['-FRX'] : [])]
}

/** As the XDG Base Directory Specification says: a relative path does not count. */
function configHome({ XDG_CONFIG_HOME: folder }: NodeJS.ProcessEnv): string {
  return folder && isAbsolute(folder) ? folder : join(homedir(), '.config')
}
