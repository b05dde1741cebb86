/** What a line of a history says of where a version came from. */
export interface Descent {
  version: string
  /** The version it was made of. */
  parent?: string | null | undefined
  /** The version of another branch that was merged into it. */
  merged?: string | null | undefined
}

/**
 * The version in which two versions have their last common content.
 * @param history - in the order in which versions were made
 * @returns undefined when they have none
 */
export function commonAncestor(history: readonly Descent[], a: string, b: string): string | undefined {
  const byVersion = new Map(history.map((line) => [line.version, line]))
  const parentsOf = (version: string) => {
    const line = byVersion.get(version)
    return [line?.parent, line?.merged].filter((parent): parent is string => typeof parent === 'string')
  }
  const ancestorsOf = (version: string) => {
    const found = new Set([version])
    // A set goes on to what is added to it on the way; what it has, it does not take again, so a circle ends.
    for (const one of found) for (const parent of parentsOf(one)) if (byVersion.has(parent)) found.add(parent)
    return found
  }
  if (!byVersion.has(a) || !byVersion.has(b)) return undefined
  const [ofA, ofB] = [ancestorsOf(a), ancestorsOf(b)]
  const common = [...byVersion.keys()].filter((version) => ofA.has(version) && ofB.has(version))
  // One that another comes from is not the last; of several last ones (after merges crosswise) the newest serves.
  const earlier = new Set(common.flatMap(parentsOf))
  return common.filter((version) => !earlier.has(version)).at(-1)
}
