import * as z from 'zod'
import { requireAsset } from '../core/find-asset.ts'
import { drawDot, drawMermaid, drawTree, type DrawnEdge, type DrawnGraph } from '../core/graph/draw.ts'
import { createGraph, type DependencyGraph } from '../core/graph/graph.ts'
import { dependencyError } from '../core/graph/problems.ts'
import { dependenciesOf, dependenciesSchema } from './dependency-rows.ts'
import { defineOperation } from './operation.ts'

const edgeSchema = z.object({ from: z.string(), to: z.string(), range: z.string() })
const nodeSchema = z.object({ ref: z.string(), version: z.string().optional() })

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('Token, id or alias.'),
    dependents: z.boolean().default(false).describe('Show what depends on it, instead of what it needs.'),
    graph: z.enum(['json', 'dot', 'mermaid']).optional().describe('Give the whole graph in this form.'),
  }),
  output: dependenciesSchema.extend({
    dependents: z.array(z.string()).optional().describe('With --dependents: assets that name it themselves.'),
    nodes: z.array(nodeSchema).describe('The assets of the tree.'),
    edges: z.array(edgeSchema).describe('Who names whom in the tree.'),
    graph: z
      .union([z.string(), z.object({ nodes: z.array(nodeSchema), edges: z.array(edgeSchema) })])
      .optional()
      .describe('With --graph: text of Graphviz or Mermaid, or nodes and edges.'),
  }),
  positional: ['ref'],
  effect: 'read',
  example: 'assetloom deps templates/pages/home --graph mermaid',
  async run(input, { workspace }) {
    const { assets } = workspace.manifest.read()
    const { ref } = requireAsset(assets, input.ref)
    const graph = createGraph(assets)
    const drawn = input.dependents ? dependentsDrawn(graph, ref) : dependenciesDrawn(graph, ref)
    return {
      ...dependenciesOf(graph, ref),
      ...(input.dependents && { dependents: [...graph.dependentsOf(ref)] }),
      ...drawn,
      ...(input.graph && { graph: { json: drawn, dot: drawDot(drawn), mermaid: drawMermaid(drawn) }[input.graph] }),
    }
  },
  verdict: ({ problems }, { dependents }) => (problems && !dependents ? dependencyError(problems) : undefined),
  present: ({ ref, nodes, edges, graph }, { dependents }) =>
    graph === undefined
      ? drawTree({ nodes, edges }, ref, dependents)
      : typeof graph === 'string'
        ? graph
        : JSON.stringify(graph, null, 2),
})

type Drawn = { [K in keyof DrawnGraph]: [...DrawnGraph[K]] }

function dependenciesDrawn(graph: DependencyGraph, ref: string): Drawn {
  return drawnFrom(graph, ref, (from) =>
    graph.dependenciesOf(from).map(({ name, ref: to = name, range }) => ({ next: to, edge: { from, to, range } })),
  )
}

function dependentsDrawn(graph: DependencyGraph, ref: string): Drawn {
  return drawnFrom(graph, ref, (to) =>
    graph.demandsOn(to).map(({ from, range }) => ({ next: from, edge: { from, to, range } })),
  )
}

function drawnFrom(
  graph: DependencyGraph,
  ref: string,
  edgesAt: (ref: string) => readonly { next: string; edge: DrawnEdge }[],
): Drawn {
  const edges: DrawnEdge[] = []
  const seen = new Set([ref])
  // A set goes on to what is added to it on the way.
  for (const at of seen)
    for (const { next, edge } of edgesAt(at)) {
      edges.push(edge)
      seen.add(next)
    }
  const nodes = [...seen].map((one) => {
    const version = graph.versionOf(one)
    return { ref: one, ...(version !== undefined && { version }) }
  })
  return { nodes, edges }
}
