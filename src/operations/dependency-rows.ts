import * as z from 'zod'
import type { DependencyGraph } from '../core/graph/graph.ts'
import { examineDependencies, type DependencyProblems } from '../core/graph/problems.ts'

/* What an asset needs, as the deps commands tell it. */

const pathSchema = z.array(z.string())
const demandSchema = z.object({ path: pathSchema, range: z.string() })

export const dependenciesSchema = z.object({
  ref: z.string(),
  dependencies: z
    .array(
      z.object({
        ref: z.string().describe('As the project calls it; as it is written when there is no such asset.'),
        range: z.string(),
        version: z.string().optional().describe('The version that the project has.'),
      }),
    )
    .describe('What it needs itself.'),
  order: z.array(z.string()).describe('All that it needs and it, what is needed first.'),
  problems: z
    .object({
      cycles: z.array(pathSchema),
      missing: z.array(z.object({ path: pathSchema, name: z.string(), range: z.string(), near: z.string().optional() })),
      conflicts: z.array(
        z.object({ ref: z.string(), version: z.string(), unmet: z.array(demandSchema), opposed: z.array(demandSchema) }),
      ),
    })
    .optional()
    .describe('Present when something is wrong: ways round, what is missing, versions that do not fit.'),
})
export type DependenciesRow = z.output<typeof dependenciesSchema>

/** What an asset needs, with all that is wrong about it. */
export function dependenciesOf(graph: DependencyGraph, ref: string): DependenciesRow {
  const { order, problems } = examineDependencies(graph, [ref])
  return {
    ref,
    dependencies: graph.dependenciesOf(ref).map(({ name, ref: other = name, range }) => {
      const version = graph.versionOf(other)
      return { ref: other, range, ...(version !== undefined && { version }) }
    }),
    order,
    ...(hasProblems(problems) && { problems }),
  }
}

function hasProblems({ cycles, missing, conflicts }: DependencyProblems): boolean {
  return cycles.length + missing.length + conflicts.length > 0
}
