import type { SpecProblem } from './check-document.ts'
import { digestOf } from './digest.ts'
import type { JobRequest } from './job.ts'
import { formatOfExtension, mediaFormats, type MediaKind } from './media.ts'
import type { LogLevel } from './ports.ts'
import { currentModel, currentQuality } from './retired-models.ts'
import { specFormat, type Spec } from './spec.ts'
import type { ParameterValue } from './template.ts'

/** One post-processing step as the spec has it; its options are checked by the processor's own schema. */
export type Step = { action: string } & Record<string, unknown>

export interface ReferenceInput {
  /** Relative to the project. */
  path: string
  role: 'reference' | 'mask'
}

/** What a spec says of an asset's token. */
export type TokenWish =
  string | { prefix?: string | undefined; family?: string | undefined; variant?: string | undefined }

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
  /** Events of this asset below it are left out of the log. */
  logLevel?: LogLevel
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

const kindOfType: Readonly<Record<Spec['generation']['type'], MediaKind>> = {
  image: 'image',
  audio: 'audio',
  music: 'audio',
  speech: 'audio',
  text: 'text',
}

/** What no schema can say of one field alone. */
export function specProblems(spec: Spec): SpecProblem[] {
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
  if (type === 'text' && spec.post_processing?.length)
    problems.push({ path: ['post_processing'], message: 'text has no post-processing steps' })
  if (spec.prompt.mask !== undefined && !spec.prompt.references?.length)
    problems.push({ path: ['prompt', 'mask'], message: 'a mask needs a picture in references that it masks' })
  const { size, duration } = spec.prompt.parameters ?? {}
  if (size !== undefined && type !== 'image')
    problems.push({ path: ['prompt', 'parameters', 'size'], message: `type ${type} has no size in pixels` })
  if (duration !== undefined && kind !== 'audio')
    problems.push({ path: ['prompt', 'parameters', 'duration'], message: `type ${type} has no duration` })
  return problems
}

/** Line ends and outer white space are the file format's, not the author's. */
const clean = (text: string) => text.replace(/\r\n?/g, '\n').trim()

/** @param identity.nameExtension - what the name says the extension is, without dot */
export function instanceOf(
  spec: Spec,
  identity: { specId: string; file: string; aliases: string[]; nameExtension?: string | undefined },
): SpecInstance {
  const { generation, prompt, integration, metadata, observability } = spec
  const { size, quality, n_variations, seed, duration, voice, ...rest } = prompt.parameters ?? {}
  const primary = currentModel(generation.provider, generation.model)
  const fallbacks = (typeof generation.fallback === 'string' ? [generation.fallback] : (generation.fallback ?? [])).map(
    (name) => currentModel(name, undefined),
  )
  const providers: SpecInstance['providers'] = []
  for (const { provider, model } of [primary, ...fallbacks])
    if (!providers.some((known) => known.id === provider))
      providers.push({ id: provider, ...(model !== undefined && { model }) })
  const [widthPx, heightPx] = size?.split('x').map(Number) ?? []
  const extension =
    (integration?.manifest_path && integration.manifest_path.slice(integration.manifest_path.lastIndexOf('.') + 1)) ||
    identity.nameExtension
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
    ...(observability?.log_level && { logLevel: observability.log_level }),
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
