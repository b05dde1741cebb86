/** What a line of a history says of where a version came from. */
export interface Descent {
  version: string
  /** The version it was made of; of the first line of a branch its own, which stands on two branches. */
  parent?: string | undefined
  /** The version of another branch that was merged into it. */
  merged?: string | undefined
}

/**
 * The version in which two versions have their last common content.
 * @param history - in the order in which versions were made
 * @returns undefined when they have none
 */
export function commonAncestor(history: readonly Descent[], a: string, b: string): string | undefined {
  const parents = new Map<string, Set<string>>(history.map(({ version }) => [version, new Set()]))
  for (const { version, parent, merged } of history)
    for (const one of [parent, merged])
      if (one !== undefined && one !== version && parents.has(one)) parents.get(version)!.add(one)
  if (!parents.has(a) || !parents.has(b)) return undefined
  const ancestorsOf = (version: string) => {
    const found = new Set([version])
    // A set goes on to what is added to it on the way; what it has, it does not take again, so a circle ends.
    for (const one of found) for (const parent of parents.get(one)!) found.add(parent)
    return found
  }
  const [ofA, ofB] = [ancestorsOf(a), ancestorsOf(b)]
  const common = [...parents.keys()].filter((version) => ofA.has(version) && ofB.has(version))
  // One that another comes from is not the last; of several last ones (after merges crosswise) the newest serves.
  const earlier = new Set(common.flatMap((version) => [...parents.get(version)!]))
  return common.filter((version) => !earlier.has(version)).at(-1)
}
