import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { defineError, isAssetloomError, toAssetloomError, type AssetloomError } from '../core/errors.ts'
import { planToken } from '../core/issue-token.ts'
import { wantedExtension, type SpecInstance } from '../core/spec-instance.ts'
import type { GenerationType, Reference } from '../core/job.ts'
import type { Entry, SpecSource } from '../core/manifest.ts'
import { formatOfExtension } from '../core/media.ts'
import type { Provider } from '../core/ports.ts'
import { detectVariant } from '../core/variant.ts'
import type { RawRecord } from '../engine/raw-record.ts'
import type { LayeredCache } from '../engine/layered-cache.ts'
import { processHash } from '../generators/process-hash.ts'
import type { Providers } from '../generators/providers.ts'
import type * as stepTools from '../generators/steps.ts'
import { chooseCandidate, metBy, noProvider, staleReason, type Candidate, type Plan, type PlannedJob } from '../plan/plan.ts'
import { createFileHashes } from '../store/file-hashes.ts'
import { tokenFor } from '../store/place-assets.ts'
import { confine, projectRelative } from '../store/project-folder.ts'
import { candidateOf, choicesOf, quoteOf, withFitness } from './candidates.ts'
import { colorsOf } from './colors.ts'
import type { Workspace } from '../workspace.ts'

const inputMissing = defineError('SPEC_INPUT_MISSING', {
  summary: 'A reference, mask or file of a step that a spec names does not exist.',
  message: (d: { spec: string; path: string }) => `${d.spec} names ${d.path}, which does not exist.`,
  hint: () => 'Paths in specs are relative to the root of the project.',
})

const hashOfNoSteps = processHash({ steps: [], versions: [], inputHashes: [], colors: [] })

const defaultCategories: Readonly<Record<GenerationType, string>> = {
  image: 'Images',
  audio: 'Sound Effects',
  music: 'Music',
  speech: 'Voices',
  text: 'Documents',
}

interface PlanInput {
  force?: boolean | undefined
  /** Take this provider in place of those of the specs. */
  provider?: string | undefined
}

type PlannedAction = Omit<PlannedJob, 'ref' | 'token'>

interface PlanTools {
  /** @throws PROVIDER_UNKNOWN, … */
  provider(id: string): Provider
  /** Absent where no instance has steps. */
  steps: typeof stepTools | undefined
}

/** What planning knows how to find out. */
export interface Planner {
  plan(instances: readonly SpecInstance[], input: PlanInput): Promise<Plan>
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
  const files = createFileHashes({ root, state: workspace.state, onStateFault: workspace.onStateFault })
  const loadSteps = () => import('../generators/steps.ts')

  const inputHash = (spec: string, path: string): string => {
    const hash = files.hashOf(projectRelative(root, confine(root, path)))
    if (hash === undefined) throw inputMissing({ spec, path })
    return hash
  }

  const referencesOf = (instance: SpecInstance): Reference[] =>
    instance.references.map(({ path, role }) => {
      const absolute = confine(root, path)
      return { path, role, hash: inputHash(instance.specId, path), read: async () => readFileSync(absolute) }
    })

  const candidatesOf = (instance: SpecInstance, wanted: string | undefined, tools: PlanTools): Candidate[] => {
    const referenceHashes = instance.references.map(({ path, role }) =>
      role === 'mask' ? `mask:${inputHash(instance.specId, path)}` : inputHash(instance.specId, path),
    )
    return choicesOf(instance, wanted).map(({ id, model }) =>
      candidateOf(instance, { provider: tools.provider(id), model, referenceHashes }),
    )
  }

  const isIntact = (entry: Entry): boolean =>
    [{ file: entry.file, hash: entry.hash }, ...Object.values(entry.formats ?? {})].every(
      ({ file, hash }) => file !== undefined && hash !== undefined && files.holds(file, hash),
    )

  const formatFits = (instance: SpecInstance, entry: Entry): boolean => {
    const wanted = wantedExtension(instance)
    return wanted === undefined || formatOfExtension(extname(entry.file ?? ''))?.extension === wanted
  }

  const processHashOf = ({ specId, steps, request: { type } }: SpecInstance, tools: PlanTools): string => {
    if (!tools.steps || steps.length === 0) return hashOfNoSteps
    const { stepColorRefs, stepInputs, stepVersions } = tools.steps
    return processHash({
      steps,
      versions: stepVersions(type, steps),
      inputHashes: stepInputs(type, steps).map((path) => inputHash(specId, path)),
      colors: stepColorRefs(type, steps).map((ref) => colorsOf(workspace.index, ref)),
    })
  }

