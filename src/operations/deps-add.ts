import * as z from 'zod'
import { didYouMean } from '../core/near.ts'
import { defineError } from '../core/errors.ts'
import { isRange } from '../core/graph/conflicts.ts'
import { createGraph } from '../core/graph/graph.ts'
import { dependencyError, examineDependencies } from '../core/graph/problems.ts'
import type { Manifest } from '../core/manifest.ts'
import { changeDependencies, type Dependencies } from './dependency-change.ts'
import { dependenciesSchema } from './dependency-rows.ts'
import { defineOperation } from './operation.ts'

const rangeInvalid = defineError('RANGE_INVALID', {
  summary: 'A range of versions is none.',
  message: (d: { range: string }) => `${JSON.stringify(d.range)} is no range of versions.`,
  hint: () => 'Write it as in npm: "^1.2.0", "~1.2.0", ">=1.0.0 <3.0.0", "1.2.0" or "*".',
  exit: 2,
})

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('The asset that needs another: token, id or alias.'),
    other: z.string().min(1).describe('The asset that it needs: token, id or alias.'),
    range: z.string().min(1).describe('Range of versions as in npm, e.g. ^1.2.0.'),
  }),
  output: dependenciesSchema.extend({
    version: z.string().describe('The version of the asset from now on.'),
    changed: z.boolean().describe('False when it was so already.'),
  }),
  positional: ['ref', 'other', 'range'],
  effect: 'write',
  example: 'assetloom deps add templates/pages/home ui-components/buttons/button "^1.0.0"',
  async run({ ref, other, range }, { workspace }) {
    if (!isRange(range)) throw rangeInvalid({ range })
    return changeDependencies(ref, (assets, own, now) => withDependency(assets, own, now, { name: other, range }), workspace)
  },
  present: ({ ref, version, changed }, { other, range }) =>
    changed ? `✓ ${ref} needs ${other} ${range}; version ${version}` : `· ${ref} needs ${other} ${range} already`,
})

/** @throws DEPENDENCY_CYCLE, DEPENDENCY_MISSING, DEPENDENCY_CONFLICT for what the new dependency would bring */
function withDependency(
  assets: Manifest['assets'],
  ref: string,
  now: Dependencies,
  { name, range }: { name: string; range: string },
): Dependencies {
  const graph = createGraph(assets)
  const other = graph.refOf(name)
  if (other === undefined) {
    const near = didYouMean(name, graph.names())
    throw dependencyError({ cycles: [], missing: [{ path: [ref], name, range, ...(near && { near }) }], conflicts: [] })!
  }
  if (Object.keys(now).filter((one) => graph.refOf(one) === other).length === 1 && now[other] === range) return now
  // The same asset under another name is the same dependency.
  const others = Object.entries(now).filter(([one]) => graph.refOf(one) !== other)
  const wanted = Object.fromEntries([...others, [other, range]].sort(([a], [b]) => (a! < b! ? -1 : 1)))
  const after = createGraph({ ...assets, [ref]: { ...assets[ref]!, dependencies: wanted } })
  const { problems } = examineDependencies(after, [ref])
  // What was wrong before stays as wrong as it was; validate tells it.
  const error = dependencyError({
    cycles: problems.cycles.filter((cycle) => cycle.some((one, i) => one === ref && cycle[i + 1] === other)),
    missing: [],
    conflicts: problems.conflicts.filter(
      (conflict) => conflict.ref === other && conflict.unmet.some(({ path }) => path.at(-2) === ref),
    ),
  })
  if (error) throw error
  return wanted
}
