import { contentHash } from '../core/digest.ts'
import { isAssetloomError } from '../core/errors.ts'
import { findAsset } from '../core/find-asset.ts'
import { stateOf } from '../core/pack-plan.ts'
import { mergeFile, type MergeConflict } from '../core/version/merge-files.ts'
import type { Workspace } from '../workspace.ts'
import { unified } from './pack-conflicts.ts'
import { wantedFiles } from './place-in-site.ts'
import type { FoundSiteItem } from './site-item.ts'
import type { MergedSiteFile } from './site-files.ts'

/** A file of a module that differs from the one in a site. */
export interface ModuleFileChange {
  /** Digests when it was installed, of what the site has, and of what the module has. */
  base?: string
  installed: string
  upstream: string
  /** Why there is nothing to merge from. */
  why?: string
  /** Unified, by whom it was changed since it was installed; without a base, the module against the site. */
  diff: { ours: string; theirs: string }
  merged?: MergedSiteFile
  conflicts: readonly MergeConflict[]
}

/** Files of a module by where they go, relative to the root. */
export async function filesOfModule(found: FoundSiteItem, siteId: string | undefined, workspace: Workspace): Promise<Map<string, Uint8Array>> {
  const sites = await workspace.sites()
  const root = sites.find(siteId)?.root ?? '.'
  const wanted = wantedFiles(found, root, { slots: {}, props: {}, target: undefined }, sites)
  return new Map(wanted.map(({ target, bytes }) => [sites.shown(sites.pathIn(root, target)), bytes]))
}

/** Those files of a module that a site has otherwise than the library. @param wanted - of {@link filesOfModule} */
export async function moduleChanges(
  found: FoundSiteItem,
  wanted: ReadonlyMap<string, Uint8Array>,
  workspace: Workspace,
): Promise<Map<string, ModuleFileChange>> {
  const sites = await workspace.sites()
  const { files } = sites.read()
  const changes = new Map<string, ModuleFileChange>()
  for (const [file, theirs] of wanted) {
    const ours = sites.bytesAt(sites.pathIn('.', file))
    const [installed, upstream] = [ours && contentHash(ours), contentHash(theirs)]
    if (!ours || !installed || installed === upstream) continue
    const recorded = Object.hasOwn(files, file) && files[file]!.ref === found.ref ? files[file] : undefined
    const base = recorded && (await installedBytes(found.ref, recorded.hash, workspace))
    const [before, here, next] = [base, ours, theirs].map((bytes) => new Map(bytes ? [[file, bytes]] : []))
    const diff = base
      ? { ours: unified(before!, here!, 'installed', 'here'), theirs: unified(before!, next!, 'installed', 'module') }
      : { ours: '', theirs: unified(here!, next!, 'here', 'module') }
    const isConflict = stateOf({ known: true, base: recorded?.hash, installed, upstream }) === 'conflict'
    const joined = isConflict && base ? mergeFile(file, { base, ours, theirs }) : undefined
    const why = !isConflict || base ? undefined : recorded ? `what ${found.ref} ${recorded.version} installed is kept nowhere` : 'it was not written by the module'
    changes.set(file, {
      ...(recorded && { base: recorded.hash }),
      installed,
      upstream,
      diff,
      conflicts: joined?.conflicts ?? [],
      ...(why !== undefined && { why }),
      ...(joined?.bytes && { merged: { installed, bytes: joined.bytes } }),
    })
  }
  return changes
}

/** Bytes that a module was installed with: kept then, or those of a version that the team's cache still has. */
async function installedBytes(ref: string, hash: string, workspace: Workspace): Promise<Uint8Array | undefined> {
  const local = workspace.blobs.get(hash)
  if (local) return local
  if (!findAsset(workspace.manifest.read().assets, ref)) return undefined
  const versions = await workspace.versions()
  const known = new Set(versions.history(ref).lines.map(({ version }) => version))
  for (const version of [...known].reverse()) {
    try {
      const { files } = await versions.readVersion(ref, version)
      const kept = files.find((one) => one.hash === hash)
      if (kept) return await kept.read()
    } catch (error) {
      if (!isAssetloomError(error) || error.code !== 'VERSION_BYTES_GONE') throw error
    }
  }
  return undefined
}
