import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import type { FetchedAsset } from '../workspace/catalogs.ts'
import type { Workspace } from '../workspace.ts'

const isText = (bytes: Uint8Array) => !bytes.includes(0)

/** What would change in the files of an asset, as unified diffs; of other files than texts only that they differ. */
export function fileDiffs({ files }: FetchedAsset, places: readonly string[], { options }: Workspace): string {
  return places
    .map((place, i) => {
      const path = resolve(options.root, place)
      const before = existsSync(path) ? readFileSync(path) : new Uint8Array()
      const after = files[i]!.bytes
      if (Buffer.compare(before, after) === 0) return `${place} is the same\n`
      if (!isText(before) || !isText(after)) return `${place} differs: ${before.length} bytes, then ${after.length}\n`
      const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
      return createTwoFilesPatch(existsSync(path) ? place : '/dev/null', place, decode(before), decode(after), undefined, undefined, { context: 3 })
    })
    .join('')
}
