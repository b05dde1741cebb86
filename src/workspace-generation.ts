import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fastGlob from 'fast-glob'
import { formatUsd, type MicroUsd } from './core/cost.ts'
import { defineError, isAssetloomError, type AssetloomError } from './core/errors.ts'
import { expandTemplate, type SpecInstance } from './core/expand-spec.ts'
import type { Entry, Manifest } from './core/manifest.ts'
import { didYouMean } from './core/near.ts'
import type { Progress } from './core/ports.ts'
import type { ParameterValue } from './core/template.ts'
import { joinWords } from './core/vocabulary.ts'
import { createLayeredCache } from './engine/layered-cache.ts'
import type { RawAnswers, RawRecord } from './engine/raw-record.ts'
import { runPlan, type JobResult, type RunPorts, type RunResult, type StagedAsset } from './engine/run-plan.ts'
import type { Processed } from './generators/process.ts'
import { createProviders, type Providers } from './generators/providers.ts'
import { limitsOf } from './plan/budget.ts'
import type { Plan, PlannedJob } from './plan/plan.ts'
import { createJobLock } from './store/job-lock.ts'
import { createLedger, type Ledger } from './store/ledger.ts'
import { packageFolder, packageVersion } from './store/package-folder.ts'
import { createForeseenTokens, filesOf, placeAssets, type ForeseenTokens, type ReadyAsset, type ReadyFile } from './store/place-assets.ts'
import { confine, projectRelative } from './store/project-folder.ts'
import { createSpecFiles, specNames, type SpecFiles } from './store/spec-files.ts'
import { createPlanner } from './workspace-plan.ts'
import type { Workspace } from './workspace.ts'

export type { JobResult, Plan, PlannedJob, RunResult }

const specNotFound = defineError('SPEC_NOT_FOUND', {
  summary: 'No spec file, spec id, manifest key or token fits what was named.',
  message: (d: { name: string; known: string[] }) => `There is no spec ${JSON.stringify(d.name)}.`,
  hint: (d) => `${didYouMean(d.name, d.known) ?? ''} Name a file, a folder, a glob, a spec id, a manifest key or a token.`.trim(),
  exit: 2,
})

const templateMissing = defineError('TEMPLATE_UNKNOWN', {
  summary: 'A template is named that does not exist.',
  message: (d: { name: string; known: string[] }) => `There is no template ${JSON.stringify(d.name)}.`,
  hint: (d) => `${didYouMean(d.name, d.known) ?? ''} Known: ${d.known.join(', ') || 'none; templates stand in specs/templates'}.`.trim(),
  exit: 2,
})

const templateValues = defineError('TEMPLATE_VALUES', {
  summary: 'Values given to a template are missing, unknown or not allowed.',
  message: (d: { template: string; problems: string[] }) => `The template ${d.template} cannot be filled: ${d.problems.join('; ')}.`,
  hint: () => 'Give parameters as flags (--jump_type energy-burst) or as --param jump_type=energy-burst.',
  exit: 2,
})

const staleFrozen = defineError('STALE_FROZEN', {
  summary: 'Generation is frozen, and assets are missing or older than their specs.',
  message: (d: { stale: { name: string; file: string; reason: string }[]; command: string }) =>
    `Generation is frozen, and ${d.stale.length === 1 ? 'an asset is' : `${d.stale.length} assets are`} not up to date:\n${d.stale.map(({ name, file, reason }) => `  ${name} (${file}): ${reason}`).join('\n')}`,
  hint: (d) => `Run \`${d.command}\` where generating is allowed, and commit what it writes.`,
  exit: 4,
  http: 409,
})

const paidNeedsBudget = defineError('PAID_NEEDS_BUDGET', {
  summary: 'A paid provider would run inside dev or build, and no budget is configured.',
  message: (d: { spec: string; provider: string; quoteMicroUsd: MicroUsd; command: string }) =>
    `Making ${d.spec} with ${d.provider} costs ${formatUsd(d.quoteMicroUsd)}, and dev and build pay only within a budget.`,
  hint: (d) => `Run \`${d.command}\`, or set budget: { monthlyUsd: … } in the options.`,
  exit: 3,
  http: 402,
})

