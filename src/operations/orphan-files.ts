import { readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { filesOf, type Manifest } from '../core/manifest.ts'
import type { Workspace } from '../workspace.ts'
import { newFiles } from './sync.ts'

/** What people lay beside the assets to be read by people. */
const forPeople = /^(?:readme|licen[cs]e|notice|changelog|copying)\b/i

/**
 * Files under the folder of assets that belong to no asset: no entry names them, `sync` would register none of them, no code
 * names them, and they are not for people. Hidden files, history and the manifest are none.
 */
export async function orphanFiles(manifest: Manifest, workspace: Workspace): Promise<{ file: string; sizeBytes: number }[]> {
  const { root, assetsDir } = workspace.options
  const owned = new Set([
    ...Object.values(manifest.assets).flatMap(filesOf),
    ...(await newFiles(manifest, workspace)).found.map(({ file }) => file),
    ...workspace.library.list(),
    `${assetsDir}/manifest.json`,
  ])
  const files = filesUnder(resolve(root, assetsDir), assetsDir).filter(
    (file) => !owned.has(file) && !file.startsWith(`${assetsDir}/history/`) && !forPeople.test(basename(file)),
  )
  const mentioned = await (await workspace.usages()).mentioned([...new Set(files.map(stem))])
  return files
    .filter((file) => !mentioned.has(stem(file)))
    .map((file) => ({ file, sizeBytes: statSync(resolve(root, file)).size }))
}

/** Code may leave the extension out. */
const stem = (file: string) => basename(file).replace(/(?<=.)\.[^.]*$/, '')

/** POSIX, sorted; links are not followed. */
function filesUnder(folder: string, name: string): string[] {
  let entries
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return entries
    .filter((one) => !one.name.startsWith('.'))
    .flatMap((one) => {
      const path = `${name}/${one.name}`
      return one.isDirectory() ? filesUnder(join(folder, one.name), path) : one.isFile() ? [path] : []
    })
    .sort()
}
