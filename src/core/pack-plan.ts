import { defineError } from './errors.ts'
import { issueToken } from './issue-token.ts'
import { renamedFiles } from './kinds/renamed-files.ts'
import { filesOf as entryFiles, type Entry, type Manifest } from './manifest.ts'
import { foldedName } from './names.ts'
import { installedPath, packedDigest, withPaths, type PackedAsset, type PackLayout } from './pack-layout.ts'

/* What installing a pack does to each asset: three digests decide, those of the base, of the project and of the pack. */

export const packStates = ['new', 'current', 'modified', 'outdated', 'conflict', 'gone'] as const
export type PackState = (typeof packStates)[number]
export const conflictChoices = ['keep', 'replace', 'rename', 'merge'] as const
export type ConflictChoice = (typeof conflictChoices)[number]

const placeTaken = defineError('PACK_PLACE_TAKEN', {
  summary: 'An asset of a pack cannot take the place of another: a name or file of it belongs to a third.',
  message: (d: { ref: string; why: string }) => `${d.ref} cannot be put in place: ${d.why}.`,
  hint: () => 'Install with --on-conflict rename or keep, or move the other one away.',
  exit: 5,
})
export interface PlannedAsset {
  /** As the pack calls it. */
  ref: string
  /** As the project calls it. */
  target: string
  state: PackState
  /** What is to be merged has nothing to be written yet: whoever merges says what came of it. */
  action: 'install' | 'update' | 'replace' | 'rename' | 'merge' | 'keep'
  /** Digest when it was installed. */
  base?: string
  /** Digest of what the project has. */
  installed?: string
  /** Digest of what the pack has. */
  upstream?: string
  /** Why it cannot simply be put in place. */
  why?: string
  /** Present when something is to be written. */
  write?: { entry: Entry; files: { path: string; file: string }[]; previous: string | undefined }
}

/** Where an asset of a pack came to stand in a project. */
interface Origin {
  ref: string
  digest: string | undefined
  /** Digest of the same with the names that the project has for it, where these differ. */
  placed: string | undefined
}

function originOf(ref: string, { source }: Entry, pack: string): Origin | undefined {
  if (source.type !== 'pack' || source.pack !== pack) return undefined
  const { ref: origin, digest, placed } = source as { ref?: unknown; digest?: unknown; placed?: unknown }
  const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return { ref: textOf(origin) ?? ref, digest: textOf(digest), placed: textOf(placed) }
}

/**
 * Decide for every asset of a pack. Issues the tokens of renamed assets in the draft, and changes nothing else.
 * @param input.onDisk - an entry with the digests of the files as they lie there, not as the manifest records them
 * @param input.exists - whether something stands at a path, relative to the project
 * @throws PACK_PLACE_TAKEN, SEQUENCE_EXHAUSTED
 */
