import { defineError, type AssetloomError } from '../errors.ts'
import { didYouMean } from '../near.ts'
import { findConflicts, isRange, type Conflict, type Demand } from './conflicts.ts'
import type { DependencyGraph } from './graph.ts'
import { resolveDependencies, type MissingDependency } from './resolve.ts'

/** What stands in the way of what assets need. */
export interface DependencyProblems {
  cycles: string[][]
  missing: (MissingDependency & { near?: string | undefined })[]
  conflicts: Conflict[]
}

const dependencyCycle = defineError('DEPENDENCY_CYCLE', {
  summary: 'Assets depend on one another in a circle.',
  message: (problems: DependencyProblems) => problemText(problems),
  hint: () => 'Take one of the dependencies of the circle out: assetloom deps remove <ref> <other>.',
})
const dependencyMissing = defineError('DEPENDENCY_MISSING', {
  summary: 'An asset depends on one that the project does not have.',
  message: (problems: DependencyProblems) => problemText(problems),
  hint: ({ missing }) =>
    `${missing.find(({ near }) => near)?.near ?? ''} Bring the asset in, or take the dependency out: assetloom deps remove <ref> <other>.`.trim(),
  http: 404,
})
const dependencyConflict = defineError('DEPENDENCY_CONFLICT', {
  summary: 'An asset has another version than those that depend on it ask for.',
  message: (problems: DependencyProblems) => problemText(problems),
  hint: ({ conflicts }) =>
    conflicts.some(({ opposed, unmet }) => opposed.length > 0 || unmet.length > 1)
      ? 'A project has one version of an asset: widen one of the ranges with assetloom deps add, or change the asset.'
      : 'Change the range with assetloom deps add, or bring in a version that meets it.',
  exit: 5,
  http: 409,
})

/** The order of assets and what they need, with everything that is wrong about it. */
export function examineDependencies(
  graph: DependencyGraph,
  refs: readonly string[],
): { order: string[]; problems: DependencyProblems } {
  const { order, cycles, missing } = resolveDependencies(graph, refs)
  return {
    order,
    problems: {
      cycles,
      missing: missing.map((one) => {
        const near = didYouMean(one.name, graph.names())
        return { ...one, ...(near && { near }) }
      }),
      conflicts: findConflicts(graph, refs, order),
    },
  }
}

/** The error that problems stand for, which names them all; the code is that of the worst. */
export function dependencyError(problems: DependencyProblems): AssetloomError | undefined {
  const { cycles, missing, conflicts } = problems
  const details = { ...problems }
  if (cycles.length > 0) return dependencyCycle(problems, { details })
  if (missing.length > 0) return dependencyMissing(problems, { details })
  return conflicts.length > 0 ? dependencyConflict(problems, { details }) : undefined
}

function problemText({ cycles, missing, conflicts }: DependencyProblems): string {
  return [...cycles.map(cycleText), ...missing.map(missingText), ...conflicts.map(conflictText)].join(' ')
}

export const cycleText = (cycle: readonly string[]) => `${arrows(cycle)} is a circle.`

export const missingText = ({ path, name, range }: MissingDependency) =>
  `${arrows(path)} needs ${name} ${range}, and there is no such asset.`

export function conflictText({ ref, version, unmet, opposed }: Conflict): string {
  const all = [...unmet, ...opposed]
  const shown = all.slice(0, mostShown).map(demandText)
  const more = all.length - shown.length
  return `${ref} is ${version}, and ${shown.join(', while ')}${more > 0 ? `, and ${more} more` : ''}.`
}

/** Ways named in one sentence; the rest is counted. */
const mostShown = 6

const demandText = ({ path, range }: Demand) =>
  `${arrows(path)} needs ${isRange(range) ? range : `${JSON.stringify(range)}, which is no range of versions`}`

const arrows = (path: readonly string[]) => path.join(' -> ')
