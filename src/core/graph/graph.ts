import type { Entry } from '../manifest.ts'

/** What the graph asks of an asset. */
export type GraphEntry = Pick<Entry, 'aliases' | 'version' | 'dependencies'>

/** One dependency of an asset. */
export interface Dependency {
  /** As it is written: a token, an id or an alias. */
  name: string
  /** Range of versions as in npm. */
  range: string
  /** The asset that the name stands for; absent when there is none. */
  ref?: string
}

/** Who needs whom; every list is sorted, so that equal manifests give equal answers. */
export interface DependencyGraph {
  refs(): readonly string[]
  /** The asset of a token, id or alias. */
  refOf(name: string): string | undefined
  /** Tokens, ids and aliases. */
  names(): Iterable<string>
  versionOf(ref: string): string | undefined
  dependenciesOf(ref: string): readonly Dependency[]
  /** What other assets ask of this one. */
  demandsOn(ref: string): readonly { from: string; range: string }[]
  /** Assets that name this one in their dependencies; not itself. */
  dependentsOf(ref: string): readonly string[]
}

/** @param assets - the entries by ref */
export function createGraph(assets: Readonly<Record<string, GraphEntry>>): DependencyGraph {
  const entries = new Map(Object.entries(assets).sort(([a], [b]) => byName(a, b)))
  const refs = [...entries.keys()]
  const byAlias = new Map<string, string>()
  for (const [ref, { aliases = [] }] of entries)
    for (const alias of aliases) if (!byAlias.has(alias)) byAlias.set(alias, ref)
  const refOf = (name: string) => (entries.has(name) ? name : byAlias.get(name))
  const dependencies = new Map<string, readonly Dependency[]>()
  const demands = new Map<string, { from: string; range: string }[]>()
  for (const [from, entry] of entries) {
    const own = Object.entries(entry.dependencies ?? {}).map(([name, range]): Dependency => {
      const ref = refOf(name)
      return { name, range, ...(ref !== undefined && { ref }) }
    })
    dependencies.set(from, own.sort((a, b) => byName(a.ref ?? a.name, b.ref ?? b.name) || byName(a.name, b.name)))
    for (const { ref, range } of own) {
      if (ref === undefined) continue
      const known = demands.get(ref)
      if (known) known.push({ from, range })
      else demands.set(ref, [{ from, range }])
    }
  }
  return {
    refs: () => refs,
    refOf,
    names: () => [...refs, ...byAlias.keys()],
    versionOf: (ref) => entries.get(ref)?.version,
    dependenciesOf: (ref) => dependencies.get(ref) ?? [],
    demandsOn: (ref) => demands.get(ref) ?? [],
    dependentsOf: (ref) => [...new Set((demands.get(ref) ?? []).map(({ from }) => from))].filter((from) => from !== ref),
  }
}

const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
