import { codeFilesOf } from '../core/catalog/code-files.ts'
import type { WorkspaceCatalogs } from '../workspace/catalogs.ts'
import { addToLibrary, addToProject, installConflict, standingsInLibrary, standingsInProject, type CheckedAsset, type Standing } from './catalog-install.ts'
import type { Candidate, Destination } from './catalog-shelf.ts'
import { letIn } from './let-in.ts'
import type { OperationContext } from './operation.ts'

/** An asset with its files, read and verified, and nothing kept of it. */
export interface ReadyAsset extends CheckedAsset {
  /** Those of its files that hold code. */
  code: string[]
  standing: Standing
}

/**
 * Fetch and check assets, and see how each would stand where it is to go. Nothing is written.
 * @throws CATALOG_REQUEST_FAILED, CATALOG_ASSET_REFUSED, CATALOG_ASSET_NOT_SOUND
 */
export async function makeReady(wanted: readonly Candidate[], to: Destination, catalogs: WorkspaceCatalogs, { workspace, progress }: OperationContext): Promise<ReadyAsset[]> {
  const checked = []
  for (const { row, fetch } of wanted) {
    progress.start(1, `Downloading ${row.ref}`)
    const asset = await fetch().finally(() => progress.stop())
    checked.push({ asset, content: await catalogs.check(asset), code: codeFilesOf(row.type, asset.files.map(({ path }) => path)) })
  }
  const standings = to === 'project' ? standingsInProject(checked, workspace) : standingsInLibrary(checked, catalogs)
  return checked.map((one, i) => ({ ...one, standing: standings[i]! }))
}

/**
 * Ask for what is code, where every place is free, then keep the assets in the cache and where they are to go: all of them, or none.
 * @returns of each, whether it was not there
 * @throws CONSENT_MISSING, CATALOG_PROJECT_TAKEN, CATALOG_PLACE_TAKEN, USER_FOLDER_NOT_WRITABLE
 */
export async function takeOver(ready: readonly ReadyAsset[], to: Destination, catalogs: WorkspaceCatalogs, context: OperationContext): Promise<boolean[]> {
  const { workspace } = context
  for (const { asset, standing } of ready) if (typeof standing === 'object') throw installConflict(to, asset.row.ref, standing.why)
  for (const { asset, code } of ready) if (code.length > 0) await letIn(asset, code, context)
  for (const { asset, content, code } of ready) {
    catalogs.cache.put(asset)
    // Whoever let the code in is not asked again before it runs here.
    if (code.length > 0 && content.form === 'item') workspace.consents.give(content.read.content.digest, `${asset.row.ref} from ${asset.catalog}`)
  }
  return to === 'project' ? addToProject(ready, workspace) : addToLibrary(ready, catalogs)
}
