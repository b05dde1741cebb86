import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import gt from 'semver/functions/gt.js'
import { contentHash } from '../core/digest.ts'
import { isAssetloomError } from '../core/errors.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import { recordedFiles, type Entry } from '../core/manifest.ts'
import { packedDigest, type PackedAsset } from '../core/pack-layout.ts'
import type { PlannedAsset } from '../core/pack-plan.ts'
import { compareText } from '../core/version/compare-text.ts'
import type { MergeConflict } from '../core/version/merge-files.ts'
import { textIn } from '../core/version/text-lines.ts'
import { nextVersion } from '../core/version-step.ts'
import type { OpenPack, ReadItem, VersionState, Workspace } from '../workspace.ts'
import { mergeItem, type MergedItem, type ThreeWay } from '../workspace/merge.ts'
import type { PlacedItem } from './placed-items.ts'

/** An asset that a pack would change, looked at file by file. */
export interface PackedChange {
  /** Unified, by whom the text was changed since it was installed; without a base, the pack against the project. */
  diff: { ours: string; theirs: string }
  /** The merged item, for the digest that the project had when it was made. */
  merged?: { installed: string; read: ReadItem; files: ReadonlyMap<string, Uint8Array> }
  conflicts: readonly MergeConflict[]
}

type Files = ReadonlyMap<string, Uint8Array>

/**
 * What became of planned assets in the project and in the pack, by their names in the project. Three-way where the
 * history still has the state that was installed.
 */
export async function packedChanges(
  planned: readonly PlannedAsset[],
  pack: OpenPack,
  placed: ReadonlyMap<string, PlacedItem>,
  workspace: Workspace,
): Promise<Map<string, PackedChange>> {
  const { assets } = workspace.manifest.read()
  const refInPack = new Map(planned.map(({ ref, target }) => [target, ref]))
  const changes = new Map<string, PackedChange>()
  for (const one of planned) {
    const entry = Object.hasOwn(assets, one.target) ? assets[one.target] : undefined
    if (!entry?.file || !['modified', 'outdated', 'conflict'].includes(one.state)) continue
    const asset = pack.layout.assets[one.ref]!
    const own = basename(entry.file)
    const installed = (entry.source as { placed?: string }).placed ?? one.base
    const base = installed === undefined ? undefined : await installedState(one.target, installed, refInPack, workspace)
    const sides = {
      base: base && (await filesOf(base.entry, own, (file) => base.files.find((kept) => kept.file === file)?.read())),
      ours: await filesOf(entry, own, (file) => onDisk(resolve(workspace.options.root, file))),
      theirs: placed.get(one.target)?.files ?? (await filesOf(asset as Entry, own, (file) => onDisk(pack.staged.get(file)!))),
    }
    const diff = {
      ours: sides.base ? unified(sides.base, sides.ours, 'installed', 'here') : '',
      theirs: sides.base ? unified(sides.base, sides.theirs, 'installed', 'pack') : unified(sides.ours, sides.theirs, 'here', 'pack'),
    }
    const { base: from, ...both } = sides
    const joined = one.action === 'merge' && from && isItem(entry) ? await join(entry, asset, { base: from, ...both }, workspace) : undefined
    const merged = joined?.read && { installed: one.installed!, read: joined.read, files: joined.files }
    changes.set(one.target, { diff, conflicts: joined?.conflicts ?? [], ...(merged && { merged }) })
  }
  return changes
}

async function join(
  entry: Entry & { file: string },
  asset: PackedAsset,
  sides: ThreeWay<Files>,
  workspace: Workspace,
): Promise<MergedItem> {
  // Newer than both, so that a range which the pack's version meets is met.
  const version = nextVersion(gt(asset.version, entry.version) ? asset.version : entry.version)
  try {
    return await mergeItem(workspace.library, { file: entry.file, sides, version })
  } catch (error) {
    if (!isAssetloomError(error) || error.code !== 'ITEM_INVALID') throw error
    const { base, ours, theirs } = sides
    const hash = (files: Files) => contentHash(files.get(basename(entry.file)) ?? new Uint8Array())
    return { conflicts: [{ path: entry.file, base: hash(base), ours: hash(ours), theirs: hash(theirs) }] }
  }
}

/** The state whose digest was noted when the asset was installed. */
async function installedState(
  ref: string,
  digest: string,
  refInPack: ReadonlyMap<string, string>,
  workspace: Workspace,
): Promise<VersionState | undefined> {
  const versions = await workspace.versions()
  const known = new Set(versions.history(ref).lines.map(({ version }) => version))
  for (const version of [...known].reverse()) {
    try {
      const state = await versions.readVersion(ref, version)
      if (packedDigest(state.entry, (name) => refInPack.get(name) ?? name) === digest) return state
    } catch (error) {
      if (!isAssetloomError(error) || error.code !== 'VERSION_BYTES_GONE') throw error
    }
  }
  return undefined
}

/** Bytes of an asset's files by their names beside its own, which has one name in pack and project. */
async function filesOf(
  entry: Entry,
  own: string,
  read: (file: string) => Promise<Uint8Array> | Uint8Array | undefined,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  for (const { file } of recordedFiles(entry)) {
    const bytes = await read(file)
    if (bytes) files.set(file === entry.file ? own : file.slice(dirname(entry.file!).length + 1), bytes)
  }
  return files
}

const onDisk = (path: string) => (existsSync(path) ? readFileSync(path) : undefined)

/** Texts that differ, one after the other, as a unified diff. */
export function unified(before: Files, after: Files, nameBefore: string, nameAfter: string): string {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort()
  return names
    .map((name) => {
      const [a, b] = [before, after].map((files) => (files.has(name) ? textIn(files.get(name)!) : ''))
      if (a === undefined || b === undefined) return ''
      return compareText(a, b, { before: `${name} (${nameBefore})`, after: `${name} (${nameAfter})` }).unified
    })
    .join('')
}
