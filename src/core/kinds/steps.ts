import * as z from 'zod'
import { didYouMean } from '../near.ts'
import { cycleOf } from '../workflow/cycle.ts'
import type { ItemProblem } from './kind.ts'
import { programParametersSchema } from './parameters.ts'

/* Steps of workflows, of those that agents carry out, and of installations. */

const stepId = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'must begin with a letter and hold letters, digits, "-" and "_"')
const ref = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_./-]*$/, 'must be the id, token or alias of an asset')

export const stepFields = {
  id: stepId,
  name: z.string().optional(),
  description: z.string().optional(),
  use: ref.optional().describe('The tool, skill, prompt or workflow that the step runs.'),
  with: z.record(z.string(), z.unknown()).optional().describe('Its input; texts may hold `{{ expression }}`.'),
  needs: z.array(stepId).optional().describe('Steps that must be done before.'),
  when: z.string().optional().describe('An expression: the step is passed over when it does not hold.'),
  retries: z.number().int().min(0).max(10).optional().describe('How often it is tried again when it failed.'),
  timeoutMs: z.number().int().min(1).max(86_400_000).optional().describe('One try is stopped after this long.'),
}

export const triggerSchema = z.strictObject({
  on: z.enum(['manual', 'file-change', 'schedule', 'generation-finished']),
  paths: z.array(z.string()).optional().describe('Globs, for `file-change`.'),
  cron: z.string().optional().describe('For `schedule`, carried out by the host.'),
})

/** What a run is given. */
export const inputsSchema = programParametersSchema.optional().describe('What a run is given, by name, type and default; absent: anything.')

/** By name: an expression over the results of steps. */
export const outputsSchema = z.record(z.string(), z.string()).describe('What a run gives: expressions over the results of steps, by name.')

interface Step {
  id: string
  needs?: string[] | undefined
}

/** Ids must differ, and what a step needs must be there and not need the step itself. */
export function stepProblems(steps: readonly Step[]): ItemProblem[] {
  const problems: ItemProblem[] = []
  const byId = new Map<string, Step>()
  for (const [i, step] of steps.entries()) {
    if (byId.has(step.id)) problems.push({ path: ['steps', i, 'id'], message: `is the id of another step too: ${step.id}` })
    byId.set(step.id, step)
  }
  for (const [i, step] of steps.entries())
    for (const [k, needed] of (step.needs ?? []).entries())
      if (!byId.has(needed)) problems.push({ path: ['steps', i, 'needs', k], ...unknownStep(needed, [...byId.keys()]) })
  const cycle = cycleOf(steps)
  if (cycle) problems.push({ path: ['steps', steps.findIndex(({ id }) => id === cycle[0]), 'needs'], message: `needs itself: ${cycle.join(' → ')}` })
  return problems
}

export function unknownStep(id: string, known: readonly string[]): { message: string; hint?: string } {
  const hint = didYouMean(id, known)
  return { message: `names the step ${id}, which there is not`, ...(hint && { hint }) }
}
