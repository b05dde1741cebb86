import type { EnvironmentModuleGraph, EnvironmentModuleNode } from 'vite'
import type { AssetSource } from './asset-source.ts'
import type { Changed, Tracker } from './tracker.ts'
import { toVirtualId, virtualIdPattern } from './virtual-id.ts'

/** What Vite is to update: facades and style sheets whose asset looks different, and what else hangs on the file. */
export function modulesToFollow(
  changed: readonly Changed[],
  modules: readonly EnvironmentModuleNode[],
  graph: EnvironmentModuleGraph,
): EnvironmentModuleNode[] {
  // A watched file is a node of its own whose importers are the facades; only those that differ are to follow.
  const affected = new Set(modules.filter((module) => !isFacade(module) && ![...module.importers].some(isFacade)))
  for (const { request, holders } of changed) {
    const facade = graph.getModuleById(toVirtualId(request))
    if (facade) affected.add(facade)
    for (const holder of holders) for (const module of stylesOf(graph, holder)) affected.add(module)
  }
  return [...affected]
}

/**
 * Old and present URL of every ref that index.html shows and that changed.
 * @param input.shown - the URLs the page has, by request; brought up to date
 */
export async function swapsInHtml(
  changed: readonly Changed[],
  input: {
    assets: AssetSource
    tracked: Tracker
    shown: Map<string, string>
    toUrl(file: { path: string; hostQuery: string }): string
    watch: string[]
  },
): Promise<{ from: string; to: string }[]> {
  const { assets, tracked, shown, toUrl, watch } = input
  const pairs = []
  for (const { request, holders } of changed) {
    const from = shown.get(request)
    if (!from || holders.size === 0) continue
    const to = toUrl(await assets.realFile(request))
    shown.set(request, to)
    tracked.record(request, { signature: assets.signature(request) ?? '', watch })
    pairs.push({ from, to })
  }
  return pairs
}

/** The modules of a style sheet, or of those that import it. */
function stylesOf(graph: EnvironmentModuleGraph, holder: string): Set<EnvironmentModuleNode> {
  const found = new Set<EnvironmentModuleNode>()
  for (const module of graph.getModulesByFile(holder) ?? []) {
    if (module.id) found.add(module)
    for (const importer of module.importers) if (importer.type === 'css') found.add(importer)
  }
  return found
}

function isFacade(module: EnvironmentModuleNode): boolean {
  return module.id !== null && virtualIdPattern.test(module.id)
}
