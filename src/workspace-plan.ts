import { readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { contentHash } from './core/digest.ts'
import { defineError, toAssetloomError } from './core/errors.ts'
import { planToken } from './core/issue-token.ts'
import { wantedExtension, type SpecInstance } from './core/spec-instance.ts'
import { jobKey, type GenerationType, type Job, type JobRequest, type Reference } from './core/job.ts'
import { isLfsPointer } from './core/lfs-pointer.ts'
import type { Entry } from './core/manifest.ts'
import { formatOfExtension } from './core/media.ts'
import type { Provider } from './core/ports.ts'
import { detectVariant } from './core/variant.ts'
import type { RawRecord } from './engine/raw-record.ts'
import type { LayeredCache } from './engine/layered-cache.ts'
import type { Providers } from './generators/providers.ts'
import { callsFor } from './plan/batch.ts'
import { chooseCandidate, noProvider, staleReason, type Candidate, type Plan, type PlannedJob } from './plan/plan.ts'
import { unfitReason } from './plan/route.ts'
import { tokenFor } from './store/place-assets.ts'
import { confine } from './store/project-folder.ts'
import { colorsOf } from './workspace-colors.ts'
import type { Workspace } from './workspace.ts'

const inputMissing = defineError('SPEC_INPUT_MISSING', {
  summary: 'A reference, mask or file of a step that a spec names does not exist.',
  message: (d: { spec: string; path: string }) => `${d.spec} names ${d.path}, which does not exist.`,
  hint: () => 'Paths in specs are relative to the root of the project.',
})

const defaultCategories: Readonly<Record<GenerationType, string>> = {
  image: 'Images',
  audio: 'Sound Effects',
  music: 'Music',
  speech: 'Voices',
  text: 'Documents',
}

/** What planning knows how to find out. */
export interface Planner {
  /** @param input.provider - take this provider in place of those of the specs */
  plan(
    instances: readonly SpecInstance[],
    input: { force?: boolean | undefined; provider?: string | undefined },
  ): Promise<Plan>
  /** Inputs of a job with their bytes. */
  referencesOf(instance: SpecInstance): Promise<Reference[]>
  /** Files that steps of a spec read, relative to the project. */
  stepInputsOf(instance: SpecInstance): Promise<string[]>
}

export function createPlanner(
  workspace: Workspace,
  ports: { providers: Providers; raw: LayeredCache<RawRecord> },
): Planner {
  const { root } = workspace.paths
  const files = createFileHashes()
  const tools = () => import('./generators/steps.ts')

  const inputHash = (spec: string, path: string): string => {
    const hash = files.hashOf(confine(root, path))
    if (hash === undefined) throw inputMissing({ spec, path })
    return hash
  }

  const referencesOf = (instance: SpecInstance): Reference[] =>
    instance.references.map(({ path, role }) => {
      const absolute = confine(root, path)
      return { path, role, hash: inputHash(instance.specId, path), read: async () => readFileSync(absolute) }
    })

  const candidatesOf = async (
    instance: SpecInstance,
    wanted: string | undefined,
  ): Promise<{ candidates: Candidate[]; providers: Map<string, Provider> }> => {
    const providers = new Map<string, Provider>()
    const referenceHashes = instance.references.map(({ path, role }) =>
      role === 'mask' ? `mask:${inputHash(instance.specId, path)}` : inputHash(instance.specId, path),
    )
    const candidates: Candidate[] = []
    for (const { id, model } of wanted === undefined
      ? instance.providers
      : [instance.providers.find((one) => one.id === wanted) ?? { id: wanted }]) {
      const provider = await ports.providers.get(id)
      providers.set(id, provider)
      const chosen = model ?? provider.defaultModel?.(instance.request)
      const asksForAlpha = instance.needsAlpha && provider.capabilities.alpha === 'on-request'
      const request: JobRequest = {
        ...instance.request,
        ...(chosen !== undefined && { model: chosen }),
        ...(asksForAlpha && { alpha: true }),
      }
      const { available, reason } = provider.isAvailable()
      const unfit = available
        ? unfitReason(provider.capabilities, request, {
            alpha: instance.needsAlpha,
            references: instance.references.length,
          })
        : (reason ?? 'it is not available')
      candidates.push({
        provider: id,
        request,
        jobKey: jobKey({ request, provider: id, providerVersion: provider.version, referenceHashes }),
        isFree: provider.free,
        ...(unfit !== undefined && { unfit }),
      })
    }
    return { candidates, providers }
  }

  const isIntact = (entry: Entry): boolean =>
    [{ file: entry.file, hash: entry.hash }, ...Object.values(entry.formats ?? {})].every(
      ({ file, hash }) => file !== undefined && hash !== undefined && files.holds(join(root, file), hash),
    )

  const formatFits = (instance: SpecInstance, entry: Entry): boolean => {
    const wanted = wantedExtension(instance)
    return wanted === undefined || formatOfExtension(extname(entry.file ?? ''))?.extension === wanted
  }

  const planOne = async (
    instance: SpecInstance,
    found: { ref: string; entry: Entry } | undefined,
    input: { force?: boolean | undefined; provider?: string | undefined },
  ): Promise<Omit<PlannedJob, 'ref' | 'token'>> => {
    const blank = {
      instance,
      passedOver: [],
      quoteMicroUsd: 0,
      processHash: '',
      needsRefresh: false,
      ...(found && { existing: found }),
    }
    try {
      const { candidates, providers } = await candidatesOf(instance, input.provider)
      const { processHash, stepColorRefs, stepInputs } = await tools()
      const { steps, request: { type } } = instance
      const process = processHash({
        type,
        steps,
        inputHashes: stepInputs(type, steps).map((path) => inputHash(instance.specId, path)),
        colors: stepColorRefs(type, steps).map((ref) => colorsOf(workspace.index, ref)),
      })
      const reason = staleReason(
        {
          entry: found?.entry,
          processHash: process,
          fileIsIntact: found !== undefined && isIntact(found.entry),
          formatFits: found !== undefined && formatFits(instance, found.entry),
        },
        candidates,
      )
      const source = found?.entry.source
      const needsRefresh =
        source?.type === 'spec' && (source.specHash !== instance.specHash || source.spec !== instance.file)
      if (reason === undefined && !input.force)
        return {
          ...blank,
          action: 'hit',
          reason: '',
          processHash: process,
          needsRefresh,
          candidate: candidates.find((one) => one.provider === (source as { provider?: string }).provider)!,
        }
      const probed = await Promise.all(
        candidates.map(async (candidate) => ({
          ...candidate,
          isCached: !input.force && (await ports.raw.get(candidate.jobKey)) !== undefined,
        })),
      )
      const choice = chooseCandidate(probed, found?.entry, input.force ?? false)
      if (!('action' in choice)) throw noProvider({ spec: instance.specId, tried: choice.passedOver })
      const quoteMicroUsd =
        choice.action === 'generate'
          ? quoteOf(providers.get(choice.candidate.provider)!, instance, choice.candidate, referencesOf(instance))
          : 0
      return {
        ...blank,
        ...choice,
        reason: reason ?? 'it was asked for with --force',
        processHash: process,
        quoteMicroUsd,
      }
    } catch (error) {
      return { ...blank, action: 'generate', reason: 'it cannot be planned', error: toAssetloomError(error) }
    }
  }

  return {
    async plan(instances, input) {
      const words = workspace.words()
      const entryOf = entriesBySpec(workspace, instances.length)
      const { sequences } = workspace.index.head()
      const draft = { assets: entryOf.assets, sequences: { ...sequences } }
      // All at once, so that the answers of a shared cache do not wait for one another; tokens one after the other.
      const actions = await Promise.all(
        instances.map((instance) => planOne(instance, entryOf.find(instance.specId), input)),
      )
      const jobs: PlannedJob[] = []
      for (const [i, instance] of instances.entries()) {
        const found = actions[i]!.existing
        const job: PlannedJob = {
          ...actions[i]!,
          ref: found?.ref ?? instance.aliases[0] ?? instance.specId,
        }
        try {
          job.token = planToken(instance.token, {
            owner: instance.specId,
            category: instance.category ?? defaultCategories[instance.request.type],
            hasCategory: instance.category !== undefined,
            family: workspace.options.tokens.defaultFamily,
            variant: (category) => detectVariant(instance.specId, { mediaType: '' }, category).variant,
          }, words)
          job.ref = tokenFor(draft, job.token, found, words)
          if (found && job.ref !== found.ref) job.needsRefresh = true
        } catch (error) {
          job.error ??= toAssetloomError(error)
        }
        if (job.error) job.quoteMicroUsd = 0
        jobs.push(job)
      }
      return { jobs, quoteMicroUsd: jobs.reduce((sum, job) => sum + job.quoteMicroUsd, 0), sequences }
    },
    referencesOf: async (instance) => referencesOf(instance),
    stepInputsOf: async (instance) => (await tools()).stepInputs(instance.request.type, instance.steps),
  }
}

function quoteOf(
  provider: Provider,
  instance: SpecInstance,
  candidate: Candidate,
  references: Reference[],
): number {
  const job = (variations: number): Job => ({
    key: candidate.jobKey,
    specId: instance.specId,
    provider: provider.id,
    request: { ...candidate.request, variations },
    references,
  })
  return callsFor(candidate.request.variations, provider.capabilities.variationsPerCall).reduce(
    (sum, share) => sum + provider.quote(job(share.count)),
    0,
  )
}

/** Up to here, single look-ups cost less than reading the whole manifest. */
const fewSpecs = 50

function entriesBySpec(workspace: Workspace, count: number) {
  if (count <= fewSpecs) {
    const assets = new Proxy({} as Record<string, Entry>, {
      get: (_, ref) => (typeof ref === 'string' ? entryAt(workspace, ref) : undefined),
    })
    return { assets, find: (specId: string) => workspace.index.findBySpecId(specId) }
  }
  const { assets } = workspace.manifest.read()
  const bySpec = new Map<string, { ref: string; entry: Entry }>()
  for (const [ref, entry] of Object.entries(assets))
    if (entry.source.type === 'spec') bySpec.set(entry.source.specId, { ref, entry })
  return { assets, find: (specId: string) => bySpec.get(specId) }
}

function entryAt(workspace: Workspace, ref: string): Entry | undefined {
  const found = workspace.index.find(ref)
  return found?.ref === ref ? found.entry : undefined
}

/** Digests of files, kept as long as their times and sizes stay the same. */
function createFileHashes() {
  const known = new Map<string, { stamp: string; hash: string; bytesAre: 'content' | string }>()
  const look = (path: string) => {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (!stat?.isFile()) return undefined
    const stamp = `${stat.mtimeMs}:${stat.size}:${stat.ino}`
    const before = known.get(path)
    // A file that was just written may change again within one tick of its clock.
    if (before?.stamp === stamp && Date.now() - stat.mtimeMs > 100) return before
    const bytes = readFileSync(path)
    const oid = isLfsPointer(bytes) ? /oid (sha256:[0-9a-f]{64})/.exec(bytes.toString())?.[1] : undefined
    const looked = { stamp, hash: contentHash(bytes), bytesAre: oid ?? 'content' }
    known.set(path, looked)
    return looked
  }
  return {
    hashOf: (path: string) => look(path)?.hash,
    /** A Git LFS pointer holds the content it points to: that it was not fetched is for its reader to say. */
    holds(path: string, hash: string) {
      const looked = look(path)
      return looked !== undefined && (looked.hash === hash || looked.bytesAre === hash)
    },
  }
}
