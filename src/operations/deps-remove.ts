import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { createGraph } from '../core/graph/graph.ts'
import { didYouMean } from '../core/near.ts'
import { changeDependencies } from './dependency-change.ts'
import { dependenciesSchema } from './dependency-rows.ts'
import { defineOperation } from './operation.ts'

const dependencyNone = defineError('DEPENDENCY_NONE', {
  summary: 'A dependency was to be taken away that the asset does not have.',
  message: (d: { ref: string; other: string; has: readonly string[] }) => `${d.ref} does not depend on ${d.other}.`,
  hint: (d) =>
    didYouMean(d.other, d.has) ?? (d.has.length > 0 ? `It depends on ${d.has.join(', ')}.` : 'It depends on nothing.'),
})

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('The asset that no longer needs another: token, id or alias.'),
    other: z.string().min(1).describe('What it no longer needs; a name that stands for nothing can be taken away, too.'),
  }),
  output: dependenciesSchema.extend({ version: z.string().describe('The version of the asset from now on.') }),
  positional: ['ref', 'other'],
  effect: 'write',
  example: 'assetloom deps remove templates/pages/home ui-components/buttons/button',
  async run({ ref, other }, { workspace }) {
    const { changed: _changed, ...row } = await changeDependencies(
      ref,
      (assets, own, now) => {
        const graph = createGraph(assets)
        const target = graph.refOf(other)
        const isOther = (name: string) => name === other || (target !== undefined && graph.refOf(name) === target)
        const kept = Object.entries(now).filter(([name]) => !isOther(name))
        if (kept.length === Object.keys(now).length) throw dependencyNone({ ref: own, other, has: Object.keys(now) })
        return Object.fromEntries(kept)
      },
      workspace,
    )
    return row
  },
  present: ({ ref, dependencies, version }, { other }) =>
    [
      `✓ ${ref} no longer needs ${other}; version ${version}`,
      ...dependencies.map((one) => `  ${one.ref} ${one.range}`),
    ].join('\n'),
})
