import { join } from 'node:path'
import { openWorkspace } from 'assetloom'

/**
 * Search a catalog as a command does, in a workspace of its own.
 * @returns how long it took, and what was found
 */
export async function searchCatalog({ root, url }) {
  const start = performance.now()
  const workspace = await openWorkspace({ root, options: { logLevel: 'silent', catalog: [url] }, env: { XDG_CONFIG_HOME: join(root, 'user') } })
  const found = await (await workspace.catalogs()).search('warm rocket', 20, new AbortController().signal)
  const tookMs = performance.now() - start
  await workspace.close()
  return { tookMs, rows: found.open[0]?.rows, total: found.total, why: found.failed[0]?.error.message }
}
