import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { defineError } from '../core/errors.ts'
import type { ConflictChoice } from '../core/pack-plan.ts'
import type { Workspace } from '../workspace.ts'
import type { OperationContext } from './operation.ts'
import { filesOfModule, moduleChanges } from './module-conflicts.ts'
import { placeInSite } from './place-in-site.ts'
import { findItem } from './site-item.ts'

const cannotRename = defineError('MODULE_RENAME', {
  summary: 'Files of a module were to be put beside those that are there; they know each other by their names.',
  message: (d: { ref: string }) => `The files of ${d.ref} have fixed places.`,
  hint: () => 'Install with --on-conflict keep, merge or replace.',
  exit: 2,
})

export const isModuleId = (text: string) => /^modules\/[\w-]+\/[\w-]+$/.test(text)

/** Whether a source is the id of a module, and no path. */
export function isModuleRef(source: string, workspace: Workspace): boolean {
  return isModuleId(source) && !existsSync(resolve(workspace.options.root, source))
}

/**
 * Put the files of a module into a site, as packs are installed: what was edited stays unless it is to be merged or replaced.
 * @throws MODULE_RENAME, and what {@link placeInSite} throws
 */
export async function installModule(
  ref: string,
  input: { site: string | undefined; onConflict: ConflictChoice; diff: boolean; dryRun: boolean },
  context: OperationContext,
) {
  const { workspace } = context
  const { onConflict, diff, ...where } = input
  if (onConflict === 'rename') throw cannotRename({ ref })
  const found = await findItem('install', ref, workspace)
  const wanted = await filesOfModule(found, input.site, workspace)
  const changes = await moduleChanges(found, wanted, workspace)
  const isMerge = onConflict === 'merge'
  const merged = new Map([...changes].flatMap(([file, change]) => (isMerge && change.merged ? [[file, change.merged] as const] : [])))
  if (!input.dryRun) {
    // What a later version will be merged from.
    for (const bytes of wanted.values()) workspace.blobs.keep(contentHash(bytes), bytes)
    workspace.blobs.flush()
  }
  const placed = await placeInSite(
    found,
    { ...where, slots: {}, props: {}, byImport: false, repin: false, onConflict: isMerge ? 'keep' : onConflict, merged },
    context,
  )
  return {
    pack: ref,
    version: placed.version,
    items: placed.files.map(({ file, state, action }) => {
      const { diff: changed, conflicts = [], merged: _merged, ...told } = changes.get(file) ?? {}
      return {
        ref,
        target: file,
        state,
        action: action === 'write' ? ('install' as const) : action,
        canRename: false,
        ...told,
        ...(isMerge && conflicts.length > 0 && { conflicts: [...conflicts] }),
        ...(diff && changed && { diff: changed }),
      }
    }),
    missing: [],
    isDryRun: input.dryRun,
  }
}
