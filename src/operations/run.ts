import * as z from 'zod'
import { usdToMicro } from '../core/cost.ts'
import { defineError } from '../core/errors.ts'
import { assetDownloadField } from './asset-download.ts'
import { carryOut, limitFields, limitsOf } from './carry-out.ts'
import { defineOperation } from './operation.ts'
import { inputFields, inputFiles, readInput } from './read-input.ts'
import { requireUse } from './require-item.ts'
import { requireItemAnywhere } from './require-item-anywhere.ts'
import { cronSchema, planText, usualConcurrency, watchSchema, workflowPlanSchema, workflowRunSchema, workflowText, workflowVerdict } from './workflow-output.ts'

const workflowOption = defineError('RUN_OPTION', {
  summary: 'run was given an option for workflows with a tool or skill.',
  message: (d: { ref: string; option: string }) => `${d.option} is for workflows, and ${d.ref} is none.`,
  hint: (d) => `Leave it out; a parameter of that name is --param ${d.option.slice(2)}=value.`,
  exit: 2,
})

const modesTogether = defineError('RUN_MODES', {
  summary: 'run was told of several things that it can do with a workflow, of which it does one.',
  message: (d: { modes: readonly string[] }) => `${d.modes.join(' and ')} cannot stand together.`,
  exit: 2,
})

/** Of workflows alone; none has a default, so that one that is given is seen. */
const workflowFields = {
  resume: z.string().min(1).optional().describe('Go on with a run of the workflow: its name, or last.'),
  dryRun: z.boolean().optional().describe('Show what the workflow would do, run nothing.'),
  watch: z.boolean().optional().describe('Run the workflow whenever files of its trigger file-change change, until Ctrl-C.'),
  printCron: z.boolean().optional().describe('Print a line for cron for each trigger schedule of the workflow, run nothing.'),
  concurrency: z.number().int().min(1).max(64).optional().describe('Most steps of the workflow at once. Default: 4.'),
  maxCost: z.number().min(0).optional().describe('Most US dollars that agents of the workflow may spend in this run; a tool or skill spends nothing.'),
  repeatPaid: z.boolean().optional().describe('Ask an agent once more of whom nobody knows whether it was paid before.'),
}

const itemOutputSchema = z.object({
  ref: z.string(),
  output: z.unknown().describe('What it gave; of a skill that is a prompt, the text.'),
  durationMs: z.number(),
})

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('A tool, skill or workflow; of the project, your own library, the starter library, or a catalog, from which it is downloaded when you agree.'),
    ...inputFields,
    ...workflowFields,
    ...limitFields,
    local: z.boolean().default(false).describe('Make it one of this project, if it is not yet. Default: what is downloaded goes to your own library.'),
    ...assetDownloadField,
  }),
  output: z.union([workflowRunSchema, workflowPlanSchema, cronSchema, watchSchema, itemOutputSchema]),
  positional: ['ref'],
  extraFlags: { into: 'param' },
  effect: 'pay',
  localMembers: ['watch'],
  paths: ({ input, inputFile }) => [inputFile, ...inputFiles(input)],
  example: 'assetloom run tools/validators/contrast-checker --foreground "#777" --background "#fff"',
  async run({ ref, timeout, memory, local, assetDownload, resume, dryRun, watch, printCron, concurrency, maxCost, repeatPaid, ...given }, context) {
    const limits = limitsOf({ timeout, memory })
    const reach = { local, assetDownload }
    const found = await requireItemAnywhere(ref, 'run', context, reach)
    const { id } = found.item
    if (found.isTakenOver) context.echo?.(`\nRunning ${id}...`)
    const workflow = found.kind.workflow?.(found.item)
    if (workflow) {
      const { planWorkflow, runWorkflow } = await import('./run-workflow.ts')
      const input = await readInput(given, workflow.inputs, context)
      const modes = namesOf({ '--resume': resume, '--dry-run': dryRun, '--watch': watch, '--print-cron': printCron })
      if (modes.length > 1) throw modesTogether({ modes })
      if (dryRun) return planWorkflow(found, { input, reach }, context)
      const maxCostMicroUsd = maxCost === undefined ? undefined : usdToMicro(maxCost, '--max-cost')
      const wish = { input, resume, concurrency: concurrency ?? usualConcurrency, limits, reach, repeatPaid: repeatPaid ?? false, maxCostMicroUsd }
      if (!watch && !printCron) return runWorkflow(found, wish, context)
      const { cronLines, watchWorkflow } = await import('./workflow-triggers.ts')
      return printCron ? cronLines(found, input, context) : watchWorkflow(found, wish, context)
    }
    const [option] = namesOf({ '--resume': resume, '--dry-run': dryRun, '--watch': watch, '--print-cron': printCron, '--concurrency': concurrency, '--max-cost': maxCost, '--repeat-paid': repeatPaid })
    if (option) throw workflowOption({ ref: id, option })
    const use = requireUse(found, 'run')
    const input = await readInput(given, use.parameters, context)
    const startMs = performance.now()
    const output = await carryOut(found, use, input, limits, context)
    const durationMs = Math.round(performance.now() - startMs)
    context.workspace.counters.add(id, 'usageCount')
    context.workspace.runTotals.add(id, { isSuccess: true, durationMs })
    return { ref: id, output, durationMs }
  },
  verdict: (output) => ('steps' in output ? workflowVerdict(output) : undefined),
  present(output) {
    if ('hops' in output) return planText(output)
    if ('cron' in output) return output.cron.join('\n')
    if ('watched' in output) return `${output.ref} ran ${output.runs.length} ${output.runs.length === 1 ? 'time' : 'times'}.`
    return 'steps' in output ? workflowText(output) : shownOutput(output.output)
  },
})

/** The options that were given. */
function namesOf(options: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => (value === undefined || value === false ? [] : [name]))
}

/** A text as it is, all else as JSON. */
export function shownOutput(output: unknown): string {
  return typeof output === 'string' ? output : JSON.stringify(output, null, 2)
}
