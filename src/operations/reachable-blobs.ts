import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { Manifest } from '../core/manifest.ts'
import type { StoredBlob, Workspace } from '../workspace.ts'
import { hashesIn } from './cache-contents.ts'

/** A blob younger than this may belong to a process that has not written its record yet. */
export const graceMs = 60 * 60 * 1000

/** Digests that the project itself names: files and raw answers of assets, their history, and what was written into sites. */
export function heldHashes(
  workspace: Workspace,
  assets: Manifest['assets'] = workspace.manifest.read().assets,
): Set<string> {
  const isThere = (ref: string) => Object.hasOwn(assets, ref)
  return new Set([...hashesIn(assets), ...historyHashes(workspace, isThere), ...siteHashes(workspace)])
}

/** The bytes that a module was installed with are what a later version of it is merged from. */
function siteHashes({ paths }: Workspace): string[] {
  const file = join(paths.assets, 'sites.json')
  return existsSync(file) ? hashesIn(readFileSync(file, 'utf8')) : []
}

/** What answers from the cache need. */
const indexedHashes = (workspace: Workspace) => workspace.cache.records('').flatMap(({ value }) => hashesIn(value))

/**
 * Every blob, told apart by whether anything names it.
 * @param going - refs of assets that are about to go: what only they name is reached by nothing, however young
 */
export async function blobsByReach(
  workspace: Workspace,
  going: ReadonlySet<string> = new Set(),
): Promise<{ live: Set<string>; reachable: StoredBlob[]; unreachable: StoredBlob[] }> {
  // Listed first: what is written from now on is younger than the grace.
  const blobs = await workspace.blobs.list()
  const entries = Object.entries(workspace.manifest.read().assets)
  const staying = Object.fromEntries(entries.filter(([ref]) => !going.has(ref)))
  const live = new Set([...heldHashes(workspace, staying), ...indexedHashes(workspace)])
  const forced = new Set([
    ...hashesIn(entries.filter(([ref]) => going.has(ref))),
    ...historyHashes(workspace, (ref) => going.has(ref)),
  ])
  const now = workspace.clock.now()
  const isYoung = ({ hash, layer, storedAtMs }: StoredBlob) =>
    now - storedAtMs <= graceMs && !(layer === 'version' && forced.has(hash))
  const isKept = (blob: StoredBlob) => live.has(blob.hash) || isYoung(blob)
  return { live, reachable: blobs.filter(isKept), unreachable: blobs.filter((blob) => !isKept(blob)) }
}

function historyHashes(workspace: Workspace, isMeant: (ref: string) => boolean): string[] {
  return historiesHashes(workspace, isMeant).flatMap(({ hashes }) => hashes)
}

/** Digests that the histories of some assets name, and those in the states that these stand for, by asset. */
export function historiesHashes({ blobs, paths }: Workspace, isMeant: (ref: string) => boolean): { ref: string; hashes: string[] }[] {
  let files: string[]
  try {
    files = readdirSync(paths.history, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.jsonl'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return files.flatMap((file) => {
    const ref = file.replaceAll(sep, '/').slice(0, -'.jsonl'.length)
    if (!isMeant(ref)) return []
    const states = hashesIn(readFileSync(join(paths.history, file), 'utf8'))
    return [{ ref, hashes: [...states, ...states.flatMap((hash) => hashesIn(new TextDecoder().decode(blobs.get(hash))))] }]
  })
}