export function planPack(input: {
  layout: PackLayout
  draft: Manifest
  assetsDir: string
  onConflict: ConflictChoice
  onDisk(entry: Entry): Entry
  exists(file: string): boolean
}): PlannedAsset[] {
  const { layout, draft, assetsDir, onConflict } = input
  const origins = new Map<string, Origin>()
  /** Name in the project by name in the pack. */
  const targets = new Map<string, string>()
  const ownerOfName = new Map<string, string>()
  const ownerOfFile = new Map<string, string>()
  for (const [ref, entry] of Object.entries(draft.assets)) {
    const origin = originOf(ref, entry, layout.name)
    if (origin) {
      origins.set(ref, origin)
      targets.set(origin.ref, ref)
    }
    for (const name of [ref, ...(entry.aliases ?? [])]) ownerOfName.set(name, ref)
    for (const file of filesOf(entry)) ownerOfFile.set(foldedName(file), ref)
  }
  const refInPack = (ref: string) => origins.get(ref)?.ref ?? ref
  /** What was only called otherwise when it was installed counts as what was installed. */
  const installedDigest = (ref: string) => {
    const digest = packedDigest(input.onDisk(draft.assets[ref]!), refInPack)
    const origin = origins.get(ref)
    return origin?.digest !== undefined && digest === origin.placed ? origin.digest : digest
  }

  /** What of an asset is taken by others; a file may stand there without belonging to any. */
  const takenBy = (asset: PackedAsset, self: string | undefined) => {
    const aliases = (asset.aliases ?? []).filter((alias) => ![undefined, self].includes(ownerOfName.get(alias)))
    const files = filesOf(asset).map((path) => installedPath(path, assetsDir))
    const file = files.find((one) => {
      const owner = ownerOfFile.get(foldedName(one))
      return owner === undefined ? input.exists(one) : owner !== self
    })
    const owner = file === undefined ? undefined : ownerOfFile.get(foldedName(file))
    const why =
      file !== undefined
        ? `${file} ${owner === undefined ? 'exists already' : `belongs to ${owner}`}`
        : aliases.length > 0
          ? `the name ${aliases[0]} belongs to ${ownerOfName.get(aliases[0]!)}`
          : undefined
    return { aliases, why, isOwned: owner !== undefined }
  }

  const planned = Object.entries(layout.assets)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([ref, asset]): PlannedAsset & { asset: PackedAsset; drops: readonly string[] } => {
      const known = targets.get(ref) ?? (Object.hasOwn(draft.assets, ref) ? ref : undefined)
      const base = known === undefined ? undefined : origins.get(known)?.digest
      const installed = known === undefined ? undefined : installedDigest(known)
      const upstream = packedDigest(asset)
      // Under a name of its own it stands in files of its own.
      const isRenamed = known !== undefined && known !== ref
      const taken = isRenamed ? { aliases: asset.aliases ?? [], why: undefined, isOwned: false } : takenBy(asset, known)
      const nameOwner = known === undefined ? ownerOfName.get(ref) : undefined
      const why = nameOwner === undefined ? taken.why : `the name ${ref} belongs to ${nameOwner}`
      const plain = stateOf({ known: known !== undefined, base, installed, upstream })
      const state = why !== undefined && (plain === 'new' || plain === 'outdated') ? 'conflict' : plain
      const action = onConflict === 'merge' ? mergeOf(state, base !== undefined && why === undefined) : actionOf(state, onConflict)
      if (action === 'replace' && (taken.isOwned || nameOwner !== undefined)) throw placeTaken({ ref, why: why! })
      const target =
        action === 'rename' ? freeRef(ref, asset, input, (name) => ownerOfName.has(name) || Object.hasOwn(layout.assets, name)) : (known ?? ref)
      if (action !== 'keep') {
        targets.set(ref, target)
        ownerOfName.set(target, target)
      }
      return {
        ref,
        target,
        state,
        action,
        asset,
        drops: taken.aliases,
        ...(base !== undefined && { base }),
        ...(installed !== undefined && { installed }),
        upstream,
        ...(why !== undefined && state === 'conflict' && { why }),
      }
    })

  const gone = [...origins].filter(([, origin]) => !Object.hasOwn(layout.assets, origin.ref))
  return [
    ...planned.map(({ asset, drops, ...plan }) =>
      plan.action === 'keep' || plan.action === 'merge' ? plan : { ...plan, write: writeOf(plan, asset, drops, input, targets) },
    ),
    ...gone.map(([target, { ref, digest }]): PlannedAsset => ({
      ref,
      target,
      state: 'gone',
      action: 'keep',
      ...(digest !== undefined && { base: digest }),
      installed: installedDigest(target),
    })),
  ]
}

const filesOf = (asset: PackedAsset | Entry) => entryFiles(asset as Entry)

/** The three-way comparison. */
export function stateOf(one: {
  known: boolean
  base: string | undefined
  installed: string | undefined
  upstream: string
}): PackState {
  if (!one.known) return 'new'
  if (one.installed === one.upstream) return 'current'
  if (one.base === undefined) return 'conflict'
  if (one.installed === one.base) return 'outdated'
  return one.upstream === one.base ? 'modified' : 'conflict'
}

