import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Entry } from '../core/manifest.ts'
import type { Workspace } from '../workspace.ts'

/**
 * A small still of a picture of the project, kept in the cache as every processed picture is.
 * @returns undefined for what is no picture, or none with a file
 * @throws what reading and decoding throw
 */
export async function thumbnailOf(
  { kind, file, hash, mediaType }: Entry,
  workspace: Workspace,
  wish: { format: 'png' | 'webp'; widthPx: number; heightPx?: number },
): Promise<Uint8Array | undefined> {
  if (kind !== 'image' || !file || !hash || !mediaType) return undefined
  const source = { hash, mediaType, read: () => readFileSync(join(workspace.paths.root, file)) }
  const look = { quality: 75, fit: 'inside', position: 'center', enlarge: false, dpr: 1, still: true } as const
  return (await workspace.transform(source, { ...look, ...wish })).bytes
}
