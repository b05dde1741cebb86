import { describeIssues, type SpecProblem } from './check-document.ts'
import { digestOf } from './digest.ts'
import type { JobRequest } from './job.ts'
import { formatOfExtension, mediaFormats, type MediaKind } from './media.ts'
import { aliasPattern } from './ref.ts'
import { currentModel, currentQuality } from './retired-models.ts'
import { specFormat, specSchema, type Spec, type Template, type TemplateUse } from './spec.ts'
import { fillText, fillValue, letterOf, namesIn, namesInValue, resolveValues, type ParameterValue } from './template.ts'

/** One post-processing step as the spec has it; its options are checked by the processor's own schema. */
export type Step = { action: string } & Record<string, unknown>

export interface ReferenceInput {
  /** Relative to the project. */
  path: string
  role: 'reference' | 'mask'
}

/** What a spec says of an asset's token. */
export type TokenWish = string | { prefix?: string | undefined; family?: string | undefined; variant?: string | undefined }

/** One asset that a spec asks for: a spec as it is, or one combination of a template's values. */
export interface SpecInstance {
  /** The spec's id, with the values of the combination behind a slash. One per asset, for ever. */
  specId: string
  /** The spec file, relative to the project. */
  file: string
  /** Without model: that belongs to a provider. */
  request: JobRequest
  /** The first choice and its fallbacks, in order. */
  providers: { id: string; model?: string }[]
  needsAlpha: boolean
  references: ReferenceInput[]
  steps: Step[]
  /** Extension of the file, without dot; absent: what `convert` asks first, or what the provider returns. */
  extension?: string
  aliases: string[]
  /** Under the assets folder. */
  path?: string
  token?: TokenWish
  category?: string
  about: {
    name?: string
    description?: string
    alt?: string
    tags?: string[]
    keywords?: string[]
    license?: string
    usageRights?: string
    author?: string
    manifestType?: string
    manifestSection?: string
  }
  tracksCost: boolean
  tracksQuality: boolean
  isPrivate: boolean
  /** For the person who wrote the spec, e.g. about a retired model. */
  warnings: string[]
  /** Digest of all of the above but the file's name. */
  specHash: string
  /** The file of the template it was made from. */
  templateFile?: string
  /** Of an asset made from a template by command line, without a spec of its own. */
  adHoc?: { template: string; values: Record<string, ParameterValue>; outputName?: string }
}

export interface Expanded {
  instances: SpecInstance[]
  problems: SpecProblem[]
}

/** A plain spec as its one instance. */
export function expandSpec(spec: Spec, file: string): Expanded {
  const problems = specProblems(spec)
  if (problems.length > 0) return { instances: [], problems }
  return { instances: [instanceOf(spec, { specId: spec.id, file, aliases: spec.integration?.manifest_key ? [spec.integration.manifest_key] : [] })], problems }
}

/** Most combinations of one matrix. */
export const maxCombinations = 1000

/** A spec that uses a template, as one instance per combination. */
export function expandUse(use: TemplateUse, template: Template, file: string): Expanded {
  const problems: SpecProblem[] = []
  for (const name of Object.keys(use.matrix ?? {}))
    if (use.values && Object.hasOwn(use.values, name)) problems.push({ path: ['matrix', name], message: `${name} stands in values too` })
  const count = Object.values(use.matrix ?? {}).reduce((product, list) => product * list.length, 1)
  if (count > maxCombinations) problems.push({ path: ['matrix'], message: `has ${count} combinations; the most is ${maxCombinations}` })
  if (problems.length > 0) return { instances: [], problems }

  const instances: SpecInstance[] = []
  for (const combination of combinations(Object.entries(use.matrix ?? {}))) {
    const given = { ...use.values, ...combination }
    const filled = fillTemplate(template, given, use.matrix ?? {}, use)
    if ('problems' in filled) {
      // Each combination would repeat what is wrong with the first.
      return { instances: [], problems: filled.problems }
    }
    const specId = use.matrix ? `${use.id}/${slugOf(Object.values(combination))}` : use.id
    const spec = { ...filled.spec, id: use.id }
    const problems = specProblems(spec)
    if (problems.length > 0) return { instances: [], problems: problems.map(inTemplate(template.template)) }
    instances.push(instanceOf(spec, { specId, file, aliases: aliasesOf(spec, filled.name), nameExtension: filled.extension }))
  }
  const seen = new Set<string>()
  for (const { specId, aliases } of instances) {
    for (const name of new Set([specId, ...aliases])) {
      if (seen.has(name)) return { instances: [], problems: [{ path: ['matrix'], message: `two combinations would both be called ${name}`, hint: 'Use every parameter of the matrix in naming_pattern.' }] }
      seen.add(name)
    }
  }
  return { instances, problems }
}

