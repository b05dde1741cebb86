import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineError } from '../core/errors.ts'
import type { ConflictChoice } from '../core/pack-plan.ts'
import type { Workspace } from '../workspace.ts'
import type { OperationContext } from './operation.ts'
import { placeInSite } from './place-in-site.ts'
import { findItem } from './site-item.ts'

const cannotRename = defineError('MODULE_RENAME', {
  summary: 'Files of a module were to be put beside those that are there; they know each other by their names.',
  message: (d: { ref: string }) => `The files of ${d.ref} have fixed places.`,
  hint: () => 'Install with --on-conflict keep or replace.',
  exit: 2,
})

/** Whether a source is the id of a module, and no path. */
export function isModuleRef(source: string, workspace: Workspace): boolean {
  return /^modules\/[\w-]+\/[\w-]+$/.test(source) && !existsSync(resolve(workspace.options.root, source))
}

/**
 * Put the files of a module into a site, as packs are installed: what was edited stays unless it is to be replaced.
 * @throws MODULE_RENAME, and what {@link placeInSite} throws
 */
export async function installModule(
  ref: string,
  input: { site: string | undefined; onConflict: ConflictChoice; dryRun: boolean },
  context: OperationContext,
) {
  if (input.onConflict === 'rename' || input.onConflict === 'merge') throw cannotRename({ ref })
  const placed = await placeInSite(
    await findItem('install', ref, context.workspace),
    { ...input, slots: {}, props: {}, byImport: false, repin: false, onConflict: input.onConflict },
    context,
  )
  return {
    pack: ref,
    version: placed.version,
    items: placed.files.map(({ file, state, action }) => ({ ref, target: file, state, action: action === 'write' ? ('install' as const) : action })),
    missing: [],
    isDryRun: input.dryRun,
  }
}
