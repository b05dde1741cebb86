import * as z from 'zod'
import { generationTypes } from './job.ts'
import { segmentRefusal } from './names.ts'
import { aliasPattern } from './ref.ts'
import { tokenPattern } from './token.ts'

/* The spec format: what a person writes in YAML or JSON to have an asset made. Strict: an unknown field is refused. */

/**
 * Bump when a field changes its meaning; kept with every parsed spec, so that an old parse is not taken for a new one.
 */
export const specFormat = 1

/** Most variations of one spec. */
const maxVariations = 16

const text = z.string().min(1)
const upperWord = z.string().regex(/^[A-Z]+$/, 'must be capital letters A–Z only')
const specId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'must be letters, digits, ".", "-" and "_"')
const scalar = z.union([z.string(), z.number(), z.boolean()])

const projectPath = z.string().check((check) => {
  const path = check.value
  const why = path.startsWith('/')
    ? 'it is an absolute path'
    : path
        .split('/')
        .map(segmentRefusal)
        .find((refusal) => refusal !== undefined)
  if (why)
    check.issues.push({
      code: 'custom',
      input: path,
      message: `must be a path inside the project that every system can write: ${why}`,
    })
})
const filledPath = projectPath.refine(
  (path) => /\.[A-Za-z0-9]+$/.test(path),
  'must end in an extension, e.g. images/hero.png',
)

/** Names by which a parameter could reach an address or a credential: only options may set those. */
const forbiddenParameter =
  /^(?:base_?ur[il]|ur[il]|endpoint|host|api_?key|key|token|secret|authorization|headers?|password|webhook(?:_?url)?|output_?(?:path|dir|file))$/i

const parameters = z
  .looseObject({
    size: z
      .string()
      .regex(/^[1-9]\d{0,4}x[1-9]\d{0,4}$/, 'must be WIDTHxHEIGHT in pixels, e.g. 1024x1024')
      .optional()
      .describe('Asked size of a picture, WIDTHxHEIGHT in pixels.'),
    quality: text.optional().describe("The provider's word for it, e.g. low, medium, high."),
    n_variations: z
      .number()
      .int()
      .min(1)
      .max(maxVariations)
      .optional()
      .describe('How many variations to make; the best is used. Default: 1.'),
    seed: z
      .number()
      .int()
      .min(0)
      .max(Number.MAX_SAFE_INTEGER)
      .optional()
      .describe('The same seed gives the same result where the provider can.'),
    duration: z.number().positive().max(600).optional().describe('Length of a sound in seconds.'),
    voice: text.optional().describe('Who speaks, for type speech.'),
  })
  .check((check) => {
    for (const name of Object.keys(check.value))
      if (forbiddenParameter.test(name))
        check.issues.push({
          code: 'custom',
          input: check.value,
          path: [name],
          message: 'no spec may set an address, a credential or an output path; those belong in the options',
        })
  })

const metadata = z.strictObject({
  created: text.optional().describe('A date, for the reader.'),
  author: text.optional(),
  category: text.optional().describe('Category of the asset, e.g. Particles; gives the prefix of its token.'),
  tags: z.array(text).optional(),
  keywords: z.array(text).optional(),
  name: text.optional(),
  alt: text.optional().describe('Text for those who do not see the picture.'),
  license: text.optional(),
  usage_rights: text.optional(),
})

const generation = z.strictObject({
  type: z.enum(generationTypes),
  provider: text.default('local').describe('local, openai, stability, … or one of your own from the options.'),
  model: text.optional().describe("The provider's model."),
  fallback: z
    .union([text, z.array(text)])
    .optional()
    .describe('Providers to take, in order, when the first is not available.'),
  recipe: text.optional().describe('A recipe of the local provider by name.'),
})

const prompt = z.strictObject({
  base: z.string().min(1).describe('What is to be seen or heard.'),
  style: z.string().optional(),
  negative: z.string().optional().describe('What is not to be there.'),
  references: z.array(projectPath).optional().describe('Files given to the provider as inputs.'),
  mask: projectPath.optional().describe('Where the first reference may be changed.'),
  parameters: parameters.optional(),
  private: z.boolean().optional().describe('Keep the text out of logs and reports.'),
})

const step = z.looseObject({ action: text.describe('Name of the processor, e.g. resize.') })

const tokenParts = z.strictObject({
  prefix: upperWord.optional(),
  family: upperWord.optional(),
  variant: upperWord.optional(),
})
const token = z.union([z.string().regex(tokenPattern, 'must be a token such as PARTICLE-WYN-WHITE001'), tokenParts])

const integration = z.strictObject({
  manifest_key: z
    .string()
    .regex(aliasPattern, 'must be a name such as particleWhite')
    .optional()
    .describe('Another name of the asset: asset:particleWhite.'),
  manifest_path: filledPath
    .optional()
    .describe('Where the file goes, under the assets folder; its extension is the format.'),
  manifest_type: text.optional(),
  manifest_section: text.optional(),
  token: token.optional().describe('A full token, or its parts; the number is then the next one.'),
  description: text.optional(),
})

