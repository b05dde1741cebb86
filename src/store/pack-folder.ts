import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkListing, requireCount, type ListedFile, type Refuse } from '../core/pack-check.ts'
import type { PackFiles } from './pack-zip.ts'

/**
 * Open an unpacked pack and check what it holds; links in it are listed, never followed.
 * @throws PACK_REFUSED
 */
export function openPackFolder(folder: string, refuse: Refuse): PackFiles {
  const listed: ListedFile[] = []
  const list = (below: string) => {
    for (const one of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? one.name : `${below}/${one.name}`
      const type = one.isSymbolicLink() ? 'link' : one.isDirectory() ? 'folder' : one.isFile() ? 'file' : 'other'
      listed.push({ path, type, size: type === 'file' ? lstatSync(join(folder, path)).size : 0 })
      requireCount(listed.length, refuse)
      if (type === 'folder') list(path)
    }
  }
  list('')
  checkListing(listed, refuse)
  return { listed, read: async (path) => readFileSync(join(folder, path)) }
}
