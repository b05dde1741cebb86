interface Needing {
  id: string
  needs?: readonly string[] | undefined
}

/** Ids that need one another, the first one again at the end. */
export function cycleOf(all: readonly Needing[]): readonly string[] | undefined {
  const byId = new Map(all.map((one) => [one.id, one]))
  const done = new Set<string>()
  const visit = (id: string, open: readonly string[]): readonly string[] | undefined => {
    if (open.includes(id)) return [...open.slice(open.indexOf(id)), id]
    if (done.has(id)) return undefined
    for (const needed of byId.get(id)?.needs ?? []) {
      const cycle = visit(needed, [...open, id])
      if (cycle) return cycle
    }
    done.add(id)
    return undefined
  }
  for (const { id } of all) {
    const cycle = visit(id, [])
    if (cycle) return cycle
  }
  return undefined
}
