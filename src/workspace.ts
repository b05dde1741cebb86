import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import pLimit from 'p-limit'
import { createMediaWork, type MediaWork } from './generators/media-work.ts'
import type { ReadMedia } from './generators/media/read-media.ts'
import type { PlaceholderWish } from './generators/placeholder.ts'
import type { MediaBytes, MediaFormat } from './core/media.ts'
import type { Clock, LogEvent } from './core/ports.ts'
import { completeTransform, type ResolvedTransform, type TransformOptions } from './core/transform.ts'
import { createRedactor, type Redactor } from './core/redact.ts'
import type { RefineRequest } from './core/refinement.ts'
import { joinWords, type Words } from './core/vocabulary.ts'
import { createDeriver, type DerivedFile } from './engine/derive.ts'
import {
  defaultConstantsFile,
  loadConfigFile,
  resolveOptions,
  type AssetloomOptions,
  type ResolvedOptions,
} from './options.ts'
import { removeQuietly, writeTemporary } from './store/atomic-write.ts'
import { toolVersions } from './generators/media/sharp-versions.ts'
import { transformVersion } from './generators/transform/transform-version.ts'
import { createBlobs, type Blobs, type StoredBlob } from './store/blobs.ts'
import { createCounters, type Counters, type Counts } from './store/counters.ts'
import { createCacheIndex, type CacheIndex } from './store/cache-index.ts'
import { userPaths } from './store/catalog/user-folder.ts'
import { createRunTotals, type RunAverages, type RunTotals } from './store/run-totals.ts'
import { createConsents, type Consents } from './store/consents.ts'
import { createJobLock } from './store/job-lock.ts'
import { detectHost } from './store/detect-host.ts'
import {
  checkGeneratedSources,
  keepGeneratedSources,
  type GeneratedSources,
  type WrittenSources,
} from './store/generated-sources.ts'
import { createHistoryFiles } from './store/history-files.ts'
import { createLibraryFiles, type LibraryFiles, type ReadItem } from './store/library-files.ts'
import { createLog } from './store/log-file.ts'
import { packageVersion } from './store/package-folder.ts'
import { createManifestFile, type ManifestFile } from './store/manifest-file.ts'
import { createManifestIndex, type ManifestIndex } from './store/manifest-index.ts'
import { confine, ensureHome, isInside, projectPaths, projectRelative, type ProjectPaths } from './store/project-folder.ts'
import { createServedFiles, type ServedFiles } from './store/served-files.ts'
import type { SharedCache } from './store/shared-cache.ts'
import { findSourceFiles } from './store/source-files.ts'
import { layFiles } from './store/lay-files.ts'
import { stageBytes } from './store/staging.ts'
import { createStateDb, type StateDb } from './store/state-db.ts'
import type { Usage } from './store/usage-scan.ts'
import { freeBytes, writeVerified } from './store/verified-write.ts'
import { createVersionBlobs } from './store/version-blobs.ts'
import { createVersionRecorder } from './store/version-recorder.ts'

import { programFile } from './workspace/program-file.ts'
import { createSpecLog, type SpecLog } from './workspace/spec-log.ts'
import { createCompiledPrompts, type CompiledPrompts } from './workspace/compiled-prompts.ts'
import { createItemTypes } from './workspace/item-types.ts'
import { createGeneration, type WorkspaceGeneration } from './workspace/generation.ts'
import type { ExampleItem, WorkspaceExamples } from './workspace/examples.ts'
import type { OpenPack, WorkspacePacks } from './workspace/packs.ts'
import type * as CatalogRepository from './workspace/catalog-repository.ts'
import type * as CatalogLayers from './workspace/layers.ts'
import type { BorrowedAssets } from './workspace/borrowed.ts'
import type { WorkspaceCatalogs } from './workspace/catalogs.ts'
import type { WorkspacePrograms } from './workspace/programs.ts'
import type { FileWatch } from './workspace/watch-files.ts'
import type { WorkspaceAgents } from './workspace/agents.ts'
import type { WorkspaceWorkflows } from './workspace/workflows.ts'
import type { WorkspaceSearch } from './workspace/search.ts'
import type { SitesChange, WorkspaceSites } from './workspace/sites.ts'
import type { AssetHistory, HistoryLine, VersionState, WorkspaceVersions } from './workspace/versions.ts'
import type { WorkspaceUsages } from './workspace/usages.ts'

export type { AssetHistory, Counts, ExampleItem, HistoryLine, OpenPack, ReadItem, ReadMedia, RunAverages, SitesChange, StoredBlob, VersionState, WorkspaceSites }

