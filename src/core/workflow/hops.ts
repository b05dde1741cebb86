import type { Workflow } from './workflow.ts'

/** A step, or a group of steps that run at the same time. */
export interface Hop {
  /** The id of its step, or those of its steps with `+` between. */
  id: string
  steps: readonly string[]
  /** Ids of hops that must be done before. */
  needs: readonly string[]
}

/** The hops of a workflow in the order in which their first steps stand. */
export function hopsOf({ steps, groups }: Pick<Workflow, 'steps' | 'groups'>): Hop[] {
  const idOf = (id: string) => groups.find((group) => group.includes(id))?.join('+') ?? id
  const hops = new Map<string, { id: string; steps: string[]; needs: Set<string> }>()
  for (const { id, needs = [] } of steps) {
    const hopId = idOf(id)
    const hop = hops.get(hopId) ?? { id: hopId, steps: [], needs: new Set<string>() }
    hop.steps.push(id)
    for (const needed of needs) hop.needs.add(idOf(needed))
    hops.set(hopId, hop)
  }
  return [...hops.values()].map((hop) => ({ ...hop, needs: [...hop.needs] }))
}
