import * as z from 'zod'
import { findAsset } from '../core/find-asset.ts'
import { isMet } from '../core/graph/conflicts.ts'
import type { WorkspaceCatalogs } from '../workspace/catalogs.ts'
import type { Workspace } from '../workspace.ts'
import type { Candidate, CatalogShelf, Destination } from './catalog-shelf.ts'

/* What an asset of a catalog depends on. */

export const unmetSchema = z.object({
  ref: z.string(),
  needs: z.string(),
  range: z.string(),
  has: z
    .array(z.object({ version: z.string(), where: z.string() }))
    .describe('Versions that there are, none of which is in the range; where: a catalog, the project, your library or the cache.'),
})
/** A dependency that nobody has in the range of versions that is asked for. */
export type Unmet = z.output<typeof unmetSchema>

const placeNames = { project: 'the project', global: 'your library', cache: 'the cache' } as const

/**
 * The asset with what it depends on and nobody here has yet, dependencies first. Of several catalogs that have a
 * dependency, the first with a version in every range that is asked for gives it.
 */
export async function withNeeded(
  chosen: Candidate,
  { to, shelf, catalogs, workspace }: { to: Destination; shelf: CatalogShelf; catalogs: WorkspaceCatalogs; workspace: Workspace },
): Promise<{ wanted: Candidate[]; unmet: Unmet[] }> {
  const { assets } = workspace.manifest.read()
  const present = (ref: string): Unmet['has'][number] | undefined => {
    const own = findAsset(assets, ref)
    if (own) return { version: own.entry.version, where: placeNames.project }
    const kept = to === 'global' ? catalogs.library.find(ref) : undefined
    return kept && { version: kept.row.version ?? '1.0.0', where: placeNames.global }
  }
  /** Every range that was met on the way, by the name that it is asked of. */
  const ranges = new Map<string, Set<string>>()
  const pick = (offers: readonly Candidate[], range: string, all: ReadonlySet<string>) => {
    const inAll = (wanted: Iterable<string>) => offers.find(({ version }) => version === undefined || [...wanted].every((one) => isMet(version, one)))
    return inAll(all) ?? inAll([range])
  }

  /** Undefined when a range came up that a choice made before does not meet: with that range known, it may be another. */
  const attempt = async (): Promise<{ wanted: Candidate[]; unmet: Unmet[] } | undefined> => {
    const wanted: Candidate[] = []
    const unmet: Unmet[] = []
    const taken = new Map<string, Candidate>([[chosen.row.ref, chosen]])
    const visit = async (one: Candidate): Promise<boolean> => {
      const { ref } = one.row
      for (const [needs, range] of Object.entries(one.row.dependencies)) {
        const known = ranges.get(needs) ?? new Set()
        const isNews = !known.has(range)
        ranges.set(needs, known.add(range))
        const there = present(needs)
        const before = taken.get(needs)
        if (there ?? before) {
          const { version, where } = there ?? { version: before!.version, where: before!.catalog }
          if (version === undefined || isMet(version, range)) continue
          if (!there && isNews) return false
          unmet.push({ ref, needs, range, has: [{ version, where }] })
          continue
        }
        const offers = await shelf.offers(needs)
        const found = pick(offers, range, known)
        if (!found) {
          unmet.push({ ref, needs, range, has: offers.map(({ version, catalog }) => ({ version: version!, where: catalog })) })
          continue
        }
        taken.set(needs, found)
        if (!(await visit(found))) return false
      }
      wanted.push(one)
      return true
    }
    return (await visit(chosen)) ? { wanted, unmet } : undefined
  }
  for (;;) {
    const settled = await attempt()
    if (settled) return settled
  }
}

/** What an asset needs and no layer of this machine has in a version that fits. No catalog is asked. */
export async function unmetHere(ref: string, dependencies: Readonly<Record<string, string>>, workspace: Workspace): Promise<Unmet[]> {
  const catalogs = await workspace.catalogs()
  const { locateHere } = await workspace.layers()
  return Object.entries(dependencies).flatMap(([needs, range]): Unmet[] => {
    const found = locateHere(needs, workspace, catalogs)
    if (!found) return [{ ref, needs, range, has: [] }]
    const version = found.layer === 'project' ? found.entry.version : (found.kept.row.version ?? '1.0.0')
    return isMet(version, range) ? [] : [{ ref, needs, range, has: [{ version, where: placeNames[found.layer] }] }]
  })
}

/** Lines for a person. @param isLocal - what needs it is of the project */
export function unmetHereLines(unmet: readonly Unmet[], isLocal: boolean): string[] {
  return unmet.flatMap((one) => [
    unmetText(one, false),
    ...(one.has.length === 0 ? [`  assetloom add ${one.needs}${isLocal ? ' --local' : ''} --asset-download asks the catalogs for it`] : []),
  ])
}

/** @param isAsked - whether catalogs were asked */
export function unmetText({ ref, needs, range, has }: Unmet, isAsked: boolean): string {
  const versions = has.map(({ version, where }) => `${where} has ${version}`).join(', ')
  if (versions !== '') return `! ${ref} needs ${needs} ${range}; ${versions}`
  return `! ${ref} needs ${needs} ${range}, which ${isAsked ? 'no catalog has' : 'is not on this machine; no catalog was asked'}`
}