/** What only the project changed is merged as it is; without a base there is nothing to merge from. */
function mergeOf(state: PackState, canMerge: boolean): PlannedAsset['action'] {
  return state === 'conflict' && canMerge ? 'merge' : actionOf(state, 'keep')
}

function actionOf(state: PackState, onConflict: Exclude<ConflictChoice, 'merge'>): PlannedAsset['action'] {
  if (state === 'new') return 'install'
  if (state === 'outdated') return 'update'
  return state === 'conflict' || state === 'modified' ? onConflict : 'keep'
}

/** A name for an asset whose own is taken: the next number of its series, or the next free `-2`, `-3` … of an id. */
function freeRef(
  ref: string,
  asset: PackedAsset,
  input: { draft: Manifest; assetsDir: string; exists(file: string): boolean },
  isTaken: (name: string) => boolean,
): string {
  const [prefix, family, variant] = ref.slice(0, -3).split('-') as [string, string, string]
  for (let number = 2; ; number++) {
    const name = asset.token ? issueToken(input.draft, { prefix, family, variant }) : `${ref}-${number}`
    const files = filesOf(asset).map((path) => renamedPath(path, asset, name, input.assetsDir))
    if (!isTaken(name) && !files.some(input.exists)) return name
  }
}

/** Where a file of an asset goes that has another name than in the pack; the last part of the name takes the place of the old one. */
function renamedPath(path: string, asset: PackedAsset, name: string, assetsDir: string): string {
  const lastPart = (of: string) => of.slice(of.lastIndexOf('/') + 1)
  const folder = asset.file!.slice(0, asset.file!.lastIndexOf('/') + 1)
  if (asset.id !== undefined && path !== asset.file) {
    const file = path.slice(folder.length)
    return installedPath(folder + renamedFiles([file], lastPart(asset.id), lastPart(name)).get(file)!, assetsDir)
  }
  const own = lastPart(asset.file!)
  const stem = asset.id ? lastPart(asset.id) : own.slice(0, own.lastIndexOf('.'))
  const file = lastPart(path)
  const rest = file.startsWith(stem) ? file.slice(stem.length) : file.slice(file.lastIndexOf('.'))
  return installedPath(path.slice(0, path.length - file.length) + lastPart(name) + rest, assetsDir)
}

function writeOf(
  plan: PlannedAsset,
  asset: PackedAsset,
  drops: readonly string[],
  input: { layout: PackLayout; draft: Manifest; assetsDir: string },
  targets: ReadonlyMap<string, string>,
): PlannedAsset['write'] {
  const { ref, target, upstream } = plan
  const isRenamed = target !== ref
  const pathOf = (path: string) =>
    isRenamed ? renamedPath(path, asset, target, input.assetsDir) : installedPath(path, input.assetsDir)
  const { source: _source, aliases = [], dependencies, ...own } = asset
  const kept = isRenamed ? [] : aliases.filter((alias) => !drops.includes(alias))
  const entry = {
    ...withPaths(own, pathOf),
    ...(isRenamed && (asset.token ? { token: target } : { id: target })),
    ...(kept.length > 0 && { aliases: kept }),
    ...(dependencies && {
      dependencies: Object.fromEntries(Object.entries(dependencies).map(([other, range]) => [targets.get(other) ?? other, range])),
    }),
    source: {
      type: 'pack',
      pack: input.layout.name,
      version: input.layout.version,
      digest: upstream,
      ...(isRenamed && { ref }),
    },
  } as Entry
  const files = filesOf(asset).map((path) => ({ path, file: pathOf(path) }))
  return { entry, files, previous: plan.action !== 'rename' && Object.hasOwn(input.draft.assets, target) ? target : undefined }
}
