import type { DependencyGraph } from './graph.ts'

/** A dependency on what does not exist. */
export interface MissingDependency {
  /** From what was asked for to the asset that names it. */
  path: string[]
  name: string
  range: string
}

export interface Resolution {
  /** The assets and all that they need, each once, what is needed first. */
  order: string[]
  /** Ways that lead back to where they begin: `[a, b, c, a]`. */
  cycles: string[][]
  missing: MissingDependency[]
}

/**
 * Put assets with all that they need in an order in which each comes after what it needs. Every asset is looked at once,
 * however many ways lead to it; the depth is bounded by memory and not by the call stack.
 */
export function resolveDependencies(
  graph: Pick<DependencyGraph, 'dependenciesOf'>,
  refs: readonly string[],
): Resolution {
  const resolution: Resolution = { order: [], cycles: [], missing: [] }
  const done = new Set<string>()
  /** The way from where the walk began, with what is still to be looked at. */
  const way: { ref: string; rest: Iterator<{ name: string; range: string; ref?: string }> }[] = []
  const placeOnWay = new Map<string, number>()
  const enter = (ref: string) => {
    placeOnWay.set(ref, way.length)
    way.push({ ref, rest: graph.dependenciesOf(ref)[Symbol.iterator]() })
  }
  for (const root of refs) {
    if (!done.has(root)) enter(root)
    for (let at = way.at(-1); at; at = way.at(-1)) {
      const { done: isOver, value: next } = at.rest.next()
      if (isOver) {
        way.pop()
        placeOnWay.delete(at.ref)
        done.add(at.ref)
        resolution.order.push(at.ref)
      } else if (next.ref === undefined) {
        resolution.missing.push({ path: way.map(({ ref }) => ref), name: next.name, range: next.range })
      } else if (placeOnWay.has(next.ref)) {
        resolution.cycles.push([...way.slice(placeOnWay.get(next.ref)).map(({ ref }) => ref), next.ref])
      } else if (!done.has(next.ref)) {
        enter(next.ref)
      }
    }
  }
  return resolution
}

/** Assets from which every other can be reached: those that nothing needs, and one of each circle that hangs on none. */
export function rootsOf(graph: DependencyGraph): string[] {
  const reached = new Set<string>()
  return [...graph.refs().filter((ref) => graph.dependentsOf(ref).length === 0), ...graph.refs()].filter((root) => {
    if (reached.has(root)) return false
    const fresh = new Set([root])
    for (const from of fresh) {
      reached.add(from)
      for (const { ref } of graph.dependenciesOf(from)) if (ref !== undefined && !reached.has(ref)) fresh.add(ref)
    }
    return true
  })
}

/** The shortest way from one of several assets to each that they need. */
export function pathsFrom(
  graph: Pick<DependencyGraph, 'dependenciesOf'>,
  refs: readonly string[],
): (ref: string) => string[] {
  const before = new Map<string, string | undefined>(refs.map((ref) => [ref, undefined]))
  // A map goes on to what is added to it on the way.
  for (const from of before.keys())
    for (const { ref } of graph.dependenciesOf(from)) if (ref !== undefined && !before.has(ref)) before.set(ref, from)
  return (ref) => {
    const path: string[] = []
    for (let at: string | undefined = ref; at !== undefined; at = before.get(at)) path.unshift(at)
    return path
  }
}
