import { resolve } from 'node:path'
import * as z from 'zod'
import { requireFree } from './asset-change.ts'
import { carryOut, limitsOf } from './carry-out.ts'
import { defineOperation } from './operation.ts'
import { readInput, valuesSchema } from './read-input.ts'
import { requireItem, requireUse } from './require-item.ts'
import { shownOutput } from './run.ts'

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('A prompt, style, agent or skill.'),
    out: z.string().min(1).optional().describe('A new file for the text, relative to the project.'),
    param: valuesSchema,
  }),
  output: z.object({
    ref: z.string(),
    text: z.string().describe('The text filled in; of a skill that is a program, what it gave.'),
    file: z.string().optional().describe('Where the text was written.'),
  }),
  positional: ['ref'],
  extraFlags: { into: 'param' },
  effect: 'write',
  example: 'assetloom use ai-prompts/content/greeting --topic "our new office" --tone formal',
  async run({ ref, out, param }, context) {
    const { workspace } = context
    const found = await requireItem(ref, 'use', workspace)
    const use = requireUse(found, 'use')
    const input = await readInput({ param }, use.parameters, context)
    if (out !== undefined) requireFree(out, workspace)
    const text = shownOutput(await carryOut(found, use, input, limitsOf({ timeout: '60s', memory: 1024 }), context))
    if (out !== undefined) workspace.writeVerified(resolve(workspace.options.root, out), new TextEncoder().encode(text))
    return { ref: found.item.id, text, ...(out !== undefined && { file: out }) }
  },
  present: ({ ref, text, file }) => (file === undefined ? text : `✓ ${ref} → ${file}`),
})
