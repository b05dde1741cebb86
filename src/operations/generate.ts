import * as z from 'zod'
import { budgetExceeded } from '../core/budget-exceeded.ts'
import { formatUsd, usdToMicro } from '../core/cost.ts'
import { defineError, type AssetloomError } from '../core/errors.ts'
import { jobActions } from '../plan/plan.ts'
import type { JobResult, PlannedJob, RunResult } from '../workspace/generation.ts'
import { usualLimits } from './carry-out.ts'
import { defineOperation, type OperationContext } from './operation.ts'
import { writeRunReport } from './run-report.ts'
import { table } from './table.ts'
import { usualConcurrency, workflowRunSchema, workflowText, workflowVerdict } from './workflow-output.ts'

const incomplete = defineError('GENERATE_INCOMPLETE', {
  summary: 'Some assets were not made; the others were.',
  message: (d: { failed: number; total: number; first: { message: string; hint?: string | undefined } }) =>
    `${d.failed} of ${d.total} assets not made. First: ${d.first.message}`,
  hint: ({ first }) =>
    [
      ...(first.hint ? [first.hint] : []),
      'What was made is kept; run again to try the rest. Failed assets keep their last good state.',
    ].join(' '),
})

const cancelled = defineError('GENERATE_STOPPED', {
  summary: 'Generating was stopped before all assets were made; what was paid for was finished.',
  message: (d: { cancelled: number; total: number }) => `Stopped: ${d.cancelled} of ${d.total} assets were not begun.`,
  hint: () => 'Run the command again to go on; what is made is not made twice.',
})

const notPaid = defineError('PAYMENT_DECLINED', {
  summary: 'Paid work was not confirmed; nothing was made.',
  message: (d: { quoteMicroUsd: number; why: string }) =>
    `${formatUsd(d.quoteMicroUsd)} would be spent, and ${d.why}. Nothing was made.`,
  hint: () => 'Set budget: { monthlyUsd: … } in the options, or run assetloom generate --yes in a terminal.',
  exit: 3,
  http: 402,
})

const parametersWithoutTemplate = defineError('PARAMETERS_WITHOUT_TEMPLATE', {
  summary: 'Template parameters were given without a template.',
  message: () => '--param and --output-name belong to --template.',
  hint: () => 'Name the template: assetloom generate --template jump-sfx --param jump_type=energy-burst.',
  exit: 2,
})

const templateAndSpecs = defineError('TEMPLATE_AND_SPECS', {
  summary: 'Specs and a template were given together.',
  message: () => 'Give either specs or --template, not both.',
  exit: 2,
})

const inputSchema = z.strictObject({
  specs: z
    .array(z.string())
    .default([])
    .describe('Spec files, folders, globs, spec ids, manifest keys or tokens. Default: every spec.'),
  dryRun: z.boolean().default(false).describe('Show what is stale and what it would cost; call nobody, write nothing.'),
  force: z.boolean().default(false).describe('Make even what is right, and ask the provider even for what is cached.'),
  only: z.enum(['stale']).optional().describe('stale: leave out what is right.'),
  provider: z.string().min(1).optional().describe("Use this provider in place of the specs' own."),
  maxCost: z.number().min(0).optional().describe('Most US dollars that this run may spend.'),
  concurrency: z.number().int().min(1).max(64).optional().describe('Most calls to one provider at once.'),
  runWorkflows: z.boolean().default(false).describe('Then run the workflows of the project that have the trigger generation-finished.'),
  template: z.string().min(1).optional().describe('Make one asset from this template; its parameters are flags.'),
  outputName: z.string().min(1).optional().describe('Name of the asset made from a template.'),
  param: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .describe('A parameter of the template; may stand several times.'),
})

