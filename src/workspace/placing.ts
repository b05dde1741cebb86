import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { AssetloomError } from '../core/errors.ts'
import type { SpecInstance } from '../core/spec-instance.ts'
import { filesOf, measuredMembers, type Entry, type Manifest } from '../core/manifest.ts'
import { joinWords } from '../core/vocabulary.ts'
import type { RawAnswers } from '../engine/raw-record.ts'
import type { StagedAsset } from '../engine/run-plan.ts'
import type { Processed } from '../generators/process.ts'
import type { PlannedJob } from '../plan/plan.ts'
import {
  createForeseenTokens,
  placeAssets,
  type ForeseenTokens,
  type ReadyAsset,
  type ReadyFile,
} from '../store/place-assets.ts'
import { confine } from '../store/project-folder.ts'
import { colorsOf } from './colors.ts'
import type { Workspace } from '../workspace.ts'

/** A processed asset whose files lie ready. */
export interface Ready {
  processed: Processed
  files: ReadyFile[]
  /** The variation that somebody chose, 1-based. */
  pick: number | undefined
}

type Placed = { ref: string; entry: Entry } | { error: AssetloomError }

/** From raw answers to files in place and entries in the manifest. */
export interface Placing {
  /** Process raw answers and lay the files ready. @param pick - absent: the variation chosen before, or the best */
  make(job: PlannedJob, answers: RawAnswers, pick?: number): Promise<Ready>
  /** Put assets into the manifest in one change; each fails for itself. */
  place(assets: readonly StagedAsset<Ready>[], mayReplace: boolean, foreseen: ForeseenTokens): Placed[]
  /** Only the entry is written anew; its file moves along when the spec says so. */
  refresh(jobs: readonly PlannedJob[], foreseen: ForeseenTokens): Promise<Placed[]>
  /** As it would be placed; the manifest stays as it is, and the file (an absolute path) lies in `.assetloom`. */
  makeTransient(job: PlannedJob, answers: RawAnswers): Promise<{ ref: string; entry: Entry; file: string }>
}

export function createPlacing(
  workspace: Pick<
    Workspace,
    | 'options'
    | 'paths'
    | 'log'
    | 'index'
    | 'manifest'
    | 'served'
    | 'media'
    | 'stageBytes'
    | 'stageBytesNow'
    | 'dropTemporary'
    | 'timestamp'
  >,
): Placing {
  const { options, log, index, manifest } = workspace
  const { root } = workspace.paths
  const placement = (foreseen: ForeseenTokens) => ({
    root,
    assetsDir: options.assetsDir,
    wordsOf: (draft: Manifest) => joinWords(draft.vocabulary, options.tokens),
    now: workspace.timestamp(),
    foreseen,
  })

  const process = async (instance: SpecInstance, answers: RawAnswers, pick: number | undefined): Promise<Processed> => {
    const { stepsToAskedSize } = await import('../generators/asked-size.ts')
    return workspace.media.process({
      type: instance.request.type,
      steps: await stepsToAskedSize(instance.request, instance.steps, answers.outputs),
      extension: instance.extension,
      outputs: answers.outputs,
      pick,
      tracksQuality: instance.tracksQuality,
      readFile: async (path) => readFile(confine(root, path)),
      colorsOf: async (ref) => colorsOf(index, ref),
      onStep: (action, durationMs) =>
        log.write({
          event: 'PROCESSING_STEP',
          level: 'info',
          subsystem: 'asset-generation',
          spec_id: instance.specId,
          provider: answers.record.provider,
          action,
          duration_ms: Math.round(durationMs),
          message: `${instance.specId}: ${action}.`,
        }),
    })
  }

  return {
    async make(job, answers, pick = pickOf(job)) {
      const processed = await process(job.instance, answers, pick)
      const files = await Promise.all(
        outputFiles(processed).map(async ({ bytes, ...file }) => ({
          ...file,
          temporary: await workspace.stageBytes(bytes, file.hash),
        })),
      )
      return { processed, files, pick }
    },
    place(assets, mayReplace, foreseen) {
      const startedMs = performance.now()
      const ready = assets.map((asset) => readyAsset(asset, mayReplace))
      const placed = manifest.update((draft, changes) => placeAssets(draft, changes, ready, placement(foreseen)))
      for (const [i, outcome] of placed.entries())
        if ('error' in outcome)
          for (const { temporary } of assets[i]!.staged.files) workspace.dropTemporary(temporary)
      const refs = placed.flatMap((one) => ('ref' in one ? one.ref : []))
      log.write({
        event: 'MANIFEST_UPDATED',
        level: 'info',
        subsystem: 'asset-generation',
        refs,
        spec_ids: assets.map(({ job }) => job.instance.specId),
        duration_ms: Math.round(performance.now() - startedMs),
        message: `${refs.length} assets written into the manifest.`,
      })
      return placed
    },
    async refresh(jobs, foreseen) {
      const assets = await Promise.all(jobs.map((job) => asItIs(job, workspace)))
      return manifest.update((draft, changes) => {
        const moves = {
          place: (from: string, target: string) =>
            from !== target && changes.place(workspace.stageBytesNow(readFileSync(from)), target),
          remove: changes.remove,
        }
        return placeAssets(draft, moves, assets, placement(foreseen))
      })
    },
    async makeTransient(job, answers) {
      const pick = pickOf(job)
      const processed = await process(job.instance, answers, pick)
      const files = outputFiles(processed).map(({ bytes: _, ...file }) => ({ ...file, temporary: '' }))
      const draft = structuredClone(manifest.read())
      const ready = readyAsset({ job, record: answers.record, staged: { processed, files, pick } }, true)
      const nowhere = { place() {}, remove() {} }
      const [placed] = placeAssets(draft, nowhere, [ready], placement(createForeseenTokens(draft.sequences)))
      if ('error' in placed!) throw placed.error
      const { ref, entry } = placed!
      const { hash, extension, bytes } = processed.file
      return { ref, entry, file: await workspace.served.ensure(hash, `${ref}.${extension}`, () => bytes) }
    },
  }
}

