import { sep } from 'node:path'
import type { AssetSource } from './asset-source.ts'

/** A request that something in the graph stands for, and what it looked like when it was last resolved. */
interface Tracked {
  signature: string
  watch: ReadonlySet<string>
  /** Style sheets and HTML files that hold it; facades are found by their own id. */
  holders: Set<string>
  /** What each environment was told last: one save is several file events, and each would be told again. */
  told: Map<string, string | undefined>
}

/** A request that looks different, and the style sheets and HTML files that hold it. */
export interface Changed {
  request: string
  holders: ReadonlySet<string>
}

/** Which requests a dev server has resolved, and which of them a file change concerns. */
export interface Tracker {
  record(request: string, state: { signature: string; watch: readonly string[] }, holder?: string): void
  isWatched(file: string): boolean
  /** A request that could not be resolved; it may become resolvable. */
  recordMissing(request: string): void
  /**
   * Requests that a changed file makes look different. Specs are carried out on the way.
   * @param file - absolute path as the host spells it
   * @param environment - name; each is told of a change once
   */
  changedBy(file: string, environment: string): Promise<Changed[]>
  /** Missing requests that resolve now; each is told once. */
  takeFound(): string[]
}

/** Hosts name files with forward slashes, on Windows too. */
const hostPath = (path: string) => (sep === '\\' ? path.replaceAll('\\', '/') : path)

export function createTracker(source: AssetSource): Tracker {
  const tracked = new Map<string, Tracked>()
  const missing = new Set<string>()
  return {
    record(request, { signature, watch }, holder) {
      missing.delete(request)
      const holders = tracked.get(request)?.holders ?? new Set<string>()
      if (holder) holders.add(holder)
      tracked.set(request, { signature, watch: new Set(watch.map(hostPath)), holders, told: new Map() })
    },
    isWatched: (file) => [...tracked.values()].some((known) => known.watch.has(file)),
    recordMissing: (request) => void missing.add(request),
    async changedBy(file, environment) {
      const manifest = hostPath(source.workspace.paths.manifest)
      const changed: Changed[] = []
      for (const [request, known] of tracked) {
        if (!known.watch.has(file)) continue
        let signature = source.signature(request)
        if (file !== manifest) {
          // A spec: carry it out, so that the signature tells what came of it. A failure is told when the module loads.
          signature = await source.module(request).then(
            (module) => module.signature,
            () => undefined,
          )
        }
        const last = known.told.has(environment) ? known.told.get(environment) : known.signature
        if (signature === last) continue
        known.told.set(environment, signature)
        changed.push({ request, holders: known.holders })
      }
      return changed
    },
    takeFound() {
      const found = [...missing].filter((request) => {
        try {
          return source.signature(request) !== undefined
        } catch {
          return false
        }
      })
      for (const request of found) missing.delete(request)
      return found
    },
  }
}