/** A template filled by command line. */
export function expandTemplate(template: Template, given: Record<string, ParameterValue>, outputName: string | undefined, file: string): Expanded {
  const filled = fillTemplate(template, given, {}, undefined, outputName)
  if ('problems' in filled) return { instances: [], problems: filled.problems }
  const name = filled.name ?? slugOf([...filled.values.values()])
  const spec = { ...filled.spec, id: template.template }
  const problems = specProblems(spec)
  if (problems.length > 0) return { instances: [], problems: problems.map(inTemplate(template.template)) }
  const instance = instanceOf(spec, {
    specId: `${template.template}/${name}`,
    file,
    aliases: aliasesOf(spec, filled.name),
    nameExtension: filled.extension,
  })
  instance.adHoc = { template: template.template, values: Object.fromEntries(filled.values), ...(outputName !== undefined && { outputName }) }
  return { instances: [instance], problems: [] }
}

/** Names that a template uses and does not declare, and texts for values that no parameter can have. */
export function templateProblems(template: Template): SpecProblem[] {
  const declared = template.parameters.map((parameter) => parameter.name)
  const { integration, prompt, metadata, generation, post_processing } = template
  const problems: SpecProblem[] = []
  const check = (path: PropertyKey[], value: unknown, known: string[]) => {
    for (const name of namesInValue(value))
      if (!known.includes(name)) problems.push({ path, message: `{{${name}}} is no parameter of this template`, allowed: known })
  }
  check(['metadata'], metadata, declared)
  check(['generation'], generation, declared)
  check(['prompt'], prompt, declared)
  check(['post_processing'], post_processing, declared)
  check(['integration'], integration, [...declared, ...placeNames])
  const possible = new Set(template.parameters.flatMap((parameter) => parameter.values?.map(String) ?? []))
  for (const value of Object.keys(prompt.templates ?? {}))
    if (!possible.has(value)) problems.push({ path: ['prompt', 'templates', value], message: `no parameter has the value ${value}`, allowed: [...possible] })
  return problems
}

const placeNames = ['type_number', 'variant_letter']

type Filled = { problems: SpecProblem[] } | { spec: Spec; values: Map<string, ParameterValue>; name: string | undefined; extension: string | undefined }

function fillTemplate(
  template: Template,
  given: Record<string, ParameterValue>,
  matrix: Record<string, ParameterValue[]>,
  use: TemplateUse | undefined,
  outputName?: string,
): Filled {
  const { values, problems: found } = resolveValues(template.parameters, given)
  const at = (name: string): PropertyKey[] => (use?.matrix && Object.hasOwn(use.matrix, name) ? ['matrix', name] : use?.values && Object.hasOwn(use.values, name) ? ['values', name] : ['template'])
  const names = template.parameters.map((parameter) => parameter.name)
  const problems: SpecProblem[] = [
    ...(found.missing.length > 0 ? [{ path: ['template'], message: `the template ${template.template} needs ${found.missing.join(', ')}` }] : []),
    ...found.unknown.map((name) => ({ path: at(name), message: `the template ${template.template} has no parameter ${name}`, allowed: names })),
    ...found.wrong.map((message) => ({ path: at(message.slice(0, message.indexOf(':'))), message })),
  ]
  if (problems.length > 0) return { problems }

  const places = placesOf(template, values, matrix)
  const withPlaces = new Map<string, ParameterValue>([...values, ...places])
  const { naming_pattern: ownPattern, ...integration } = { ...template.integration, ...use?.integration }
  const pattern = ownPattern
  const needed = namesInValue([pattern, integration]).filter((name) => !withPlaces.has(name))
  // A name from the command line stands for the pattern.
  const open = outputName === undefined ? needed : namesInValue(integration).filter((name) => !withPlaces.has(name))
  if (open.length > 0)
    return {
      problems: open.map((name) => ({
        path: use?.integration ? ['integration'] : ['template'],
        message: placeNames.includes(name)
          ? `{{${name}}} cannot be told: the value stands in no list of values`
          : `{{${name}}} is no parameter of this template`,
        hint: placeNames.includes(name) ? 'Give the parameter its values, use a matrix, or name the output with --output-name.' : undefined,
        ...(!placeNames.includes(name) && { allowed: [...names, ...placeNames] }),
      })) as SpecProblem[],
    }
  const patternName = pattern === undefined ? undefined : fillText(pattern, withPlaces)
  const dot = patternName?.lastIndexOf('.') ?? -1
  const stem = outputName ?? (patternName === undefined ? undefined : dot > 0 ? patternName.slice(0, dot) : patternName)
  const extension = dot > 0 && namesIn(patternName!.slice(dot)).length === 0 ? patternName!.slice(dot + 1) : undefined
  if (stem !== undefined && !aliasPattern.test(stem))
    return { problems: [{ path: ['integration', 'naming_pattern'], message: `gives the name ${JSON.stringify(stem)}, which must be letters, digits, "_", "-" and "."` }] }

  const { templates, ...prompt } = template.prompt
  const further = [...values.values()].map((value) => templates?.[String(value)]).filter((text) => text !== undefined)
  const filledPrompt = fillValue(prompt, values) as Record<string, unknown>
  const merged = {
    version: template.version,
    id: 'filled',
    metadata: { ...(fillValue(template.metadata, values) as object), ...use?.metadata },
    generation: { ...(fillValue(template.generation, values) as object), ...use?.generation },
    prompt: {
      ...filledPrompt,
      base: [filledPrompt.base as string, ...further.map((text) => fillText(text, values))].map((text) => text.trim()).join('\n'),
      ...use?.prompt,
      parameters: { ...(filledPrompt.parameters as object), ...use?.prompt?.parameters },
    },
    ...(use?.post_processing || template.post_processing ? { post_processing: use?.post_processing ?? fillValue(template.post_processing, values) } : {}),
    integration: fillValue(integration, withPlaces),
    ...(use?.observability || template.observability ? { observability: use?.observability ?? template.observability } : {}),
  }
  const parsed = specSchema.safeParse(merged)
  if (!parsed.success) return { problems: describeIssues(parsed.error.issues, specSchema, merged).map(inTemplate(template.template)) }
  return { spec: parsed.data, values, name: stem, extension }
}

