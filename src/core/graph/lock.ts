import { digestOf } from '../digest.ts'
import type { Entry, Manifest } from '../manifest.ts'
import { createGraph, type DependencyGraph } from './graph.ts'

/* The lock: the exact version and content of every asset that others depend on, as it was last agreed to. */

export type Lock = NonNullable<Manifest['lock']>

/** Digest of what an asset holds: an item with its content files, a file, or a colour. */
function contentDigest({ digest, hash, kind, colorHex }: Entry): string {
  return digest ?? hash ?? `sha256:${digestOf({ kind, colorHex })}`
}

/** What the lock would be if it were made now; undefined when nothing depends on anything. */
export function lockOf(assets: Manifest['assets'], graph: DependencyGraph = createGraph(assets)): Lock | undefined {
  const needed = graph.refs().filter((ref) => graph.dependentsOf(ref).length > 0)
  if (needed.length === 0) return undefined
  return Object.fromEntries(
    needed.map((ref) => [ref, { version: assets[ref]!.version, digest: contentDigest(assets[ref]!) }]),
  )
}

/** Refs whose lock is not what the assets are: other version or content, not locked yet, or no longer needed. */
export function staleLocks({ assets, lock = {} }: Pick<Manifest, 'assets' | 'lock'>, graph?: DependencyGraph): string[] {
  const wanted = lockOf(assets, graph) ?? {}
  return [...new Set([...Object.keys(wanted), ...Object.keys(lock)])]
    .filter((ref) => {
      const [now, was] = [wanted[ref], lock[ref]]
      return now?.version !== was?.version || now?.digest !== was?.digest
    })
    .sort()
}

/** Lock what is there now. @returns refs whose lock changed */
export function refreshLock(draft: Pick<Manifest, 'assets' | 'lock'>): string[] {
  const stale = staleLocks(draft)
  const lock = lockOf(draft.assets)
  if (lock) draft.lock = lock
  else delete draft.lock
  return stale
}

/** Lock what is needed since a change and is not locked yet; the rest stays as it was agreed to. */
export function extendLock(draft: Pick<Manifest, 'assets' | 'lock'>): void {
  const { lock = {} } = draft
  const missing = Object.entries(lockOf(draft.assets) ?? {}).filter(([ref]) => !Object.hasOwn(lock, ref))
  if (missing.length > 0) draft.lock = { ...lock, ...Object.fromEntries(missing) }
}

/** Forget what nothing depends on any more; the rest stays as it was agreed to. */
export function loosenLock(draft: Pick<Manifest, 'assets' | 'lock'>): void {
  const needed = lockOf(draft.assets)
  const kept = Object.entries(draft.lock ?? {}).filter(([ref]) => needed?.[ref])
  if (kept.length > 0) draft.lock = Object.fromEntries(kept)
  else delete draft.lock
}