const colorsUnknown = defineError('COLORS_UNKNOWN', {
  summary: 'A step names colours by a ref that holds none.',
  message: (d: { ref: string }) => `${d.ref} holds no colours.`,
  hint: () => 'Name a colour of the manifest (COLOR-ACME-BRAND001), several with a star (COLOR-ACME-*), or write #RRGGBB.',
})

/** Which assets are meant. Nothing at all means every spec. */
export interface Selection {
  /** Files, folders, globs, spec ids, manifest keys or tokens. */
  specs?: readonly string[]
  /** One asset made from a template, without a spec of its own. */
  template?: { name: string; values: Record<string, ParameterValue>; outputName?: string | undefined }
  /** `stale`: leave out what is right. */
  only?: 'stale' | undefined
  /** Use this provider in place of the specs' own. */
  provider?: string | undefined
  /** Make even what is right, and ask the provider even for what is cached. */
  force?: boolean | undefined
}

/** What became of one ref that a host asked for. */
export interface Ensured {
  /**
   * hit: it was right. made: it was made. kept: it could not be made, the last good state stays (see `error`).
   * transient: made from the shared cache while frozen, so it is not in the manifest; `file` lies in `.assetloom`.
   */
  state: 'hit' | 'made' | 'kept' | 'transient'
  ref: string
  entry: Entry
  /** Absolute path of the file. */
  file: string | undefined
  error?: AssetloomError
}

/** Generation as one part of the workspace. */
export interface WorkspaceGeneration {
  readonly ledger: Ledger
  readonly providers: Providers
  readonly specs: SpecFiles
  /** What is stale, how it would be made and what that would cost. Calls no provider, writes nothing. @throws SPEC_INVALID, SPEC_NOT_FOUND, … */
  plan(selection?: Selection): Promise<Plan>
  /** Carry out a plan. Never throws for a single asset: see each result. */
  run(
    plan: Plan,
    input: { signal?: AbortSignal; progress?: Progress; concurrency?: number | undefined; maxCostMicroUsd?: MicroUsd | undefined; force?: boolean | undefined; onResult?: (result: JobResult) => void; placeWithinMs?: number },
  ): Promise<RunResult>
  /**
   * Make sure that what a ref stands for is there and up to date, as the option `generate` says. One job per ref at a time.
   * @returns undefined when neither the manifest nor a spec knows the ref
   * @throws STALE_FROZEN, PAID_NEEDS_BUDGET, SPEC_INVALID, and the failure of a job that has no last good state
   */
  ensure(ref: string, input?: { signal?: AbortSignal }): Promise<Ensured | undefined>
  /** @throws STALE_FROZEN listing every asset that is missing or stale, and the command that mends it */
  requireFresh(): Promise<void>
  /** The spec that makes a ref: by token, alias or spec id. @throws SPEC_INVALID when no spec does and a spec file is broken */
  findSpecFor(ref: string): Promise<SpecInstance | undefined>
  /** Absolute paths to watch for a ref: spec, template, references, inputs of steps. */
  specFilesOf(ref: string): Promise<string[]>
  /** Names that only specs know: aliases and full tokens of assets that are not made yet. */
  unmadeNames(): Promise<string[]>
  /** Process what a provider returned before anew with another variation chosen. */
  pick(ref: string, variation: number): Promise<{ ref: string; entry: Entry; made: number }>
  /** Raw answers of an asset, when a cache still has them. */
  rawOf(entry: Entry): Promise<RawAnswers | undefined>
  /** Loudest sample of each part of a sound, 0…1, for a drawing of it. */
  peaksOf(sound: Uint8Array, parts: number): Promise<number[]>
}

const silent: Progress = { start() {}, advance() {}, stop() {} }

