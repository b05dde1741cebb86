import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { faultNames, startCatalog, type CatalogFault } from './index.ts'
import { filesOfFolder } from './repository.ts'

/**
 * Serve a folder as a catalog, for people. Its branch moves when a file changes: the folder is read at every look at a
 * branch.
 */
export async function serveFolder(input: {
  folder: string
  port: number | undefined
  token: string | undefined
  fault: string | undefined
}): Promise<() => Promise<void>> {
  const folder = resolve(input.folder)
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`There is no folder ${folder}.`)
  const { fault } = input
  if (fault !== undefined && !faultNames.includes(fault as never)) throw new Error(`catalog has no fault ${JSON.stringify(fault)}; it has ${faultNames.join(', ')}`)
  const catalog = await startCatalog({
    ...(input.port !== undefined && { port: input.port }),
    ...(input.token !== undefined && { token: input.token }),
    log: ({ target, status }) => console.log(`GET ${target}  ->  ${status}`),
  })
  let state = ''
  const follow = () => {
    const files = filesOfFolder(folder)
    const now = Object.entries(files).map(([path, bytes]) => `${path}:${bytes.length}:${Buffer.from(bytes as Uint8Array).toString('base64')}`).join('\n')
    if (now !== state) catalog.repository.commit(files)
    state = now
  }
  follow()
  catalog.onRequest = (target) => {
    if (target.includes('/commits/') || target.startsWith('/site/')) follow()
    if (fault !== undefined) catalog.faults.push({ on: /./, fault: fault as CatalogFault })
  }
  const sources = [catalog.source, { name: 'site', from: catalog.staticURL }]
  console.log(`${folder} as a catalog.\nBase: ${catalog.origin}\n`)
  console.log(`// assetloom.config.ts; the second is the same without GitHub\nexport default ${JSON.stringify({ catalog: { sources } }, null, 2)}\n`)
  return async () => {
    console.log(`\n${catalog.requests.length} requests.`)
    await catalog.close()
  }
}