const inTemplate = (name: string) => (problem: SpecProblem): SpecProblem => ({
  ...problem,
  path: ['template'],
  message: `in the template ${name}, ${problem.path.map(String).join('.')} ${problem.message}`,
})

/** `type_number`: the place of the first parameter's value in its values; `variant_letter`: the last one's, as a letter. */
function placesOf(template: Template, values: ReadonlyMap<string, ParameterValue>, matrix: Record<string, ParameterValue[]>): [string, ParameterValue][] {
  const placeOf = (parameter: Template['parameters'][number] | undefined) => {
    if (!parameter) return 0
    const value = values.get(parameter.name)
    const list = parameter.values ?? matrix[parameter.name]
    return 1 + (list?.findIndex((one) => one === value || String(one) === String(value)) ?? -1)
  }
  const type = placeOf(template.parameters[0])
  const variant = placeOf(template.parameters.at(-1))
  return [...(type > 0 ? [['type_number', type] as [string, number]] : []), ...(variant > 0 ? [['variant_letter', letterOf(variant)] as [string, string]] : [])]
}

function* combinations(lists: [string, ParameterValue[]][]): Generator<Record<string, ParameterValue>> {
  const [first, ...rest] = lists
  if (!first) return yield {}
  for (const value of first[1]) for (const others of combinations(rest)) yield { [first[0]]: value, ...others }
}

function slugOf(values: readonly ParameterValue[]): string {
  return values.map((value) => String(value).replace(/[^A-Za-z0-9_-]+/g, '_')).join('.') || 'default'
}

function aliasesOf(spec: Spec, name: string | undefined): string[] {
  return [...new Set([...(spec.integration?.manifest_key ? [spec.integration.manifest_key] : []), ...(name ? [name] : [])])]
}

const kindOfType: Readonly<Record<Spec['generation']['type'], MediaKind>> = { image: 'image', audio: 'audio', music: 'audio', speech: 'audio', text: 'text' }

/** What no schema can say of one field alone. */
function specProblems(spec: Spec): SpecProblem[] {
  const problems: SpecProblem[] = []
  const { type } = spec.generation
  const path = spec.integration?.manifest_path
  const kind = kindOfType[type]
  if (path !== undefined && formatOfExtension(path.slice(path.lastIndexOf('.')))?.kind !== kind)
    problems.push({
      path: ['integration', 'manifest_path'],
      message: `ends in an extension that is no format of type ${type}`,
      allowed: mediaFormats.filter((format) => format.kind === kind).map((format) => `.${format.extension}`),
    })
  if (type === 'text' && spec.post_processing?.length) problems.push({ path: ['post_processing'], message: 'text has no post-processing steps' })
  if (spec.prompt.mask !== undefined && !spec.prompt.references?.length) problems.push({ path: ['prompt', 'mask'], message: 'a mask needs a picture in references that it masks' })
  const { size, duration } = spec.prompt.parameters ?? {}
  if (size !== undefined && type !== 'image') problems.push({ path: ['prompt', 'parameters', 'size'], message: `type ${type} has no size in pixels` })
  if (duration !== undefined && kind !== 'audio') problems.push({ path: ['prompt', 'parameters', 'duration'], message: `type ${type} has no duration` })
  return problems
}