/** A project with all its parts joined. Parts are made at first use. */
export interface Workspace {
  readonly options: ResolvedOptions
  readonly paths: ProjectPaths
  readonly runId: string
  readonly clock: Clock
  readonly log: SpecLog
  /** Tell that something in `.assetloom` cannot be used; the first such fault is told, the others come of the same. */
  tellHomeFault(event: LogEvent): void
  /** The state database cannot be used. */
  onStateFault(fault: unknown): void
  /** Takes the project's keys out of what is told. */
  readonly redact: Redactor
  readonly state: StateDb
  readonly manifest: ManifestFile
  readonly index: ManifestIndex
  readonly blobs: Blobs
  readonly cache: CacheIndex
  readonly counters: Counters
  readonly shared: SharedCache | undefined
  readonly served: ServedFiles
  readonly media: MediaWork
  /** Library items as they stand on the disk. */
  readonly library: LibraryFiles
  /** Prompts of the library as imports have them. */
  readonly prompts: CompiledPrompts
  /** Specs, plans and their making; joined at first use. */
  readonly generation: WorkspaceGeneration
  /** Full text, meaning and filters over the assets; joined at first use. */
  search(): Promise<WorkspaceSearch>
  /** Packs, written and read; joined at first use. */
  packs(): Promise<WorkspacePacks>
  /** The catalogs, the user's own library and the cache; joined at first use. */
  catalogs(): Promise<WorkspaceCatalogs>
  /** Examples of components in a browser; joined at first use. */
  examples(): Promise<WorkspaceExamples>
  /** Code of others that the user let in. */
  readonly consents: Consents
  /** Programs of tools and skills; joined at first use. */
  programs(): Promise<WorkspacePrograms>
  /** Runs of workflows; joined at first use. */
  workflows(): Promise<WorkspaceWorkflows>
  /** The language model that agents ask; joined at first use. */
  agents(): Promise<WorkspaceAgents>
  /** Watch files, by globs relative to the root. */
  watchFiles(globs: readonly string[]): Promise<FileWatch>
  /** What runs of workflows, agents, skills and tools took on the average. */
  readonly runTotals: RunTotals
  /** The states that assets had, their branches; joined at first use. */
  versions(): Promise<WorkspaceVersions>
  /** Where a name is looked for: project, own library, cache, catalogs. */
  layers(): Promise<typeof CatalogLayers>
  /** Assets of the user's library and of the cache for imports; joined at first use. */
  borrowed(): Promise<BorrowedAssets>
  /** What makes the index of a repository of assets. */
  catalogRepository(): Promise<typeof CatalogRepository>
  /** Sites, and what commands write into them; joined at first use. */
  sites(): Promise<WorkspaceSites>
  /** Whether there are any, by the options or by `assets/sites.json`: without, nobody needs to ask. */
  hasSites(): boolean
  /** The words tokens are made of: shipped, from the options, from the manifest. */
  words(): Words
  /** Files that names, folders and globs stand for. */
  findFiles(patterns: readonly string[]): Promise<string[]>
  /** Read media as import does: typed by content, decoded, cleaned. */
  readMedia(bytes: Uint8Array, file: string): Promise<ReadMedia>
  /** The format of a file by its content alone. */
  detectFormat(bytes: Uint8Array): Promise<MediaFormat | undefined>
  /** Put bytes on the disk, verified, ready to be placed by `manifest.update`; they are kept for a later rollback, too. */
  stageBytes(bytes: Uint8Array, hash: string): Promise<string>
  dropTemporary(path: string): void
  /** Lay the files of a state that are none of the project's where its code can use them. @returns the folder that stands for the project */
  layVersion(state: Pick<VersionState, 'files'>): Promise<string>
  /** As {@link stageBytes}, within a manifest change, which cannot wait. */
  stageBytesNow(bytes: Uint8Array): string
  isInside(path: string): boolean
  /** A path that others named, relative to the project. @throws PATH_OUTSIDE by its spelling, and by where its links lead */
  confine(path: string): string
  /** Compress, resize or convert a media file. @throws REFINE_UNSUITABLE, FORMAT_UNKNOWN */
  refineMedia(
    bytes: Uint8Array,
    format: MediaFormat,
    request: RefineRequest,
  ): Promise<{ bytes: Uint8Array; format: MediaFormat }>
  /** What code does with the assets; joined at first use. */
  usages(): Promise<WorkspaceUsages>
  /** Where code names the assets, by ref. */
  findUsages(): Promise<Map<string, Usage[]>>
  /** Write a file outside the manifest's care (an export), verified before it gets its name. */
  writeVerified(target: string, bytes: Uint8Array, modifiedMs?: number): void
  /** Bytes free where a folder is or will be. */
  freeBytes(folder: string): number
  /** The picture that one transform of an import query makes of an asset's file. */
  transform(
    source: { hash: string; mediaType: string; read(): Uint8Array | Promise<Uint8Array> },
    transform: ResolvedTransform,
  ): Promise<DerivedFile & { options: TransformOptions }>
  /**
   * Write the generated types and constants as the options say; files whose bytes are right stay untouched.
   * @throws CONSTANTS_FOREIGN, MANIFEST_DAMAGED
   */
  writeDerivedSources(): Promise<WrittenSources>
  /** What {@link writeDerivedSources} would change, relative to the root. */
  checkDerivedSources(): Promise<{ stale: string[]; superfluous: string[] }>
  /** What the dev server shows while an asset is being made. */
  placeholder(wish: PlaceholderWish): Promise<MediaBytes>
  /** ISO time of a change; SOURCE_DATE_EPOCH is honoured. */
  timestamp(): string
  close(): Promise<void>
}

