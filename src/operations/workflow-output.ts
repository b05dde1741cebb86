import * as z from 'zod'
import { formatUsd } from '../core/cost.ts'
import { defineError, type AssetloomError } from '../core/errors.ts'
import { representValue } from '../core/represent-value.ts'
import { missionStatuses, stepStatuses } from '../core/workflow/run-state.ts'
import type { RunEnd, RunState } from '../workspace/workflows.ts'
import { table } from './table.ts'

/* What `run` tells of a workflow. */

/** Most steps at once. */
export const usualConcurrency = 4

const workflowFailed = defineError('WORKFLOW_FAILED', {
  summary: 'A step of a workflow failed; what was done before it is kept.',
  message: (d: Stopped & { step: string; problem: string; why?: string | undefined }) => `${d.ref}: the step ${d.step} failed: ${d.problem}`,
  hint: (d) => [d.why, goOn(d)].filter(Boolean).join(' '),
})

const workflowOverBudget = defineError('WORKFLOW_OVER_BUDGET', {
  summary: 'A step of a workflow would have cost more than the budget has left; what was done before it is kept.',
  message: (d: Stopped & { step: string; problem: string; why?: string | undefined }) => `${d.ref}: the step ${d.step} was not begun: ${d.problem}`,
  hint: (d) => [d.why, goOn(d)].filter(Boolean).join(' '),
  exit: 3,
  http: 402,
})

const workflowWaits = defineError('WORKFLOW_WAITS', {
  summary: 'A workflow waits for a person; what was done before is kept.',
  message: (d: Stopped & { problem: string }) => `${d.ref}: ${d.problem}`,
  hint: (d) => `When it is done: ${resumeCommand(d)} --yes.`,
})

const workflowStopped = defineError('WORKFLOW_STOPPED', {
  summary: 'A workflow was stopped by a signal; what was finished is kept.',
  message: (d: Stopped & { open: number; total: number }) => `${d.ref} was stopped: ${d.open} of ${d.total} steps are not done.`,
  hint: (d) => goOn(d),
  exit: 130,
})

interface Stopped {
  ref: string
  run: string
}

const resumeCommand = ({ ref, run }: Stopped) => `assetloom run ${ref} --resume ${run}`
const goOn = (d: Stopped) => `${resumeCommand(d)} goes on from there.`

const faultSchema = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() })

export const workflowRunSchema = z.object({
  ref: z.string(),
  run: z.string().describe('Names the run, for --resume.'),
  status: z.enum(missionStatuses),
  outputs: z.record(z.string(), z.unknown()),
  steps: z.array(
    z.object({
      id: z.string(),
      status: z.enum(stepStatuses),
      attempts: z.number().int(),
      durationMs: z.number(),
      inputTokens: z.number().int(),
      outputTokens: z.number().int(),
      costMicroUsd: z.number().int(),
      output: z.unknown().optional(),
      valueRepresentation: z.string().optional().describe('The output in short.'),
      error: faultSchema.optional(),
    }),
  ),
  durationMs: z.number(),
  tokens: z.number().int(),
  costMicroUsd: z.number().int(),
  error: faultSchema.extend({ step: z.string() }).optional(),
  report: z.object({ json: z.string(), html: z.string() }).optional(),
})
export type WorkflowRunOutput = z.output<typeof workflowRunSchema>

export const workflowPlanSchema = z.object({
  ref: z.string(),
  dryRun: z.literal(true),
  hops: z
    .array(
      z.object({
        id: z.string(),
        after: z.array(z.string()).describe('Hops that must be done before.'),
        steps: z.array(
          z.object({
            id: z.string(),
            does: z.string(),
            when: z.string().optional(),
            holds: z.boolean().optional().describe('Whether the condition holds; absent: that follows from results.'),
          }),
        ),
      }),
    )
    .describe('A step or group each, in the order in which they may begin.'),
  triggers: z.array(z.string()),
})
export type WorkflowPlanOutput = z.output<typeof workflowPlanSchema>