/** Line ends and outer white space are the file format's, not the author's. */
const clean = (text: string) => text.replace(/\r\n?/g, '\n').trim()

function instanceOf(spec: Spec, identity: { specId: string; file: string; aliases: string[]; nameExtension?: string | undefined }): SpecInstance {
  const { generation, prompt, integration, metadata, observability } = spec
  const { size, quality, n_variations, seed, duration, voice, ...rest } = prompt.parameters ?? {}
  const primary = currentModel(generation.provider, generation.model)
  const fallbacks = (typeof generation.fallback === 'string' ? [generation.fallback] : (generation.fallback ?? [])).map((name) => currentModel(name, undefined))
  const providers: SpecInstance['providers'] = []
  for (const { provider, model } of [primary, ...fallbacks])
    if (!providers.some((known) => known.id === provider)) providers.push({ id: provider, ...(model !== undefined && { model }) })
  const [widthPx, heightPx] = size?.split('x').map(Number) ?? []
  const extension = (integration?.manifest_path && integration.manifest_path.slice(integration.manifest_path.lastIndexOf('.') + 1)) || identity.nameExtension
  const request: JobRequest = {
    type: generation.type,
    prompt: [prompt.base, prompt.style ?? ''].map(clean).filter(Boolean).join('\n'),
    ...(prompt.negative && { negative: clean(prompt.negative) }),
    ...(generation.recipe !== undefined && { recipe: generation.recipe }),
    ...(widthPx && heightPx && { widthPx, heightPx }),
    ...(duration !== undefined && { durationSeconds: duration }),
    ...(quality !== undefined && { quality: primary.isRetired ? currentQuality(quality) : quality }),
    ...(voice !== undefined && { voice }),
    ...(seed !== undefined && { seed }),
    variations: n_variations ?? 1,
    parameters: rest,
  }
  const steps = (spec.post_processing ?? []) as Step[]
  const instance: Omit<SpecInstance, 'file' | 'specHash'> = {
    specId: identity.specId,
    request,
    providers,
    needsAlpha: rest.background === 'transparent' || asksForAlpha(steps),
    references: [
      ...(prompt.references ?? []).map((path) => ({ path, role: 'reference' as const })),
      ...(prompt.mask === undefined ? [] : [{ path: prompt.mask, role: 'mask' as const }]),
    ],
    steps,
    ...(extension && { extension: formatOfExtension(extension)?.extension ?? extension.toLowerCase() }),
    aliases: identity.aliases,
    ...(integration?.manifest_path !== undefined && { path: integration.manifest_path }),
    ...(integration?.token !== undefined && { token: integration.token }),
    ...(metadata?.category !== undefined && { category: metadata.category }),
    about: {
      ...(metadata?.name !== undefined && { name: metadata.name }),
      ...(integration?.description !== undefined && { description: integration.description }),
      ...(metadata?.alt !== undefined && { alt: metadata.alt }),
      ...(metadata?.tags?.length && { tags: [...new Set(metadata.tags)].sort() }),
      ...(metadata?.keywords?.length && { keywords: [...new Set(metadata.keywords)].sort() }),
      ...(metadata?.license !== undefined && { license: metadata.license }),
      ...(metadata?.usage_rights !== undefined && { usageRights: metadata.usage_rights }),
      ...(metadata?.author !== undefined && { author: metadata.author }),
      ...(integration?.manifest_type !== undefined && { manifestType: integration.manifest_type }),
      ...(integration?.manifest_section !== undefined && { manifestSection: integration.manifest_section }),
    },
    tracksCost: observability?.track_cost ?? true,
    tracksQuality: observability?.track_quality ?? false,
    isPrivate: prompt.private ?? false,
    warnings: [primary, ...fallbacks].flatMap(({ warning }) => (warning ? [warning] : [])),
  }
  return { ...instance, file: identity.file, specHash: digestOf({ format: specFormat, ...instance }) }
}

/** A check for transparency, with no step before it that makes some. */
function asksForAlpha(steps: readonly Step[]): boolean {
  for (const step of steps) {
    if (step.action.startsWith('background')) return false
    if (step.action === 'validate' && Array.isArray(step.checks) && step.checks.includes('has_alpha')) return true
  }
  return false
}

/** The extension that an asset's file must have, without dot; undefined: the one of what the provider returns. */
export function wantedExtension({ extension, steps }: Pick<SpecInstance, 'extension' | 'steps'>): string | undefined {
  if (extension !== undefined) return extension
  const convert = steps.findLast((step) => step.action === 'convert')
  const first = Array.isArray(convert?.formats) ? (convert.formats[0] as unknown) : convert?.format
  return typeof first === 'string' ? (formatOfExtension(first)?.extension ?? first) : undefined
}
