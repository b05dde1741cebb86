import { finding, type Finding } from '../core/asset-findings.ts'
import { isAssetloomError } from '../core/errors.ts'
import { findAsset, type FoundAsset } from '../core/find-asset.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import { libraryKind } from '../core/kinds/index.ts'
import type { Workflow } from '../core/workflow/workflow.ts'
import type { Workspace } from '../workspace.ts'
import { adoptable } from './site-item.ts'

/** What steps of workflows use and this machine does not have; a catalog may, when the workflow is run. */
export async function workflowFindings(chosen: readonly FoundAsset[], workspace: Workspace): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { ref, entry } of chosen) {
    if (!isItem(entry)) continue
    const workflow = libraryKind(entry.kind)?.workflow && (await workflowOf(entry.file, workspace))
    if (!workflow) continue
    for (const { where, used } of usedBy(workflow))
      if (!(await isHere(used, workspace)))
        findings.push(finding(ref, 'STEP_UNKNOWN', `${where} uses ${used}, which this machine does not have.`, 'Correct the name, or add it: assetloom which tells where a name is looked for.'))
  }
  return findings
}

function usedBy({ steps, agents }: Workflow): { where: string; used: string }[] {
  return [
    ...steps.flatMap(({ id, use }) => (use === undefined ? [] : [{ where: `The step ${id}`, used: use }])),
    ...Object.entries(agents).map(([name, used]) => ({ where: `The agent ${name}`, used })),
  ]
}

async function isHere(name: string, workspace: Workspace): Promise<boolean> {
  const { assets } = workspace.manifest.read()
  if (findAsset(assets, name) || (await adoptable([name], assets, workspace)).length > 0) return true
  const [{ locateHere }, catalogs] = await Promise.all([workspace.layers(), workspace.catalogs()])
  return locateHere(name, workspace, catalogs) !== undefined
}

/** Undefined for an item that is invalid, which has a finding of its own. */
async function workflowOf(file: string, workspace: Workspace): Promise<Workflow | undefined> {
  try {
    const { item } = await workspace.library.read(file)
    return libraryKind(item.kind)?.workflow?.(item)
  } catch (error) {
    if (isAssetloomError(error)) return undefined
    throw error
  }
}
