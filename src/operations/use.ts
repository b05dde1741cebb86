import { resolve } from 'node:path'
import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { requireFree } from './asset-change.ts'
import { carryOut, usualLimits } from './carry-out.ts'
import { defineOperation, type OperationContext } from './operation.ts'
import { placedSchema, placedText, placeInSite } from './place-in-site.ts'
import { readInput, valuesSchema } from './read-input.ts'
import { requireItem, requireUse } from './require-item.ts'
import { shownOutput } from './run.ts'
import { findItem } from './site-item.ts'
import { entryInProject, starterItem } from './starter-item.ts'

const optionForeign = defineError('USE_OPTION', {
  summary: 'use was given an option that does not go with the asset: some are copied into a site, others become a text.',
  message: (d: { ref: string; kind: string; option: string; allowed: readonly string[] }) =>
    `${d.option} does not go with ${d.ref}, which is of kind ${d.kind}; allowed: ${d.allowed.join(', ')}.`,
  exit: 2,
})

const inputSchema = z.strictObject({
  ref: z.string().min(1).describe('A template, component or module, which goes into a site; or a prompt, style, agent or skill, whose text is printed. Also of the starter library.'),
  site: z.string().optional().describe('Id of the site. Default: the only one, or the project itself.'),
  slot: z.record(z.string(), z.string()).default({}).describe('Content of a slot as markup; `default` is the one without a name.'),
  prop: z.record(z.string(), z.string()).default({}).describe('Value of a prop.'),
  to: z.string().min(1).optional().describe('Another place for the copy, relative to the site.'),
  byImport: z.boolean().default(false).describe('Copy nothing: the site imports it from the library.'),
  repin: z.boolean().default(false).describe('In a site that pins versions: take the present version.'),
  force: z.boolean().default(false).describe('Write over files that exist.'),
  dryRun: z.boolean().default(false).describe('Say what would be written, change nothing.'),
  out: z.string().min(1).optional().describe('A new file for the text, relative to the project.'),
  param: valuesSchema,
})
type Input = z.output<typeof inputSchema>

const placing = ['slot', 'prop', 'to', 'byImport', 'repin', 'force', 'dryRun', 'site'] as const
const texts = ['out'] as const

const textSchema = z.object({
  ref: z.string(),
  text: z.string().describe('The text filled in; of a skill that is a program, what it gave.'),
  file: z.string().optional().describe('Where the text was written.'),
})

export default defineOperation({
  input: inputSchema,
  output: z.union([textSchema, placedSchema]),
  positional: ['ref', 'site'],
  extraFlags: { into: 'param' },
  effect: 'write',
  paths: ({ to, out }) => [to, out],
  isDestructive: ({ force, dryRun }) => force && !dryRun,
  example: 'assetloom use templates/sections/hero --heading "Good bread" --text "Baked at night"',
  async run(input, context) {
    const { workspace } = context
    const found = await findItem('use', input.ref, workspace)
    const isPlaced = found.kind.place !== undefined
    requireOptions(found.ref, found.kind.name, input, isPlaced ? texts : placing, isPlaced ? placing : texts)
    if (!isPlaced) return fillText(found.ref, input, context)
    const { slot, prop, param, force, ...rest } = input
    return placeInSite(found, { ...rest, slots: slot, props: { ...lastOf(param), ...prop }, onConflict: force ? 'replace' : 'refuse' }, context)
  },
  present(output) {
    if ('files' in output) return placedText(output)
    return output.file === undefined ? output.text : `✓ ${output.ref} → ${output.file}`
  },
})

async function fillText(ref: string, { out, param }: Input, context: OperationContext): Promise<z.output<typeof textSchema>> {
  const { workspace } = context
  const found = (await starterItem(ref, 'use', workspace)) ?? (await requireItem(ref, 'use', workspace))
  const use = requireUse(found, 'use')
  const input = await readInput({ param }, use.parameters, context)
  if (out !== undefined) requireFree(out, workspace)
  const text = shownOutput(await carryOut(found, use, input, usualLimits, context))
  await entryInProject(found, workspace)
  if (out !== undefined) workspace.writeVerified(resolve(workspace.options.root, out), new TextEncoder().encode(text))
  workspace.counters.add(found.item.id, 'usageCount')
  return { ref: found.item.id, text, ...(out !== undefined && { file: out }) }
}

/** A prop that is given several times has the last value. */
function lastOf(param: Input['param']): Record<string, string> {
  return Object.fromEntries(Object.entries(param).map(([name, given]) => [name, [given].flat().at(-1)!]))
}

/** @throws USE_OPTION */
function requireOptions(ref: string, kind: string, input: Input, foreign: readonly (keyof Input)[], allowed: readonly (keyof Input)[]): void {
  const spelled = (option: string) => `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  const given = foreign.find((option) => {
    const value = input[option]
    return value !== undefined && value !== false && !(typeof value === 'object' && Object.keys(value).length === 0)
  })
  if (given) throw optionForeign({ ref, kind, option: spelled(given), allowed: [...allowed, 'param'].map(spelled) })
}
