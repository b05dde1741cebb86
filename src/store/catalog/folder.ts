import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { maxCatalogFileBytes } from '../../core/catalog/row.ts'
import { rowPathRefusal } from '../../core/catalog/row-path.ts'
import { gitBlobSha } from '../../core/digest.ts'
import { isAssetloomError } from '../../core/errors.ts'
import { confine } from '../project-folder.ts'
import { catalogRequestFailed, type CatalogTransport, type RequestFault } from './transport.ts'

/** A catalog in a folder on this machine. @param input.folder - absolute */
export function createFolderTransport(input: { name: string; folder: string }): CatalogTransport {
  const { name, folder } = input
  const failed = (what: string, why: string, fault: RequestFault, cause?: unknown) =>
    catalogRequestFailed({ catalog: name, what, why, fault }, { cause, details: { fault, catalog: name } })
  return {
    page: folder,
    placeOf: (_revision, path) => join(folder, path),
    async pin() {
      const stat = statSync(folder, { throwIfNoEntry: false })
      if (!stat?.isDirectory()) throw failed('anything', stat ? `${folder} is a file and no folder` : `there is no folder ${folder}`, 'unreachable')
      return { revision: '' }
    },
    async read(_revision, path, { maxBytes }) {
      try {
        const file = confine(folder, path)
        const stat = statSync(file, { throwIfNoEntry: false })
        if (!stat?.isFile()) throw failed(path, 'there is no such file', 'missing')
        if (stat.size > maxBytes) throw failed(path, `it is larger than ${maxBytes} bytes`, 'refused')
        return { bytes: readFileSync(file) }
      } catch (error) {
        if (isAssetloomError(error) && error.code === 'CATALOG_REQUEST_FAILED') throw error
        throw failed(path, (error as Error).message.replace(/\.$/, ''), isAssetloomError(error) ? 'refused' : 'unreachable', error)
      }
    },
    list: async () => ({
      files: filesBelow(folder, 'assets').flatMap(({ path, sizeBytes }) =>
        sizeBytes > maxCatalogFileBytes ? [] : [{ path, sizeBytes, sha: gitBlobSha(readFileSync(join(folder, path))) }],
      ),
      isPartial: false,
    }),
  }
}

/** Regular files below a folder, POSIX, sorted; links are not followed, and names that no row may have are left out. */
export function filesBelow(root: string, below: string): { path: string; sizeBytes: number }[] {
  let names
  try {
    names = readdirSync(join(root, below), { withFileTypes: true })
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
  return names
    .flatMap((one): { path: string; sizeBytes: number }[] => {
      const path = `${below}/${one.name}`
      if (one.name.startsWith('.') || rowPathRefusal(path)) return []
      if (one.isDirectory()) return filesBelow(root, path)
      return one.isFile() ? [{ path, sizeBytes: statSync(join(root, path)).size }] : []
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}