export function createGeneration(workspace: Workspace): WorkspaceGeneration {
  const { options, paths, log, blobs, cache, shared } = workspace
  const { root } = paths
  const providers = createProviders({ options: options.providers, keys: options.keys, prices: options.prices, redact: workspace.redact })
  const raw = createLayeredCache<RawRecord>({ layer: 'raw', blobs, cache, shared, hashesOf: (record) => record.hashes })
  const planner = createPlanner(workspace, { providers, raw })
  // Not the workspace's clock: a fixed time for equal bytes must not hold the month still.
  const ledger = createLedger({ state: workspace.state, now: () => Date.now() })
  const lock = createJobLock(join(paths.home, 'locks', 'raw'))
  const specs = createSpecFiles({
    root,
    specsFolder: paths.specs,
    shippedFolder: packageFolder(),
    state: workspace.state,
    toolVersion: packageVersion(),
    checkSteps: async (type, steps) => (await import('./generators/process.ts')).checkSteps(type as never, steps as never),
    checkRecipe: async (type, recipe) => (await import('./generators/local/index.ts')).recipeProblem(type as never, recipe),
    onStateFault: (error) => log.write({ event: 'STATE_UNAVAILABLE', level: 'warn', subsystem: 'store', message: 'Parsed specs cannot be kept.', cause: String((error as Error).message) }),
  })
  log.write({ event: 'ASSET_ORCHESTRATOR_INIT', level: 'debug', subsystem: 'asset-generation', message: 'Generation is ready.', budget: options.budget?.monthlyMicroUsd })

  /* ── selecting ─────────────────────────────────────────────────────────── */

  const warned = new Set<string>()
  const warnOf = (instances: readonly SpecInstance[]) => {
    for (const { specId, warnings, file } of instances)
      for (const warning of warnings) {
        if (warned.has(`${specId} ${warning}`)) continue
        warned.add(`${specId} ${warning}`)
        log.write({ event: 'SPEC_WARNING', level: 'warn', subsystem: 'asset-generation', spec_id: specId, message: `${file}: ${warning}` })
      }
  }

  const fromTemplate = async (name: string, values: Record<string, ParameterValue>, outputName: string | undefined): Promise<SpecInstance[]> => {
    const found = await specs.template(name)
    if (!found) throw templateMissing({ name, known: await specs.templateNames() })
    const { instances, problems } = expandTemplate(found.template, values, outputName, found.file)
    if (problems.length > 0) throw templateValues({ template: name, problems: problems.map(({ message, allowed, hint }) => `${message}${allowed?.length ? ` (allowed: ${allowed.join(', ')})` : ''}${hint ? `. ${hint}` : ''}`) })
    const { checkSteps } = await import('./generators/process.ts')
    const stepProblems = instances.flatMap((instance) => checkSteps(instance.request.type, instance.steps))
    if (stepProblems.length > 0) throw templateValues({ template: name, problems: stepProblems.map((problem) => problem.message) })
    for (const instance of instances) instance.templateFile = found.file
    return instances
  }

  /** An asset that was made from a template by command line: its values stand in the manifest. */
  const adHocOf = async (entry: Entry): Promise<SpecInstance | undefined> => {
    const made = entry.source.type === 'spec' ? (entry.source.template as SpecInstance['adHoc'] & { name?: string } | undefined) : undefined
    if (!made?.template) return undefined
    try {
      return (await fromTemplate(made.template, made.values, made.outputName))[0]
    } catch (error) {
      log.write({ event: 'TEMPLATE_GONE', level: 'warn', subsystem: 'asset-generation', message: `${entry.token} was made from a template that no longer fits: ${(error as Error).message}` })
      return undefined
    }
  }

  const allAdHoc = async (): Promise<SpecInstance[]> => {
    if (!workspace.manifest.exists()) return []
    const made: SpecInstance[] = []
    for (const entry of Object.values(workspace.manifest.read().assets)) {
      const instance = await adHocOf(entry)
      if (instance) made.push(instance)
    }
    return made
  }

  const select = async (selection: Selection): Promise<SpecInstance[]> => {
    if (selection.template) return fromTemplate(selection.template.name, selection.template.values, selection.template.outputName)
    const wanted = selection.specs ?? []
    const named = await filesNamed(root, wanted)
    const { instances, faults } = await specs.load(named.files)
    if (wanted.length === 0) {
      if (faults.length > 0) throw faults[0]!.error
      return [...instances, ...(await allAdHoc())]
    }
    const inFiles = new Set(named.files)
    const broken = faults.find(({ file }) => inFiles.has(file))
    if (broken) throw broken.error
    const chosen = instances.filter((instance) => inFiles.has(instance.file))
    for (const name of named.names) {
      const entry = workspace.index.find(name)
      const specId = entry?.entry.source.type === 'spec' ? entry.entry.source.specId : undefined
      const found = instances.filter((instance) => specNames(instance).includes(name) || instance.specId === specId || instance.specId.startsWith(`${name}/`))
      const adHoc = found.length === 0 && entry ? await adHocOf(entry.entry) : undefined
      if (found.length === 0 && !adHoc) {
        if (faults.length > 0) throw faults[0]!.error
        throw specNotFound({ name, known: instances.flatMap(specNames) })
      }
      chosen.push(...found, ...(adHoc ? [adHoc] : []))
    }
    return [...new Set(chosen)]
  }

  const plan = async (selection: Selection = {}): Promise<Plan> => {
    const instances = await select(selection)
    warnOf(instances)
    const planned = await planner.plan(instances, selection)
    if (selection.only !== 'stale') return planned
    const jobs = planned.jobs.filter((job) => job.action !== 'hit' || job.error)
    return { ...planned, jobs }
  }

  /* ── making ────────────────────────────────────────────────────────────── */

  const processOne = async (instance: SpecInstance, answers: RawAnswers, pick: number | undefined): Promise<Processed> => {
    const { processMedia } = await import('./generators/process.ts')
    return processMedia({
      type: instance.request.type,
      steps: instance.steps,
      extension: instance.extension,
      outputs: answers.outputs,
      pick,
      tracksQuality: instance.tracksQuality,
      readFile: async (path) => readFile(confine(root, path)),
      colorsOf,
      onStep: (action, durationMs) =>
        log.write({ event: 'PROCESSING_STEP', level: 'debug', subsystem: 'asset-generation', spec_id: instance.specId, action, duration_ms: Math.round(durationMs), message: `${instance.specId}: ${action}.` }),
    })
  }

  const colorsOf = async (ref: string): Promise<string[]> => {
    const star = ref.indexOf('*')
    const found = star < 0 ? [workspace.index.find(ref)] : workspace.index.startingWith(ref.slice(0, star))
    const colors = found.flatMap((one) => one?.entry.colorHex ?? [])
    if (colors.length === 0) throw colorsUnknown({ ref })
    return colors
  }

  const pickOf = (job: PlannedJob): number | undefined => {
    const source = job.existing?.entry.source
    return source?.type === 'spec' && source.jobKey === job.candidate?.jobKey && typeof source.pick === 'number' ? source.pick : undefined
  }

  type Ready = { processed: Processed; files: ReadyFile[]; pick: number | undefined }

  const stageProcessed = async (processed: Processed): Promise<ReadyFile[]> => {
    const all = [
      { ...processed.file, suffix: `.${processed.file.extension}` },
      ...processed.formats.map((file) => ({ ...file, suffix: `.${file.extension}` })),
      ...processed.extras.map((extra) => ({ ...extra, suffix: extra.name })),
    ]
    return Promise.all(all.map(async ({ bytes, hash, mediaType, suffix }) => ({ temporary: await workspace.stageBytes(bytes, hash), hash, size: bytes.length, mediaType, suffix })))
  }

  const readyAsset = (asset: StagedAsset<Ready>, mayReplace: boolean): ReadyAsset & { foreseen: string } => {
    const { job, record, staged } = asset
    const { processed, files, pick } = staged
    return {
      instance: job.instance,
      token: job.token!,
      foreseen: job.ref,
      facts: processed.facts,
      quality: processed.quality,
      files,
      mayReplace,
      source: {
        type: 'spec',
        spec: job.instance.file,
        specId: job.instance.specId,
        specHash: job.instance.specHash,
        jobKey: job.candidate!.jobKey,
        processHash: job.processHash,
        rawHash: record.hashes[processed.chosen - 1]!,
        provider: record.provider,
        ...(record.model !== undefined && { model: record.model }),
        costMicroUsd: record.costMicroUsd,
        ...(record.seed !== undefined && { seed: record.seed }),
        ...(record.revisedPrompt !== undefined && !job.instance.isPrivate && { revisedPrompt: record.revisedPrompt }),
        generated: record.generated,
        ...(record.hashes.length > 1 && { variations: record.hashes.length, chosen: processed.chosen }),
        ...(pick !== undefined && { pick }),
        ...(job.instance.adHoc && { template: job.instance.adHoc }),
      },
    }
  }

  const placement = { root, assetsDir: options.assetsDir, wordsOf: (draft: Manifest) => joinWords(draft.vocabulary, options.tokens) }
  const dropStaged = (files: readonly ReadyFile[]) => {
    for (const { temporary } of files) workspace.dropTemporary(temporary)
  }

  const place = (assets: readonly StagedAsset<Ready>[], mayReplace: boolean, foreseen: ForeseenTokens) => {
    const placed = workspace.manifest.update((draft, changes) =>
      placeAssets(draft, changes, assets.map((asset) => readyAsset(asset, mayReplace)), { ...placement, now: workspace.timestamp(), foreseen }),
    )
    for (const [i, outcome] of placed.entries()) if ('error' in outcome) dropStaged(assets[i]!.staged.files)
    log.write({ event: 'MANIFEST_UPDATED', level: 'info', subsystem: 'asset-generation', message: `${placed.filter((one) => 'ref' in one).length} assets written into the manifest.` })
    return placed
  }

  /** Only the entry is written anew; its file moves along when the spec says so. */
  const refresh = (jobs: readonly PlannedJob[], foreseen: ForeseenTokens) =>
    workspace.manifest.update((draft, changes) => {
      const assets = jobs.map((job): ReadyAsset => {
        const { entry } = job.existing!
        const source = entry.source as ReadyAsset['source']
        const files = filesOf(entry).map((file): ReadyFile => {
          const format = Object.entries(entry.formats ?? {}).find(([, one]) => one.file === file)
          const { hash, size, mediaType } = format ? format[1] : { hash: entry.hash!, size: entry.size!, mediaType: entry.mediaType! }
          return { temporary: join(root, file), hash, size, mediaType, suffix: format ? `.${format[0]}` : extname(file) }
        })
        return {
          instance: job.instance,
          token: job.token!,
          foreseen: job.ref,
          facts: factsOf(entry),
          quality: entry.qualityScore as ReadyAsset['quality'],
          files,
          mayReplace: false,
          source: { ...source, spec: job.instance.file, specHash: job.instance.specHash },
        }
      })
      const moved = { place: (from: string, target: string) => from !== target && changes.place(copyOf(from), target), remove: changes.remove }
      return placeAssets(draft, moved, assets, { ...placement, now: workspace.timestamp(), foreseen })
    })

  const copyOf = (file: string): string => workspace.stageBytesNow(readFileSync(file))

  const portsFor = (input: Parameters<WorkspaceGeneration['run']>[1], foreseen: ForeseenTokens): RunPorts<Ready> => ({
    runId: workspace.runId,
    log,
    progress: input.progress ?? silent,
    ledger: {
      ...ledger,
      // Statistics of free work are worth no failure.
      recordFree(calls) {
        try {
          ledger.recordFree(calls)
        } catch (error) {
          log.write({ event: 'LEDGER_UNAVAILABLE', level: 'debug', subsystem: 'asset-generation', message: String((error as Error).message) })
        }
      },
    },
    limits: limitsOf(options.budget, input.maxCostMicroUsd),
    lock,
    raw,
    provider: (id) => providers.get(id),
    referencesOf: (job) => planner.referencesOf(job.instance),
    async make(job, answers) {
      const pick = pickOf(job)
      const processed = await processOne(job.instance, answers, pick)
      return { processed, files: await stageProcessed(processed), pick }
    },
    place: (assets) => place(assets, input.force ?? false, foreseen),
    refresh: (jobs) => refresh(jobs, foreseen),
    afterPaid: async () => void (await writeSources()),
    sleep: async (ms, signal) => sleep(ms, undefined, { signal }),
    now: () => performance.now(),
    isoTime: () => workspace.timestamp(),
  })

  /** Types and constants follow the manifest; requests that come while they are written are served by one more writing. */
  let writing: Promise<unknown> | undefined
  let isAskedAgain = false
  const writeSources = async (): Promise<void> => {
    if (writing) {
      isAskedAgain = true
      await writing
      return
    }
    writing = (async () => {
      do {
        isAskedAgain = false
        await workspace.writeDerivedSources()
      } while (isAskedAgain)
    })().finally(() => (writing = undefined))
    await writing
  }

  const run: WorkspaceGeneration['run'] = async (planned, input) => {
    const result = await runPlan(planned, portsFor(input, createForeseenTokens(planned.sequences)), {
      signal: input.signal ?? new AbortController().signal,
      concurrency: input.concurrency,
      force: input.force,
      placeWithinMs: input.placeWithinMs ?? 2_000,
      onResult: input.onResult,
    })
    if (result.results.some((one) => one.status === 'done' && (one.action !== 'hit' || one.job.needsRefresh))) await writeSources()
    return result
  }

  /* ── one ref, for dev and build ─────────────────────────────────────────── */

  const instanceFor = async (ref: string): Promise<SpecInstance | undefined> => {
    const known = workspace.index.find(ref)
    if (known) {
      const { source } = known.entry
      if (source.type !== 'spec') return undefined
      if (source.template) return adHocOf(known.entry)
      const inFile = (await specs.loadFile(source.spec)).find((instance) => instance.specId === source.specId)
      if (inFile) return inFile
    }
    return specs.find(known?.entry.source.type === 'spec' ? known.entry.source.specId : ref)
  }

  const fileOf = (entry: Entry) => (entry.file === undefined ? undefined : join(root, entry.file))

  const ensureNow = async (ref: string, signal: AbortSignal): Promise<Ensured | undefined> => {
    const known = workspace.index.find(ref)
    let instance: SpecInstance | undefined
    try {
      instance = await instanceFor(ref)
    } catch (error) {
      // A spec that is being edited: what was made from its last good state stays.
      if (!known || !isAssetloomError(error)) throw error
      return { state: 'kept', ...known, file: fileOf(known.entry), error }
    }
    if (!instance) return known && { state: 'hit', ...known, file: fileOf(known.entry) }
    warnOf([instance])
    const planned = await planner.plan([instance], {})
    const job = planned.jobs[0]!
    const existing = job.existing
    const isThere = existing !== undefined && job.reason !== 'its file is missing or changed'
    const hit = (): Ensured => ({ state: 'hit', ...existing!, file: fileOf(existing!.entry) })
    if (!job.error && job.action === 'hit' && (!job.needsRefresh || options.generate !== 'auto')) return hit()
    if (options.generate === 'missing' && isThere) return hit()
    if (options.generate === 'frozen') {
      if (!job.error && job.action === 'derive') return transient(job)
      await requireFresh(job)
    }
    const keptOr = (error: AssetloomError): Ensured => {
      if (isThere) return { state: 'kept', ...existing!, file: fileOf(existing!.entry), error }
      throw error
    }
    if (job.error) return keptOr(job.error)
    if (job.action === 'generate' && !job.candidate!.isFree && !options.budget) {
      const command = `npx assetloom generate ${instance.adHoc ? ref : instance.file}`
      return keptOr(paidNeedsBudget({ spec: instance.specId, provider: job.candidate!.provider, quoteMicroUsd: job.quoteMicroUsd, command }))
    }
    const result = await enqueue(job, signal)
    if (result.status !== 'done') return keptOr(result.error!)
    return { state: result.action === 'hit' ? 'hit' : 'made', ref: result.ref, entry: result.entry!, file: fileOf(result.entry!) }
  }

  /** While frozen, what the cache has is processed and served, and the manifest stays as it is. */
  const transient = async (job: PlannedJob): Promise<Ensured> => {
    const found = await raw.get(job.candidate!.jobKey)
    if (!found) return requireFresh(job) as never
    const answers: RawAnswers = { record: found.record, outputs: found.blobs.map((bytes, i) => ({ bytes, mediaType: found.record.mediaTypes[i]! })) }
    const processed = await processOne(job.instance, answers, pickOf(job))
    const named = [{ ...processed.file, suffix: `.${processed.file.extension}` }, ...processed.formats.map((file) => ({ ...file, suffix: `.${file.extension}` })), ...processed.extras.map((extra) => ({ ...extra, suffix: extra.name }))]
    const files = named.map(({ bytes, hash, mediaType, suffix }) => ({ temporary: '', hash, size: bytes.length, mediaType, suffix }))
    const draft = structuredClone(workspace.manifest.read())
    const [placed] = placeAssets(draft, { place() {}, remove() {} }, [readyAsset({ job, record: found.record, staged: { processed, files, pick: pickOf(job) } }, true)], { ...placement, now: workspace.timestamp(), foreseen: createForeseenTokens(draft.sequences) })
    if ('error' in placed!) throw placed.error
    const { ref, entry } = placed!
    const file = await workspace.served.ensure(processed.file.hash, `${ref}.${processed.file.extension}`, () => processed.file.bytes)
    return { state: 'transient', ref, entry, file }
  }

  const requireFresh = async (first?: PlannedJob): Promise<void> => {
    const { instances, faults } = await specs.load()
    if (faults.length > 0) throw faults[0]!.error
    const { jobs } = await planner.plan([...instances, ...(await allAdHoc())], {})
    const stale = jobs.filter((job) => job.error !== undefined || job.action !== 'hit')
    const all = first && !stale.some((job) => job.instance.specId === first.instance.specId) ? [first, ...stale] : stale
    if (all.length === 0) return
    throw staleFrozen(
      {
        stale: all.map((job) => ({ name: job.instance.aliases[0] ?? job.ref, file: job.instance.file, reason: job.error?.message ?? job.reason })),
        command: 'npx assetloom generate',
      },
      { details: { stale: all.map((job) => ({ ref: job.ref, spec: job.instance.specId, file: job.instance.file, reason: job.error?.message ?? job.reason })) } },
    )
  }

  /** Jobs that are asked for at the same moment run as one plan, so that the manifest is written once for all of them. */
  let gathered: { job: PlannedJob; done(result: JobResult): void; fail(error: unknown): void }[] = []
  const enqueue = (job: PlannedJob, signal: AbortSignal) =>
    new Promise<JobResult>((done, fail) => {
      gathered.push({ job, done, fail })
      if (gathered.length > 1) return
      setTimeout(() => {
        const batch = gathered
        gathered = []
        const byJob = new Map(batch.map((one) => [one.job, one]))
        run({ jobs: [...byJob.keys()], quoteMicroUsd: 0, sequences: workspace.index.head().sequences }, { signal, placeWithinMs: 40, onResult: (result) => byJob.get(result.job)?.done(result) }).catch((error: unknown) => {
          for (const one of batch) one.fail(error)
        })
      }, 4)
    })

  const inFlight = new Map<string, Promise<Ensured | undefined>>()
  const never = new AbortController().signal

  return {
    ledger,
    providers,
    specs,
    plan,
    run,
    ensure(ref, input = {}) {
      let flight = inFlight.get(ref)
      if (!flight) {
        flight = ensureNow(ref, input.signal ?? never).finally(() => inFlight.delete(ref))
        inFlight.set(ref, flight)
      }
      return flight
    },
    requireFresh: () => requireFresh(),
    findSpecFor: instanceFor,
    async specFilesOf(ref) {
      const known = workspace.index.find(ref)?.entry.source
      const instance = await instanceFor(ref).catch(() => undefined)
      // A broken spec must be watched all the more.
      if (!instance) return known?.type === 'spec' ? [resolve(root, known.spec)] : []
      const inputs = await planner.stepInputsOf(instance).catch(() => [])
      const files = [instance.file, ...(instance.templateFile ? [instance.templateFile] : []), ...instance.references.map(({ path }) => path), ...inputs]
      return [...new Set(files)].filter((file) => !file.startsWith('assetloom/')).map((file) => resolve(root, file))
    },
    async unmadeNames() {
      const { instances } = await specs.load()
      return instances.filter((instance) => !workspace.index.findBySpecId(instance.specId)).flatMap((instance) => specNames(instance).slice(1))
    },
    async pick(ref, variation) {
      const instance = await instanceFor(ref)
      const known = workspace.index.find(ref)
      if (!instance || !known) throw specNotFound({ name: ref, known: workspace.index.names() })
      const planned = await planner.plan([instance], {})
      const job = planned.jobs[0]!
      if (job.error) throw job.error
      const source = known.entry.source
      const found = source.type === 'spec' ? await raw.get(source.jobKey) : undefined
      if (!found || source.type !== 'spec') throw rawGone({ ref: known.ref })
      const answers: RawAnswers = { record: found.record, outputs: found.blobs.map((bytes, i) => ({ bytes, mediaType: found.record.mediaTypes[i]! })) }
      const processed = await processOne(instance, answers, variation)
      const staged = { processed, files: await stageProcessed(processed), pick: variation }
      const candidate = { ...job.candidate!, jobKey: source.jobKey }
      const [placed] = place([{ job: { ...job, candidate }, record: found.record, staged }], false, createForeseenTokens(planned.sequences))
      if ('error' in placed!) throw placed.error
      await writeSources()
      return { ...placed!, made: answers.outputs.length }
    },
    async peaksOf(bytes, parts) {
      const { channels } = await (await import('./generators/media/decode-sound.ts')).decodeSound(bytes)
      const samples = channels[0] ?? new Float32Array()
      return Array.from({ length: parts }, (_, i) => {
        let peak = 0
        for (let at = Math.floor((i * samples.length) / parts); at < Math.floor(((i + 1) * samples.length) / parts); at++) peak = Math.max(peak, Math.abs(samples[at]!))
        return Math.min(1, peak)
      })
    },
    async rawOf(entry) {
      if (entry.source.type !== 'spec') return undefined
      const found = await raw.get(entry.source.jobKey)
      return found && { record: found.record, outputs: found.blobs.map((bytes, i) => ({ bytes, mediaType: found.record.mediaTypes[i]! })) }
    },
  }
}