/**
 * Open a project.
 * @param input.options - inline options; without them the config file beside the root is read
 * @throws OPTIONS_INVALID, CONFIG_BROKEN
 */
export async function openWorkspace(input: {
  root: string
  options?: AssetloomOptions | undefined
  configVersion?: number
  /** Overrides the option. */
  logLevel?: string | undefined
  env?: NodeJS.ProcessEnv
  /** Sees every event at or above the log level, for a terminal or a host's logger. */
  show?: ((event: LogEvent) => void) | undefined
}): Promise<Workspace> {
  const config = input.options
    ? { options: input.options, file: undefined }
    : await loadConfigFile(input.root, input.configVersion)
  const resolved = resolveOptions(config?.options ?? {}, {
    root: input.root,
    configFile: config?.file,
    ...(input.env && { env: input.env }),
  })
  const options = input.logLevel ? { ...resolved, logLevel: input.logLevel as ResolvedOptions['logLevel'] } : resolved
  return joinParts(options, input.show)
}

/** Encodes at once: as many as Node runs off its main thread; while one waits for it, others keep the cores busy. */
const encodesAtOnce = 4

async function joinParts(
  options: ResolvedOptions,
  show: ((event: LogEvent) => void) | undefined,
): Promise<Workspace> {
  const paths = projectPaths(options.root, options)
  const clock: Clock = { now: () => options.fixedTimeMs ?? Date.now() }
  const runId = `${new Date().toISOString().replace(/[:.]/g, '-').slice(0, 19)}-${randomUUID().slice(0, 8)}`
  const redact = createRedactor(options.secrets)
  const plainLog = createLog({ folder: paths.logs, runId, level: options.logLevel, now: () => new Date(), show })
  const log = createSpecLog({ write: (event) => plainLog.write(redact.value(event)) })
  ensureHome(paths.home)

  const firstOnly = () => {
    let isSaid = false
    return (event: LogEvent) => {
      if (!isSaid) log.write(event)
      isSaid = true
    }
  }
  const teller = (tell: (event: LogEvent) => void, event: string, message: string, hint: string) => (fault: unknown) =>
    tell({ event, level: 'warn', subsystem: 'store', message, hint, cause: String((fault as Error)?.message ?? fault) })
  const tellHomeFault = firstOnly()
  const onStateFault = teller(
    tellHomeFault,
    'STATE_UNAVAILABLE',
    'The state database cannot be used; going on without it.',
    'Make .assetloom writable: caches and the ledger need it.',
  )
  const onCacheFault = teller(
    tellHomeFault,
    'CACHE_UNAVAILABLE',
    'The cache folder cannot be written; going on without it.',
    'Make .assetloom writable, or free disk space.',
  )
  const onSharedFault = teller(
    firstOnly(),
    'SHARED_CACHE_DOWN',
    'The shared cache does not answer; going on with the local one.',
    'Start its server again, or take cache.shared out of the options.',
  )
  const onDamage = (hash: string) =>
    log.write({
      event: 'CACHE_ENTRY_DAMAGED',
      level: 'warn',
      subsystem: 'cache',
      message: `A cached blob was damaged and is made anew (${hash}).`,
    })

  const onDatabaseDamage = teller(
    firstOnly(),
    'VERSION_BLOBS_DAMAGED',
    'The database of earlier versions (.assetloom/blobs/versions-*.db) was damaged; it begins anew with what could be read of it.',
    'A version that is missing now comes from cache.shared, where that is set, or from git. Look after the disk.',
  )

  const state = createStateDb(paths.state)
  const index = createManifestIndex({ file: paths.manifest, state, onStateFault })
  const blobs = createBlobs({ folder: paths.blobs, tempFolder: paths.temp, onDamage, onDatabaseDamage, onFault: onCacheFault })
  const cache = createCacheIndex({ state, onFault: onStateFault })
  const served = createServedFiles({ folder: paths.files, tempFolder: paths.temp, link: blobs.link })
  const library = createLibraryFiles({ root: paths.root, folder: `${options.assetsDir}/library` })
  const shared = options.cache.shared
    ? // Loaded by those who share: a store is a tenth of the plugin's start.
      (await import('./store/shared-cache.ts')).createSharedCache({
        store: options.cache.shared as Map<string, unknown>,
        onFault: onSharedFault,
        onDamage,
      })
    : undefined

  const timestamp = () => new Date(clock.now()).toISOString().replace(/\.\d{3}Z$/, 'Z')
  const historyFiles = createHistoryFiles({ root: paths.root, folder: paths.history })
  const versionBlobs = createVersionBlobs({ blobs, shared })
  const recorder = createVersionRecorder({
    root: paths.root,
    history: historyFiles,
    blobs: versionBlobs,
    author: options.userName,
    now: timestamp,
    onFault: teller(
      log.write,
      'HISTORY_NOT_WRITTEN',
      'A version was not written into the history; its line is made up by the next change, without the message.',
      'Make assets/history writable, or free disk space.',
    ),
  })
  const manifest = createManifestFile({ root: paths.root, path: paths.manifest, state, index, tempFolder: paths.temp, versions: recorder })
  const media = createMediaWork({ program: programFile('generators/workers/worker.ts', 'generators/worker.js'), threads: Math.min(4, availableParallelism()) })
  const queue = pLimit(options.transforms.concurrency ?? encodesAtOnce)
  const derivedLock = createJobLock(join(paths.home, 'locks', 'derived'), 1)
  const deriver = createDeriver({
    project: paths.root,
    blobs,
    cache,
    shared,
    lock: derivedLock,
    toolVersions,
    queue,
  })

  const user = userPaths(options.userFolder)
  const consents = createConsents({
    folder: user.consents,
    temp: user.temp,
    onFault: teller(log.write, 'CONSENT_NOT_KEPT', 'It could not be noted that code was let in; it is asked again.', `Make ${user.folder} writable.`),
  })
  const prompts = createCompiledPrompts({ cache, library, toolVersion: packageVersion(), find: (id) => index.find(id)?.entry })
  const typesOf = createItemTypes({ root: paths.root, typesFolder: paths.types, library, cache })
  const typesTexts = new Map()
  const typed = async () => (await import('./workspace/typed-assets.ts')).typedAssets(workspace, typesOf)
  const sitesFile = join(paths.assets, 'sites.json')
  const sitesText = () => (existsSync(sitesFile) ? readFileSync(sitesFile, 'utf8') : '')
  let generation: WorkspaceGeneration | undefined
  let search: WorkspaceSearch | undefined
  let packs: WorkspacePacks | undefined
  let catalogs: WorkspaceCatalogs | undefined
  let borrowed: Promise<BorrowedAssets> | undefined
  let programs: WorkspacePrograms | undefined
  let workflows: WorkspaceWorkflows | undefined
  let agents: WorkspaceAgents | undefined
  let versions: WorkspaceVersions | undefined
  let usages: WorkspaceUsages | undefined
  let sites: WorkspaceSites | undefined
  /** A frozen build takes nothing from what only this machine has. */
  const borrowedTypes = async () =>
    options.types !== false && options.generate !== 'frozen' && [user.library, user.cache].some((folder) => existsSync(folder))
      ? (await workspace.borrowed()).typed()
      : []
  const workspace: Workspace = {
    get generation() {
      return (generation ??= createGeneration(workspace))
    },
    options,
    paths,
    runId,
    clock,
    log,
    tellHomeFault,
    onStateFault,
    redact,
    state,
    manifest,
    index,
    blobs,
    cache,
    counters: createCounters({ state, timestamp: () => workspace.timestamp(), onFault: onStateFault }),
    shared,
    served,
    media,
    // Loaded at first use: builds and imports do not search.
    search: async () =>
      (search ??= (await import('./workspace/search.ts')).createWorkspaceSearch({
        state,
        index,
        onStateFault,
        options,
        redact,
        log,
        runId,
        ledger: () => workspace.generation.ledger,
      })),
    library,
    prompts,
    consents,
    packs: async () => (packs ??= (await import('./workspace/packs.ts')).createWorkspacePacks(workspace)),
    catalogs: async () => (catalogs ??= (await import('./workspace/catalogs.ts')).createWorkspaceCatalogs(workspace)),
    examples: async () => (await import('./workspace/examples.ts')).createWorkspaceExamples({ paths, options }),
    programs: async () =>
      (programs ??= (await import('./workspace/programs.ts')).createWorkspacePrograms({ options, paths })),
    workflows: async () =>
      (workflows ??= (await import('./workspace/workflows.ts')).createWorkspaceWorkflows({ state, log, userId: options.userName ?? 'local', now: () => new Date(clock.now()).toISOString() })),
    agents: async () => (agents ??= (await import('./workspace/agents.ts')).createWorkspaceAgents(workspace)),
    watchFiles: async (globs) => (await import('./workspace/watch-files.ts')).watchFiles(paths.root, globs),
    runTotals: createRunTotals({ state, onFault: onStateFault }),
    versions: async () =>
      (versions ??= (await import('./workspace/versions.ts')).createWorkspaceVersions(workspace, { files: historyFiles, blobs: versionBlobs })),
    borrowed: () => (borrowed ??= import('./workspace/borrowed.ts').then((part) => part.createBorrowedAssets(workspace))),
    layers: () => import('./workspace/layers.ts'),
    catalogRepository: () => import('./workspace/catalog-repository.ts'),
    sites: async () => (sites ??= (await import('./workspace/sites.ts')).createWorkspaceSites(workspace)),
    hasSites: () => Object.keys(options.sites).length > 0 || existsSync(sitesFile),
    words: () => joinWords(index.head().vocabulary, options.tokens),
    findFiles: (patterns) => findSourceFiles(paths.root, patterns),
    readMedia: media.read,
    detectFormat: async (bytes) => (await import('./generators/media/detect-media-type.ts')).detectMediaType(bytes),
    stageBytes: (bytes, hash) => stageBytes(paths.temp, bytes, hash, versionBlobs.keep),
    dropTemporary: removeQuietly,
    layVersion: async ({ files }) =>
      layFiles(paths.pinned, await Promise.all(files.map(async ({ file, hash, read }) => ({ file, hash, bytes: await read() })))),
    stageBytesNow: (bytes) => writeTemporary(paths.temp, bytes),
    isInside: (path) => isInside(paths.root, path),
    confine: (path) => projectRelative(paths.root, confine(paths.root, path)),
    refineMedia: media.refine,
    usages: async () => (usages ??= (await import('./workspace/usages.ts')).createWorkspaceUsages(workspace)),
    findUsages: async () => (await workspace.usages()).find(),
    writeVerified,
    freeBytes,
    async transform(source, transform) {
      const complete = completeTransform(transform, source.mediaType)
      const preferred = options.transforms.quality[complete.format === 'jpg' ? 'jpeg' : complete.format as 'png']
      const settled = transform.quality === 'default' && preferred ? { ...complete, quality: preferred } : complete
      const file = await deriver.derive({
        sourceHash: source.hash,
        recipe: { transform: settled, version: transformVersion },
        read: source.read,
        async make(bytes) {
          const { transformPicture } = await import('./generators/transform/transform-picture.ts')
          return transformPicture(bytes, settled)
        },
      })
      return { ...file, options: settled }
    },
    async writeDerivedSources() {
      const borrowed = await borrowedTypes()
      return keepGeneratedSources(
        { ...derivedSources(options, paths), manifestDigest: index.digest(), sites: sitesText(), borrowed, toolVersion: packageVersion() },
        typed,
        { texts: typesTexts, get: () => cache.get('generated-sources'), set: (record) => cache.set('generated-sources', record) },
      )
    },
    checkDerivedSources: async () =>
      checkGeneratedSources({ ...derivedSources(options, paths), assets: await typed(), borrowed: await borrowedTypes() }),
    placeholder: async (wish) => (await import('./generators/placeholder.ts')).makePlaceholder(wish),
    timestamp,
    async close() {
      await media.close()
      await versionBlobs.settled()
      await shared?.close()
      blobs.close()
      generation?.close()
      derivedLock.close()
      state.close()
    },
  }
  return workspace
}

function derivedSources(options: ResolvedOptions, paths: ProjectPaths): Omit<GeneratedSources, 'assets' | 'borrowed'> {
  return {
    root: paths.root,
    typesFolder: options.types && paths.types,
    constantsFile: options.constants && resolve(paths.root, options.constants),
    isConstantsFileChosen: options.constants !== defaultConstantsFile,
    host: detectHost(paths.root),
    tempFolder: paths.temp,
  }
}
