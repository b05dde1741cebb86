import { defineError } from '../core/errors.ts'
import { findAsset, withoutScheme } from '../core/find-asset.ts'
import { libraryKind, libraryKinds } from '../core/kinds/index.ts'
import type { ItemUse } from '../core/kinds/kind.ts'
import { checkValues } from '../core/kinds/parameters.ts'
import { didYouMean } from '../core/near.ts'
import { expressionsIn } from '../core/workflow/fill-expressions.ts'
import type { WorkflowStep } from '../core/workflow/workflow.ts'
import type { NamedWorkflow } from '../workspace/workflows.ts'
import { allowForeign } from './carry-out.ts'
import type { OperationContext } from './operation.ts'
import { prepareAgent, type PreparedAgent } from './prepare-agent.ts'
import { requireItemAnywhere, type Reach, type ReachedItem } from './require-item-anywhere.ts'

const stepUnfit = defineError('WORKFLOW_STEP_UNFIT', {
  summary: 'A step of a workflow gives what it uses other values than that takes.',
  message: (d: { workflow: string; step: string; use: string; problems: readonly string[]; names: readonly string[] }) =>
    `${d.workflow}: the step ${d.step} does not fit ${d.use}: ${d.problems.join('; ')}.`,
  hint: (d) => (d.names.length === 0 ? 'It takes no parameters: leave with out.' : `with may give ${d.names.join(', ')}.`),
  exit: 2,
})

const workflowEndless = defineError('WORKFLOW_ENDLESS', {
  summary: 'A workflow runs itself by a step, or workflows are nested too deeply.',
  message: (d: { path: readonly string[]; problem: string }) => `${d.path[0]} ${d.problem}: ${d.path.join(' → ')}.`,
  exit: 2,
})

/** Workflows in one another. */
const deepest = 5

/** What carrying out a step needs, found before anything runs. */
export type PreparedStep =
  | { form: 'item'; found: ReachedItem; use: ItemUse }
  | { form: 'workflow'; prepared: PreparedWorkflow }
  | { form: 'agent'; agent: PreparedAgent; prompt: PreparedPrompt | undefined }
  /** A person does it. */
  | { form: 'person' }

/** A text that tells an agent what to do. */
export interface PreparedPrompt {
  found: ReachedItem
  use: Extract<ItemUse, { form: 'text' }>
}

export interface PreparedWorkflow {
  found: ReachedItem
  named: NamedWorkflow
  steps: ReadonlyMap<string, PreparedStep>
}

/**
 * Find all that a workflow uses, down to the workflows in it, and check that its steps fit, before anything runs. Code of others is asked
 * for here.
 * @throws ASSET_UNKNOWN, VERB_UNSUITABLE, WORKFLOW_STEP_UNFIT, WORKFLOW_ENDLESS, AGENT_UNFIT, CONSENT_MISSING, and what downloading throws
 */
export async function prepareWorkflow(
  found: ReachedItem,
  context: OperationContext,
  reach: Reach,
  open: readonly string[] = [],
): Promise<PreparedWorkflow> {
  const { item, kind } = found
  const path = [...open, item.id]
  if (open.includes(item.id)) throw workflowEndless({ path, problem: 'runs itself' })
  if (path.length > deepest) throw workflowEndless({ path, problem: `holds workflows more than ${deepest} deep` })
  await allowForeign(found, context)
  const workflow = kind.workflow!(item)
  const agents = new Map<string, PreparedAgent>()
  for (const [name, ref] of Object.entries(workflow.agents)) agents.set(name, await prepareAgent(ref, context, reach))
  const steps = new Map<string, PreparedStep>()
  for (const step of workflow.steps) {
    const agent = step.agent === undefined ? undefined : agents.get(step.agent)
    steps.set(step.id, agent ? await prepareAgentStep(agent, step, item.id, context, reach) : await prepareStep(step, item.id, path, context, reach))
  }
  const named = { id: item.id, name: item.head.name ?? item.name, description: item.head.description ?? '', workflow }
  return { found, named, steps }
}

async function prepareStep(
  step: WorkflowStep,
  workflow: string,
  path: readonly string[],
  context: OperationContext,
  reach: Reach,
): Promise<PreparedStep> {
  if (step.use === undefined) return { form: 'person' }
  const found = await requireItemAnywhere(step.use, verbFor(step.use, context), context, reach)
  if (found.kind.workflow) {
    const prepared = await prepareWorkflow(found, context, reach, path)
    requireFit(step, workflow, prepared.named.workflow.inputs)
    return { form: 'workflow', prepared }
  }
  const use = found.kind.use!(found.item)
  if (use.form === 'program') await allowForeign(found, context)
  requireFit(step, workflow, use.parameters)
  return { form: 'item', found, use }
}

async function prepareAgentStep(agent: PreparedAgent, step: WorkflowStep, workflow: string, context: OperationContext, reach: Reach): Promise<PreparedStep> {
  if (step.use === undefined) return { form: 'agent', agent, prompt: undefined }
  const found = await requireItemAnywhere(step.use, verbFor(step.use, context), context, reach)
  const use = found.kind.use?.(found.item)
  const unfit = (problem: string) => stepUnfit({ workflow, step: step.id, use: found.item.id, problems: [problem], names: [] })
  if (use?.form !== 'text') throw unfit('an agent takes a prompt, and its skills stand with the agent')
  requireFit(step, workflow, use.parameters)
  return { form: 'agent', agent, prompt: { found, use } }
}

/** Programs and workflows are run; a text is used. */
function verbFor(name: string, { workspace }: OperationContext): 'run' | 'use' {
  const known = findAsset(workspace.manifest.read().assets, name)?.entry.kind
  const kind = known === undefined ? libraryKinds.find((one) => withoutScheme(name).startsWith(`${one.name}/`)) : libraryKind(known)
  return kind?.use && !kind.verbs.includes('run') ? 'use' : 'run'
}

/** What `with` gives must be known, and what must be given be there; values that expressions make are checked when they are there. */
function requireFit(step: WorkflowStep, workflow: string, parameters: ItemUse['parameters']): void {
  if (!parameters) return
  const given = step.with ?? {}
  const names = parameters.map(({ name }) => name)
  const literal = Object.fromEntries(Object.entries(given).filter(([, value]) => expressionsIn(value).length === 0))
  const unknown = Object.keys(given).filter((name) => !names.includes(name))
  const problems = [
    ...unknown.map((name) => [`${name} is no parameter of it`, didYouMean(name, names)].filter(Boolean).join('. ').replace(/\?$/, '')),
    ...parameters.filter(({ name, isRequired, default: standard }) => isRequired && standard === undefined && !Object.hasOwn(given, name)).map(({ name }) => `${name} is missing`),
    ...checkValues(
      parameters.filter(({ name }) => Object.hasOwn(literal, name)),
      Object.fromEntries(Object.entries(literal).filter(([name]) => names.includes(name))),
    ).problems,
  ]
  if (problems.length > 0) throw stepUnfit({ workflow, step: step.id, use: step.use!, problems, names })
}

/** The models that the agents of a workflow name, down to the workflows in it. @returns undefined stands for the usual one */
export function modelsOf({ steps }: PreparedWorkflow): (string | undefined)[] {
  return [...steps.values()].flatMap((step) => (step.form === 'agent' ? [step.agent.model] : step.form === 'workflow' ? modelsOf(step.prepared) : []))
}