const rawGone = defineError('RAW_GONE', {
  summary: 'The raw answers of an asset are in no cache, so another variation cannot be chosen.',
  message: (d: { ref: string }) => `The variations of ${d.ref} are not in the cache of this machine or the team.`,
  hint: (d) => `assetloom generate ${d.ref} --force makes them anew.`,
})

function factsOf(entry: Entry): ReadyAsset['facts'] {
  const { widthPx, heightPx, hasAlpha, dominantColorHex, durationMs, sampleRateHz, channels } = entry
  const measured = { widthPx, heightPx, hasAlpha, dominantColorHex, durationMs, sampleRateHz, channels }
  return { kind: entry.kind as never, mediaType: entry.mediaType ?? '', ...(Object.fromEntries(Object.entries(measured).filter(([, value]) => value !== undefined)) as object) }
}

/** Which of the named things are files, folders or globs; the rest are names. */
async function filesNamed(root: string, wanted: readonly string[]): Promise<{ files: string[]; names: string[] }> {
  const { statSync } = await import('node:fs')
  const files: string[] = []
  const names: string[] = []
  for (const name of wanted) {
    const path = resolve(root, name)
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat?.isDirectory()) files.push(...(await fastGlob('**/*.{yaml,yml,json}', { cwd: path, absolute: true, followSymbolicLinks: false })))
    else if (stat) files.push(confine(root, path))
    else if (fastGlob.isDynamicPattern(name)) files.push(...(await fastGlob(name.replaceAll('\\', '/'), { cwd: root, absolute: true, followSymbolicLinks: false, ignore: ['**/node_modules/**'] })))
    else names.push(name)
  }
  return { files: files.map((path) => projectRelative(root, confine(root, path))).sort(), names }
}