/** The variation that was chosen for the raw answers that the job has now. */
function pickOf(job: PlannedJob): number | undefined {
  const source = job.existing?.entry.source
  if (source?.type !== 'spec' || source.jobKey !== job.candidate?.jobKey) return undefined
  return typeof source.pick === 'number' ? source.pick : undefined
}

/** Every file of an asset, the main one first. */
function outputFiles({ file, formats, extras }: Processed): (Omit<ReadyFile, 'temporary'> & { bytes: Uint8Array })[] {
  const media = [file, ...formats].map((one) => ({ ...one, suffix: `.${one.extension}` }))
  return [...media, ...extras.map((extra) => ({ ...extra, suffix: extra.name }))].map(
    ({ bytes, hash, mediaType, suffix }) => ({ bytes, hash, size: bytes.length, mediaType, suffix }),
  )
}

function readyAsset({ job, record, staged }: StagedAsset<Ready>, mayReplace: boolean): ReadyAsset {
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
      ...(record.licenseNote !== undefined && { licenseNote: record.licenseNote }),
      generated: record.generated,
      ...(record.hashes.length > 1 && { variations: record.hashes.length, chosen: processed.chosen }),
      ...(pick !== undefined && { pick }),
      ...(job.instance.adHoc && { template: job.instance.adHoc }),
    },
  }
}

/** An asset whose files stay as they are on the disk. */
async function asItIs(job: PlannedJob, workspace: Pick<Workspace, 'media' | 'paths'>): Promise<ReadyAsset> {
  const { entry } = job.existing!
  const source = entry.source as ReadyAsset['source']
  const files = filesOf(entry).map((file): ReadyFile => {
    const format = Object.entries(entry.formats ?? {}).find(([, one]) => one.file === file)
    const main = { hash: entry.hash!, size: entry.size!, mediaType: entry.mediaType! }
    const { hash, size, mediaType } = format?.[1] ?? main
    return { temporary: join(workspace.paths.root, file), hash, size, mediaType, suffix: format ? `.${format[0]}` : extname(file) }
  })
  return {
    instance: job.instance,
    token: job.token!,
    foreseen: job.ref,
    facts: factsOf(entry),
    quality: job.instance.tracksQuality ? await qualityOf(job, workspace) : undefined,
    files,
    mayReplace: false,
    source: { ...source, spec: job.instance.file, specHash: job.instance.specHash },
  }
}

/** The score that an entry has; one that is asked for only now is measured on the file. */
async function qualityOf(
  { instance, existing }: PlannedJob,
  { media, paths }: Pick<Workspace, 'media' | 'paths'>,
): Promise<ReadyAsset['quality']> {
  const { file, mediaType, qualityScore } = existing!.entry
  if (qualityScore || !file) return qualityScore as ReadyAsset['quality']
  const bytes = await readFile(join(paths.root, file))
  // A Git LFS pointer holds the asset as well, and nothing to measure.
  return media.quality(instance.request.type, { bytes, mediaType: mediaType! }).catch(() => undefined)
}

function factsOf(entry: Entry): ReadyAsset['facts'] {
  const known = Object.fromEntries(
    measuredMembers.flatMap((member) => (entry[member] === undefined ? [] : [[member, entry[member]]])),
  ) as object
  return { kind: entry.kind as never, mediaType: entry.mediaType ?? '', ...known }
}