  /** How a stale asset would be made. */
  const planStale = async (
    blank: Omit<PlannedAction, 'action'>,
    candidates: readonly Candidate[],
    isForced: boolean,
    tools: PlanTools,
  ): Promise<PlannedAction> => {
    const { instance, existing } = blank
    const probed = await Promise.all(
      candidates.map(async (candidate) => ({
        ...withFitness(candidate, tools.provider(candidate.provider), instance),
        isCached: !isForced && (await ports.raw.get(candidate.jobKey)) !== undefined,
      })),
    )
    const choice = chooseCandidate(probed, existing?.entry, isForced)
    if (!('action' in choice)) throw noProvider({ spec: instance.specId, tried: choice.passedOver })
    const quoteMicroUsd =
      choice.action === 'generate'
        ? quoteOf(tools.provider(choice.candidate.provider), instance, choice.candidate, referencesOf(instance))
        : 0
    return { ...blank, ...choice, quoteMicroUsd }
  }

  /** Waits for nothing when the asset is right: of thousands, most are. */
  const planOne = (
    instance: SpecInstance,
    existing: PlannedJob['existing'],
    input: PlanInput,
    tools: PlanTools,
  ): PlannedAction | Promise<PlannedAction> => {
    const blank = {
      instance,
      passedOver: [],
      quoteMicroUsd: 0,
      processHash: '',
      needsRefresh: false,
      reason: '',
      ...(existing && { existing }),
    }
    const failed = (error: unknown): PlannedAction => ({
      ...blank,
      action: 'generate',
      reason: 'it cannot be planned',
      error: toAssetloomError(error),
    })
    try {
      const candidates = candidatesOf(instance, input.provider, tools)
      blank.processHash = processHashOf(instance, tools)
      const entry = existing?.entry
      const facts = {
        entry,
        processHash: blank.processHash,
        fileIsIntact: entry !== undefined && isIntact(entry),
        formatFits: entry !== undefined && formatFits(instance, entry),
      }
      const reason = staleReason(facts, candidates)
      const source = entry?.source.type === 'spec' ? entry.source : undefined
      if (reason === undefined && !input.force) {
        const needsRefresh = source?.specHash !== instance.specHash || source.spec !== instance.file
        const candidate = candidates.find((one) => one.provider === (source && metBy(source).provider))!
        return { ...blank, action: 'hit', needsRefresh, candidate }
      }
      const stale = { ...blank, reason: reason ?? 'it was asked for with --force' }
      return planStale(stale, candidates, input.force ?? false, tools).catch(failed)
    } catch (error) {
      return failed(error)
    }
  }

  /** What all instances together need, loaded once. */
  const toolsFor = async (instances: readonly SpecInstance[], wanted: string | undefined): Promise<PlanTools> => {
    const ids = new Set(instances.flatMap((instance) => choicesOf(instance, wanted).map(({ id }) => id)))
    const found = new Map<string, Provider | AssetloomError>()
    for (const id of ids) found.set(id, await ports.providers.get(id).catch(toAssetloomError))
    return {
      provider(id) {
        const provider = found.get(id)!
        if (isAssetloomError(provider)) throw provider
        return provider
      },
      // The processors take long to load.
      steps: instances.some(({ steps }) => steps.length > 0) ? await loadSteps() : undefined,
    }
  }

  return {
    async plan(instances, input) {
      if (instances.length > fewSpecs) files.prime()
      const words = workspace.words()
      const entryOf = entriesBySpec(workspace, instances.length)
      const { sequences } = workspace.index.head()
      const draft = { assets: entryOf.assets, sequences: { ...sequences } }
      const tools = await toolsFor(instances, input.provider)
      // All at once, so that the answers of a shared cache do not wait for one another; tokens one after the other.
      const actions = instances.map((instance) => planOne(instance, entryOf.find(instance.specId), input, tools))
      const jobs: PlannedJob[] = []
      for (const planned of actions) {
        const action = planned instanceof Promise ? await planned : planned
        const { instance, existing: found } = action
        const job: PlannedJob = { ...action, ref: found?.ref ?? instance.aliases[0] ?? instance.specId }
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
      files.keep()
      return { jobs, quoteMicroUsd: jobs.reduce((sum, job) => sum + job.quoteMicroUsd, 0), sequences }
    },
    referencesOf: async (instance) => referencesOf(instance),
    stepInputsOf: async (instance) => (await loadSteps()).stepInputs(instance.request.type, instance.steps),
  }
}

type FoundEntry = NonNullable<PlannedJob['existing']>

/** Up to here, single look-ups cost less than reading every entry that specs made. */
const fewSpecs = 50

function entriesBySpec({ index }: Pick<Workspace, 'index'>, count: number) {
  const bySpec = new Map<string, FoundEntry>()
  const byRef = new Map<string, Entry>()
  if (count > fewSpecs)
    for (const found of index.madeFromSpecs()) {
      bySpec.set((found.entry.source as SpecSource).specId, found)
      byRef.set(found.ref, found.entry)
    }
  const entryAt = (ref: string): Entry | undefined => {
    const found = index.find(ref)
    return found?.ref === ref ? found.entry : undefined
  }
  return {
    find: (specId: string) => (count > fewSpecs ? bySpec.get(specId) : index.findBySpecId(specId)),
    assets: new Proxy({} as Record<string, Entry>, {
      get: (_, ref) => (typeof ref === 'string' ? (byRef.get(ref) ?? entryAt(ref)) : undefined),
    }),
  }
}