const jobSchema = z.object({
  ref: z.string().describe('The token; one that would be given, before the asset is made.'),
  spec: z.string().describe("The spec's id."),
  specFile: z.string(),
  aliases: z.array(z.string()).optional(),
  action: z.enum(jobActions),
  reason: z.string().optional().describe('Why it is no hit.'),
  provider: z.string().optional(),
  model: z.string().optional(),
  quoteMicroUsd: z.number().int(),
  costMicroUsd: z.number().int(),
  status: z.enum(['planned', 'done', 'failed', 'refused', 'cancelled']),
  file: z.string().optional(),
  durationMs: z.number().optional(),
  passedOver: z.array(z.object({ provider: z.string(), reason: z.string() })).optional(),
  warnings: z.array(z.string()).optional(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
})
type JobRow = z.output<typeof jobSchema>

const outputSchema = z.object({
  dryRun: z.boolean(),
  jobs: z.array(jobSchema),
  totals: z.object({
    hit: z.number().int(),
    derive: z.number().int(),
    generate: z.number().int(),
    failed: z.number().int(),
    quoteMicroUsd: z.number().int(),
    costMicroUsd: z.number().int(),
    providerCalls: z.number().int().describe('Requests sent, retries included; local sends none.'),
  }),
  report: z
    .object({ json: z.string(), html: z.string() })
    .optional()
    .describe('Files of the run report, relative to the root.'),
  workflows: z.array(workflowRunSchema).optional().describe('What --run-workflows ran.'),
})
export type GenerateOutput = z.output<typeof outputSchema>

export default defineOperation({
  input: inputSchema,
  output: outputSchema,
  positional: ['specs'],
  extraFlags: { into: 'param', with: 'template' },
  effect: 'pay',
  paths: ({ specs }) => specs,
  example: 'assetloom generate specs/particles/white.yaml --dry-run',
  async run(input, context) {
    const { workspace, progress, signal, confirm, isInteractive, paysWithoutBudget, onEvent } = context
    const { generation } = workspace
    if (!input.template && (Object.keys(input.param).length > 0 || input.outputName !== undefined))
      throw parametersWithoutTemplate({})
    if (input.template && input.specs.length > 0) throw templateAndSpecs({})
    const triggered = input.runWorkflows && !input.dryRun ? await triggeredRuns(input.maxCost, context) : undefined
    // A provider named for all jobs is a mistake of the command, not of each job.
    if (input.provider !== undefined) await generation.providers.get(input.provider)
    const plan = await generation.plan({
      specs: input.specs,
      ...(input.template && { template: { name: input.template, values: input.param, outputName: input.outputName } }),
      only: input.only,
      provider: input.provider,
      force: input.force,
    })
    if (input.dryRun) {
      const jobs = plan.jobs.map((job) => rowOf(job))
      return { dryRun: true, jobs, totals: totalsOf(jobs, 0) }
    }
    if (plan.quoteMicroUsd > 0 && !workspace.options.budget) {
      const quoteMicroUsd = plan.quoteMicroUsd
      if (!paysWithoutBudget) throw notPaid({ quoteMicroUsd, why: 'there is no budget' })
      const count = plan.jobs.filter((job) => job.quoteMicroUsd > 0).length
      workspace.log.write({
        event: 'COST_QUOTED',
        level: 'warn',
        subsystem: 'asset-generation',
        message: `${count} paid assets, about ${formatUsd(quoteMicroUsd)}; there is no budget.`,
      })
      if (isInteractive && !(await confirm(`Spend about ${formatUsd(quoteMicroUsd)} on ${count} assets?`, 'no')))
        throw notPaid({ quoteMicroUsd, why: 'it was not confirmed' })
    }
    onEvent?.({ type: 'planned', jobs: plan.jobs.length, quoteMicroUsd: plan.quoteMicroUsd })
    let spentMicroUsd = 0
    const result = await generation.run(plan, {
      runId: workspace.runId,
      signal,
      onResult(one) {
        spentMicroUsd += one.costMicroUsd
        onEvent?.({ type: 'job', job: rowOf(one.job, one), spentMicroUsd })
      },
      progress,
      force: input.force,
      concurrency: input.concurrency,
      ...(input.maxCost !== undefined && { maxCostMicroUsd: usdToMicro(input.maxCost, '--max-cost') }),
    })
    const jobs = result.results.map((one) => rowOf(one.job, one))
    const output: GenerateOutput = { dryRun: false, jobs, totals: totalsOf(jobs, result.providerCalls) }
    const report = await reportOf(result, output, workspace)
    const workflows = verdictOf(jobs) ? undefined : await triggered?.()
    return { ...output, ...(report && { report }), ...(workflows && { workflows }) }
  },
  verdict: ({ jobs, workflows = [] }) => verdictOf(jobs) ?? workflows.map(workflowVerdict).find((error) => error !== undefined),
  present: (output) => presentJobs(output),
})

function rowOf(job: PlannedJob, result?: JobResult): JobRow {
  const { instance, candidate } = job
  const error = result?.error ?? job.error
  const source = result?.entry?.source ?? job.existing?.entry.source
  const provider = result?.status === 'done' && source?.type === 'spec' ? source.provider : candidate?.provider
  const model = candidate?.request.model
  const reason = job.reason
  const { licenseNote } = source?.type === 'spec' ? source : {}
  const warnings = [...instance.warnings, ...(licenseNote === undefined ? [] : [licenseNote])]
  return {
    ref: result?.ref ?? job.ref,
    spec: instance.specId,
    specFile: instance.file,
    ...(instance.aliases.length > 0 && { aliases: instance.aliases }),
    action: result?.action ?? job.action,
    ...(reason && { reason }),
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    quoteMicroUsd: job.quoteMicroUsd,
    costMicroUsd: result?.costMicroUsd ?? 0,
    status: result?.status ?? (error ? 'failed' : 'planned'),
    ...(result?.entry?.file !== undefined && { file: result.entry.file }),
    ...(result && { durationMs: Math.round(result.durationMs) }),
    ...(job.passedOver.length > 0 && { passedOver: job.passedOver }),
    ...(warnings.length > 0 && { warnings }),
    ...(error && { error: { code: error.code, message: error.message, ...(error.hint && { hint: error.hint }) } }),
  }
}

function totalsOf(jobs: readonly JobRow[], providerCalls: number): GenerateOutput['totals'] {
  const isBad = (job: JobRow) => job.status === 'failed' || job.status === 'refused' || job.status === 'cancelled'
  const count = (action: JobRow['action']) => jobs.filter((job) => job.action === action && !isBad(job)).length
  return {
    hit: count('hit'),
    derive: count('derive'),
    generate: count('generate'),
    failed: jobs.filter(isBad).length,
    quoteMicroUsd: jobs.reduce((sum, job) => sum + job.quoteMicroUsd, 0),
    costMicroUsd: jobs.reduce((sum, job) => sum + job.costMicroUsd, 0),
    providerCalls,
  }
}


function verdictOf(jobs: readonly JobRow[]): AssetloomError | undefined {
  const refused = jobs.filter((job) => job.status === 'refused')
  if (refused.length > 0)
    return budgetExceeded({ refused: refused.length, total: jobs.length, first: refused[0]!.error!.message })
  const failed = jobs.filter((job) => job.status === 'failed')
  if (failed.length > 0)
    return incomplete({ failed: failed.length, total: jobs.length, first: failed[0]!.error! })
  const stopped = jobs.filter((job) => job.status === 'cancelled').length
  return stopped > 0 ? cancelled({ cancelled: stopped, total: jobs.length }) : undefined
}

/** The workflows that wait for a generation to finish, looked at before anything is made. @returns what runs them */
async function triggeredRuns(maxCost: number | undefined, context: OperationContext) {
  const { runsAfterGeneration } = await import('./workflow-triggers.ts')
  const maxCostMicroUsd = maxCost === undefined ? undefined : usdToMicro(maxCost, '--max-cost')
  return runsAfterGeneration({ input: {}, concurrency: usualConcurrency, limits: usualLimits, reach: {}, repeatPaid: false, maxCostMicroUsd }, context)
}

async function reportOf(
  result: RunResult,
  output: GenerateOutput,
  workspace: Parameters<typeof writeRunReport>[0]['workspace'],
) {
  try {
    return await writeRunReport({ workspace, output, result })
  } catch (error) {
    // The assets are made; a report that cannot be written is no reason to fail.
    workspace.log.write({
      event: 'REPORT_UNWRITTEN',
      level: 'warn',
      subsystem: 'asset-generation',
      message: `The run report could not be written: ${(error as Error).message}`,
    })
    return undefined
  }
}

/** Hits are counted, not listed, once there are more than this. */
const listedHits = 20

function presentJobs({ jobs, totals, dryRun, report, workflows = [] }: GenerateOutput): string {
  if (jobs.length === 0) return ['Nothing to make: every asset is right, or there are no specs yet.', ...workflows.map(workflowText)].join('\n')
  const shown = totals.hit > listedHits ? jobs.filter((job) => job.action !== 'hit' || job.error) : jobs
  const mark = (job: JobRow) =>
    ({
      planned: job.action === 'hit' ? '=' : '+',
      done: job.action === 'hit' ? '=' : '✓',
      failed: '✗',
      refused: '✗',
      cancelled: '-',
    })[job.status]
  const lines = table(
    shown.map((job) => [
      mark(job),
      job.action,
      job.ref,
      job.provider ?? '',
      job.action === 'hit' ? '' : formatUsd(dryRun ? job.quoteMicroUsd : job.costMicroUsd),
      job.error ? job.error.message : (job.reason ?? ''),
    ]),
  )
  const money = dryRun
    ? `about ${formatUsd(totals.quoteMicroUsd)}; nothing was called`
    : `${formatUsd(totals.costMicroUsd)} spent in ${totals.providerCalls} calls`
  return [
    ...lines,
    `${totals.hit} hit, ${totals.derive} derived, ${totals.generate} ${dryRun ? 'to generate' : 'generated'}${totals.failed ? `, ${totals.failed} not made` : ''}; ${money}.`,
    ...(report ? [`Report: ${report.html}`] : []),
    ...workflows.map(workflowText),
  ].join('\n')
}
