// The functions and not the whole: the index of semver is fifty small files.
import satisfies from 'semver/functions/satisfies.js'
import intersects from 'semver/ranges/intersects.js'
import validRange from 'semver/ranges/valid.js'
import type { DependencyGraph } from './graph.ts'
import { pathsFrom, rootsOf } from './resolve.ts'

/** What one way through the dependencies asks of an asset. */
export interface Demand {
  /** Ends with the asset. */
  path: string[]
  range: string
}

/** An asset whose version is not what all who need it ask for; a project has one version of each asset. */
export interface Conflict {
  ref: string
  version: string
  /** Those that the version does not meet. */
  unmet: Demand[]
  /** Those that no version could meet together with one that is unmet. */
  opposed: Demand[]
}

export const isRange = (text: string): boolean => validRange(text) !== null

export const isMet = (version: string, range: string): boolean => satisfies(version, range)

/**
 * The conflicts among assets and what they need.
 * @param roots - where the paths begin
 * @param refs - the roots with all that they need
 */
export function findConflicts(graph: DependencyGraph, roots: readonly string[], refs: readonly string[]): Conflict[] {
  const scope = new Set(refs)
  const pathInScope = pathsFrom(graph, roots)
  let pathInProject: ((ref: string) => string[]) | undefined
  const pathTo = (ref: string) => {
    if (scope.has(ref)) return pathInScope(ref)
    pathInProject ??= pathsFrom(graph, rootsOf(graph))
    return pathInProject(ref)
  }
  return refs.flatMap((ref): Conflict[] => {
    const version = graph.versionOf(ref) ?? ''
    const demands = graph.demandsOn(ref)
    const unmet = demands.filter(({ from, range }) => scope.has(from) && !isMet(version, range))
    if (unmet.length === 0) return []
    const opposed = demands.filter((one) => !unmet.includes(one) && unmet.some(({ range }) => exclude(one.range, range)))
    const toDemand = ({ from, range }: { from: string; range: string }) => ({ path: [...pathTo(from), ref], range })
    return [{ ref, version, unmet: unmet.map(toDemand), opposed: opposed.map(toDemand) }]
  })
}

/** No version meets both. */
function exclude(a: string, b: string): boolean {
  return isRange(a) && isRange(b) && !intersects(a, b)
}
