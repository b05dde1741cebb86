import { finding, type Finding } from '../asset-findings.ts'
import type { Manifest } from '../manifest.ts'
import { createGraph, type DependencyGraph } from './graph.ts'
import { staleLocks } from './lock.ts'
import { conflictText, cycleText, examineDependencies } from './problems.ts'
import { rootsOf } from './resolve.ts'

/** What is wrong between the assets of a manifest. */
export function dependencyFindings(manifest: Manifest): Finding[] {
  const graph = createGraph(manifest.assets)
  const { problems } = examineDependencies(graph, rootsOf(graph))
  return [
    ...problems.cycles.map((cycle) => {
      const own = fromSmallest(cycle)
      return finding(own[0]!, 'DEPENDENCY_CYCLE', cycleText(own), 'Take one of these dependencies out: assetloom deps remove.')
    }),
    ...problems.missing.map(({ path, name, near }) =>
      finding(
        path.at(-1)!,
        'DEPENDENCY_MISSING',
        `It depends on ${name}, which does not exist.`,
        `${near ?? ''} Take the dependency away, or bring the asset back.`.trim(),
      ),
    ),
    ...problems.conflicts.flatMap((conflict) => [
      ...conflict.unmet.map(({ path, range }) =>
        finding(
          path.at(-2)!,
          'DEPENDENCY_UNMET',
          `It needs ${conflict.ref} ${range}, and the project has ${conflict.version}.`,
          `assetloom deps add ${path.at(-2)!} ${conflict.ref} <range>, or bring in a version that meets it.`,
        ),
      ),
      ...(conflict.opposed.length > 0 || conflict.unmet.length > 1
        ? [finding(conflict.ref, 'DEPENDENCY_CONFLICT', conflictText(conflict), 'Widen one of the ranges: assetloom deps add.')]
        : []),
    ]),
    ...staleLocks(manifest, graph).map((ref) =>
      finding(
        Object.hasOwn(manifest.assets, ref) ? ref : 'manifest',
        'LOCK_STALE',
        lockText(ref, manifest, graph),
        'When that is meant, run assetloom sync and commit the manifest.',
      ),
    ),
  ]
}

/** A circle as it is told from any of its assets. */
function fromSmallest(cycle: readonly string[]): string[] {
  const refs = cycle.slice(1)
  const at = refs.indexOf([...refs].sort()[0]!)
  return [...refs.slice(at), ...refs.slice(0, at), refs[at]!]
}

function lockText(ref: string, { lock }: Manifest, graph: DependencyGraph): string {
  const [locked, version] = [lock?.[ref], graph.versionOf(ref)]
  if (!locked) return `Others depend on ${ref}, and the lock does not name it.`
  if (version === undefined) return `The lock names ${ref}, and there is no such asset.`
  if (graph.dependentsOf(ref).length === 0) return `The lock names ${ref}, and nothing depends on it.`
  if (locked.version !== version) return `The lock has ${ref} ${locked.version}, and it is ${version}.`
  return `The lock has another content of ${ref} ${version}.`
}
