import * as z from 'zod'
import { assetDownloadField } from './asset-download.ts'
import { carryOut, limitFields, limitsOf } from './carry-out.ts'
import { defineOperation } from './operation.ts'
import { inputFields, readInput } from './read-input.ts'
import { workflowUnsupported } from './require-item.ts'
import { requireItemAnywhere } from './require-item-anywhere.ts'

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('A tool or skill; of the project, your own library, the starter library, or a catalog, from which it is downloaded when you agree.'),
    ...inputFields,
    ...limitFields,
    local: z.boolean().default(false).describe('Make it one of this project, if it is not yet. Default: what is downloaded goes to your own library.'),
    ...assetDownloadField,
  }),
  output: z.object({
    ref: z.string(),
    output: z.unknown().describe('What it gave; of a skill that is a prompt, the text.'),
    durationMs: z.number(),
  }),
  positional: ['ref'],
  extraFlags: { into: 'param' },
  effect: 'write',
  paths: ({ inputFile }) => [inputFile],
  example: 'assetloom run tools/validators/contrast-checker --foreground "#777" --background "#fff"',
  async run({ ref, timeout, memory, local, assetDownload, ...given }, context) {
    const limits = limitsOf({ timeout, memory })
    const found = await requireItemAnywhere(ref, 'run', context, { local, assetDownload })
    const use = found.kind.use?.(found.item)
    if (!use) throw workflowUnsupported({ id: found.item.id, reasons: ['workflows are not supported yet'] })
    const input = await readInput(given, use.parameters, context)
    const startMs = performance.now()
    const output = await carryOut(found, use, input, limits, context)
    context.workspace.counters.add(found.item.id, 'usageCount')
    return { ref: found.item.id, output, durationMs: Math.round(performance.now() - startMs) }
  },
  present: ({ output }) => shownOutput(output),
})

/** A text as it is, all else as JSON. */
export function shownOutput(output: unknown): string {
  return typeof output === 'string' ? output : JSON.stringify(output, null, 2)
}