export const cronSchema = z.object({ ref: z.string(), cron: z.array(z.string()).describe('Lines for crontab.') })
export type CronOutput = z.output<typeof cronSchema>
export const watchSchema = z.object({ ref: z.string(), watched: z.array(z.string()), runs: z.array(z.object({ run: z.string(), status: z.string(), changed: z.array(z.string()) })) })

export type WatchOutput = z.output<typeof watchSchema>

export function outputOf(state: RunState, end: RunEnd, durationMs: number): WorkflowRunOutput {
  const sum = (of: (step: RunEnd['steps'][number]) => number) => end.steps.reduce((total, step) => total + of(step), 0)
  const { fault } = end
  return {
    ref: state.workflow,
    run: state.id,
    status: end.status,
    outputs: { ...end.outputs },
    steps: end.steps.map(({ key, status, attempts, durationMs: tookMs, inputTokens, outputTokens, costMicroUsd, output, error }) => ({
      id: key,
      status,
      attempts,
      durationMs: Math.round(tookMs),
      inputTokens,
      outputTokens,
      costMicroUsd,
      ...(status === 'completed' && { output: output ?? null, valueRepresentation: representValue(output) }),
      ...(error && { error: { code: error.code, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) } }),
    })),
    durationMs: Math.round(durationMs),
    tokens: sum((step) => step.inputTokens + step.outputTokens),
    costMicroUsd: sum((step) => step.costMicroUsd),
    ...(fault && { error: { step: fault.step, code: fault.error.code, message: fault.error.message, ...(fault.error.hint !== undefined && { hint: fault.error.hint }) } }),
  }
}

export function workflowVerdict({ ref, run, status, steps, error }: WorkflowRunOutput): AssetloomError | undefined {
  const details = error && { step: error.step, code: error.code }
  switch (status) {
    case 'completed':
      return undefined
    case 'waiting':
      return workflowWaits({ ref, run, problem: error?.message ?? 'it waits' }, { details })
    case 'failed': {
      const facts = { ref, run, step: error?.step ?? '', problem: error?.message ?? '', why: error?.hint }
      return error?.code === 'BUDGET_EXCEEDED' ? workflowOverBudget(facts, { details }) : workflowFailed(facts, { details })
    }
    default:
      return workflowStopped({ ref, run, open: steps.filter((step) => step.status !== 'completed' && step.status !== 'skipped').length, total: steps.length })
  }
}

const marks: Readonly<Record<string, string>> = { completed: '✓', skipped: '–', failed: '✗', waiting: '?', pending: '·', running: '·' }

export function workflowText({ ref, run, status, steps, outputs, durationMs, tokens, costMicroUsd, report }: WorkflowRunOutput): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  const lines = table(
    steps.map((step) => [
      marks[step.status]!,
      step.id,
      step.status === 'completed' ? seconds(step.durationMs) : step.status,
      step.error?.message ?? step.valueRepresentation ?? '',
    ]),
  )
  const money = costMicroUsd > 0 ? `, ${formatUsd(costMicroUsd)}` : ''
  return [
    ...lines,
    ...Object.entries(outputs).map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`),
    `${ref} ${status} in ${seconds(durationMs)}${tokens > 0 ? `, ${tokens} tokens` : ''}${money}. Run ${run}.`,
    ...(report ? [`Report: ${report.html}`] : []),
  ].join('\n')
}

export function planText({ ref, hops, triggers }: WorkflowPlanOutput): string {
  const condition = (when: string | undefined, holds: boolean | undefined) =>
    when === undefined ? '' : `when ${when}${holds === undefined ? '' : holds ? ' (holds)' : ' (does not hold: passed over)'}`
  const rows = hops.flatMap(({ after, steps }, i) =>
    steps.map(({ id, does, when, holds }) => [`${i + 1}.`, id, does, [after.length > 0 ? `after ${after.join(', ')}` : '', condition(when, holds)].filter(Boolean).join('; ')]),
  )
  return [...table(rows), `${ref}: ${hops.length} hops; nothing was run.${triggers.length > 0 ? ` Triggers: ${triggers.join('; ')}.` : ''}`].join('\n')
}
