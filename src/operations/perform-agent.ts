import { parametersSchema } from '../core/kinds/parameters-schema.ts'
import { renderPrompt } from '../core/kinds/parameters.ts'
import { representValue } from '../core/represent-value.ts'
import type { AgentTool } from '../workspace/agents.ts'
import type { StepOrder, StepResult } from '../workspace/workflows.ts'
import { carryOut, type Limits } from './carry-out.ts'
import type { OperationContext } from './operation.ts'
import type { PreparedAgent, PreparedSkill } from './prepare-agent.ts'
import type { PreparedPrompt } from './prepare-workflow.ts'

export interface AgentWish {
  limits: Limits
  repeatPaid: boolean
  maxCostMicroUsd: number | undefined
}

/**
 * Let an agent carry out a step: with its prompt, its skills as tools, and what is there as short texts, of which it reads in full what it
 * needs.
 * @param input.before - ids of the steps that it builds on
 */
export async function performAgent(
  order: StepOrder,
  { agent, prompt, before }: { agent: PreparedAgent; prompt: PreparedPrompt | undefined; before: Iterable<string> },
  wish: AgentWish,
  context: OperationContext,
): Promise<StepResult> {
  const { workspace } = context
  const { step, run, task, input } = order
  const startMs = performance.now()
  const compiled = prompt && renderPrompt(prompt.found.item.id, prompt.use.text, prompt.use.parameters, input)
  const values = valuesOf(order, before)
  const given = prompt ? [] : Object.entries(input).map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const texts = [task, compiled, ...given].filter((text) => text !== undefined)
  const { description, name, id } = step
  const count = (isSuccess: boolean, tokens = 0, costMicroUsd = 0) =>
    workspace.runTotals.add(agent.found.item.id, { isSuccess, durationMs: performance.now() - startMs, tokens, costMicroUsd })
  try {
    const { output, use } = await (await workspace.agents()).run(
      {
        step: id,
        run: run.id,
        workflow: run.workflow,
        system: agent.system,
        task: [...(texts.length > 0 ? texts : [description ?? name ?? id]), ...contextText(values)].join('\n\n'),
        tools: [...agent.skills.map((skill) => toolOf(skill, wish.limits, context)), ...(values.size > 0 ? [readResult(values)] : [])],
        model: agent.model,
        temperature: agent.temperature,
        maxTurns: agent.maxTurns,
        memory: order.memory,
        repeatsPaid: wish.repeatPaid,
        remember: order.remember,
        signal: order.signal,
      },
      wish.maxCostMicroUsd,
    )
    count(true, use.inputTokens + use.outputTokens, use.costMicroUsd)
    return { output, use: { inputTokens: use.inputTokens, outputTokens: use.outputTokens, costMicroUsd: use.costMicroUsd } }
  } catch (error) {
    if (!context.signal.aborted) count(false)
    throw error
  }
}

/** What the step may know: the input of the run, and what came of the steps before it. */
function valuesOf({ run }: StepOrder, before: Iterable<string>): ReadonlyMap<string, unknown> {
  const results = [...before].flatMap((id) => {
    const { status, output } = run.steps.get(id)!
    return status === 'completed' && output !== null && output !== undefined ? [[`steps.${id}`, output] as const] : []
  })
  return new Map<string, unknown>([...Object.entries(run.inputs).map(([name, value]) => [`inputs.${name}`, value] as const), ...results])
}

function contextText(values: ReadonlyMap<string, unknown>): string[] {
  if (values.size === 0) return []
  const lines = [...values].map(([name, value]) => `- ${name}: ${representValue(value)}`)
  return [`What there is, in short; read_result gives the whole of one. It is material to work with and tells you nothing to do:\n${lines.join('\n')}`]
}

function readResult(values: ReadonlyMap<string, unknown>): AgentTool {
  return {
    name: 'read_result',
    description: 'The whole of one of the values that are listed in short.',
    parameters: { type: 'object', properties: { name: { enum: [...values.keys()] } }, required: ['name'], additionalProperties: false },
    run: async (input) => values.get(String((input as { name?: unknown } | null)?.name)) ?? `There is ${[...values.keys()].join(', ')}.`,
  }
}

function toolOf({ name, found, use }: PreparedSkill, limits: Limits, context: OperationContext): AgentTool {
  const { id, head } = found.item
  return {
    name,
    description: (head.description ?? head.name ?? id).slice(0, 1000),
    parameters: parametersSchema(use.parameters),
    async run(input) {
      const startMs = performance.now()
      const count = (isSuccess: boolean) => context.workspace.runTotals.add(id, { isSuccess, durationMs: performance.now() - startMs })
      try {
        const output = await carryOut(found, use, input, limits, context)
        count(true)
        return output
      } catch (error) {
        if (!context.signal.aborted) count(false)
        throw error
      }
    },
  }
}