const observability = z.strictObject({
  track_cost: z.boolean().optional(),
  track_quality: z.boolean().optional().describe('Keep a quality score with its parts.'),
  log_level: z
    .enum(['debug', 'info', 'warn', 'error'])
    .optional()
    .describe('Leave events of this asset out that are below; the option logLevel counts as well.'),
})

const head = {
  $schema: z.string().optional(),
  version: z.literal(['1.0', '1']).describe('Version of the spec format; a text, so in quotes.'),
}

/** One spec as a person writes it. */
export const specSchema = z.strictObject({
  ...head,
  id: specId.describe('The name of the spec, once in the project.'),
  metadata: metadata.optional(),
  generation,
  prompt,
  post_processing: z.array(step).optional().describe('Steps that are carried out on what the provider returned.'),
  integration: integration.optional(),
  observability: observability.optional(),
})
export type Spec = z.output<typeof specSchema>

const parameterName = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'must be letters, digits, "-" and "_"')
const templateParameter = z.strictObject({
  name: parameterName,
  type: z.enum(['enum', 'string', 'number', 'boolean']),
  values: z.array(scalar).min(1).optional().describe('What is allowed; an enum must have them.'),
  default: scalar.optional(),
  description: text.optional(),
})
export type TemplateParameter = z.output<typeof templateParameter>

/** Numbers and switches may be filled in too, and are then a text such as "{{seconds}}" until they are. */
const placeholder = z.string().regex(/\{\{.*\}\}/, 'must be a value, or hold a parameter as {{name}}')
const templatePrompt = prompt.extend({
  references: z.array(text).optional(),
  mask: text.optional(),
  templates: z.record(z.string(), z.string()).optional().describe('Further text by the value of an enum parameter.'),
  parameters: z
    .looseObject({
      size: text.optional(),
      quality: text.optional(),
      n_variations: z.union([z.number().int().min(1).max(maxVariations), placeholder]).optional(),
      seed: z.union([z.number().int().min(0), placeholder]).optional(),
      duration: z.union([z.number().positive().max(600), placeholder]).optional(),
      voice: text.optional(),
    })
    .optional(),
})

/** A template: a spec with parameters. Its texts are checked as a spec's once they are filled. */
export const templateSchema = z.strictObject({
  ...head,
  template: specId.describe('The name that specs and --template use.'),
  description: text.optional(),
  parameters: z.array(templateParameter).default([]),
  metadata: metadata.optional(),
  generation,
  prompt: templatePrompt,
  post_processing: z.array(step).optional(),
  integration: integration
    .extend({
      manifest_key: text.optional(),
      manifest_path: text.optional(),
      naming_pattern: text
        .optional()
        .describe('Name of each asset, e.g. sfxJump{{type_number}}{{variant_letter}}.mp3.'),
      token: z.union([text, tokenParts.extend({ variant: text.optional() })]).optional(),
    })
    .optional(),
  observability: observability.optional(),
})
export type Template = z.output<typeof templateSchema>

/** A spec that uses a template: values for its parameters, or lists of them for every combination. */
export const templateUseSchema = z.strictObject({
  ...head,
  id: specId,
  template: specId.describe('The template to fill.'),
  values: z.record(parameterName, scalar).optional().describe('One value per parameter.'),
  matrix: z
    .record(parameterName, z.array(scalar).min(1))
    .optional()
    .describe('Several values per parameter; every combination is made.'),
  metadata: metadata.optional(),
  generation: generation.partial().extend({ provider: text.optional() }).optional(),
  prompt: prompt.partial().optional(),
  post_processing: z.array(step).optional(),
  integration: integration.extend({ naming_pattern: text.optional() }).optional(),
  observability: observability.optional(),
})
export type TemplateUse = z.output<typeof templateUseSchema>

/** What a document in a spec file may be. */
export type SpecDocument =
  | { kind: 'spec'; spec: Spec }
  | { kind: 'template'; template: Template }
  | { kind: 'use'; use: TemplateUse }

/** Which of the three a document means to be, read from its fields alone. */
export function documentKind(value: Record<string, unknown>): SpecDocument['kind'] {
  if (value.template === undefined) return 'spec'
  return value.id === undefined ? 'template' : 'use'
}

export const documentSchemas = { spec: specSchema, template: templateSchema, use: templateUseSchema } as const

/**
 * `template.parameters` that the schema alone cannot check: an enum has values, a default is allowed, no name twice.
 */
export function parameterProblems(declared: readonly TemplateParameter[]): { path: PropertyKey[]; message: string }[] {
  const problems: { path: PropertyKey[]; message: string }[] = []
  const seen = new Set<string>()
  for (const [i, parameter] of declared.entries()) {
    const at = ['parameters', i]
    if (seen.has(parameter.name))
      problems.push({ path: [...at, 'name'], message: `the parameter ${parameter.name} is declared twice` })
    seen.add(parameter.name)
    if (parameter.type === 'enum' && !parameter.values)
      problems.push({ path: at, message: `the enum ${parameter.name} needs its values` })
    if (parameter.default !== undefined && parameter.values && !parameter.values.includes(parameter.default))
      problems.push({ path: [...at, 'default'], message: `must be one of ${parameter.values.join(', ')}` })
  }
  return problems
}
