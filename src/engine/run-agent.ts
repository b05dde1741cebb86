import type { ChatMessage, ChatModel, ChatTool, ToolCall } from '../core/chat.ts'
import { defineError, isAssetloomError, toAssetloomError } from '../core/errors.ts'
import { digestOf } from '../core/digest.ts'
import { chargeOf } from '../plan/retry.ts'
import { failureOf } from '../core/provider-failure.ts'
import { noUse, type StepUse } from '../core/workflow/run-state.ts'
import { callModel, type ModelPorts } from './call-model.ts'

const callUnknown = defineError('AGENT_CALL_UNKNOWN', {
  summary: 'An agent was being asked when the run was cut short, so nobody knows whether that was paid; it is not asked again by itself.',
  message: (d: { step: string }) => `The agent of the step ${d.step} was being asked when the run was cut short; that call is booked as spent.`,
  hint: () => "Look at the provider's own usage page, then go on with --repeat-paid, which asks it once more.",
})

const agentEndless = defineError('AGENT_ENDLESS', {
  summary: 'An agent came to no answer within the calls that it may make.',
  message: (d: { step: string; turns: number }) => `The agent of the step ${d.step} came to no answer within ${d.turns} calls.`,
  hint: () => 'Give the step less to do, or raise config.maxTurns of the sub-agent.',
})

const agentSilent = defineError('AGENT_SILENT', {
  summary: 'An agent answered with nothing, or its answer was cut.',
  message: (d: { step: string; problem: string }) => `The agent of the step ${d.step} ${d.problem}.`,
  hint: () => 'Raise llm.maxOutputTokens, or word the task otherwise.',
})

/** Longest text of a tool's result that a model is given. */
const maxResultLength = 60_000

export interface AgentTool extends ChatTool {
  /** What it gives, as JSON holds it. @throws what the model is told of */
  run(input: unknown): Promise<unknown>
}

export interface AgentOrder {
  /** Id of the step, for messages. */
  step: string
  run: string
  /** Id of the workflow, for the books. */
  workflow: string
  system: string
  task: string
  tools: readonly AgentTool[]
  model: string
  temperature?: number | undefined
  /** Most calls of the model. */
  maxTurns: number
  /** Of an earlier try that was cut short. */
  memory: unknown
  /** A paid call that may have been accepted is made once more. */
  repeatsPaid: boolean
  remember(memory: unknown, use: StepUse): void
  signal: AbortSignal
}

/** What rests of a conversation, so that it goes on after the last answer. */
interface Memory {
  messages: ChatMessage[]
  turns: number
  use: StepUse
  /** A paid call is under way. */
  isAsking?: boolean
}

/**
 * Let an agent do a task: the model is asked, the tools that it calls are run, until it answers with a text.
 * @throws AGENT_CALL_UNKNOWN, AGENT_ENDLESS, AGENT_SILENT, and what calling the model throws
 */
export async function runAgent(model: ChatModel, order: AgentOrder, ports: ModelPorts): Promise<{ output: string; use: StepUse }> {
  const { step, signal } = order
  const known = order.memory as Memory | null | undefined
  if (known?.isAsking && !order.repeatsPaid) throw callUnknown({ step })
  const memory: Memory = known
    ? { ...known, messages: [...known.messages], isAsking: false }
    : { messages: [{ role: 'system', content: order.system }, { role: 'user', content: order.task }], turns: 0, use: noUse }
  const remember = () => order.remember(memory, memory.use)
  for (;;) {
    const call = openCall(memory.messages)
    if (call) {
      signal.throwIfAborted()
      const content = await resultOf(call, order)
      memory.messages.push({ role: 'tool', tool_call_id: call.id, content })
      remember()
      continue
    }
    // What was answered, and perhaps paid, counts although the run is being stopped.
    const last = memory.messages.at(-1)!
    if (last.role === 'assistant') {
      if (last.content?.trim()) return { output: last.content, use: memory.use }
      order.remember(null, memory.use)
      throw agentSilent({ step, problem: 'answered with nothing' })
    }
    signal.throwIfAborted()
    if (memory.turns >= order.maxTurns) {
      order.remember(null, memory.use)
      throw agentEndless({ step, turns: order.maxTurns })
    }
    await ask()
  }

  async function ask(): Promise<void> {
    const request = { model: order.model, messages: memory.messages, tools: order.tools.map(({ name, description, parameters }) => ({ name, description, parameters })), temperature: order.temperature }
    const isPaid = !model.isFree(order.model)
    const entry = { runId: order.run, spec: order.workflow, jobKey: digestOf({ run: order.run, step, messages: memory.messages }), provider: 'llm', model: order.model, type: 'text' }
    if (isPaid) {
      // Refused for its price or the budget before anything is noted as sent.
      model.quote(request)
      memory.isAsking = true
      remember()
    }
    try {
      const { isCut } = await callModel(model, request, entry, ports, signal, ({ message, inputTokens, outputTokens }, costMicroUsd) => {
        const { use } = memory
        memory.use = { ...use, inputTokens: use.inputTokens + inputTokens, outputTokens: use.outputTokens + outputTokens, costMicroUsd: use.costMicroUsd + costMicroUsd }
        memory.messages.push(message)
        memory.turns++
        memory.isAsking = false
        remember()
      })
      if (isCut) throw cut()
    } catch (error) {
      const isSettled = isAssetloomError(error) && (error.code === 'BUDGET_EXCEEDED' || failureOf(error) === undefined || chargeOf(failureOf(error)!.kind) !== 'maybe')
      if (memory.isAsking && isSettled) {
        memory.isAsking = false
        remember()
      }
      throw error
    }
  }

  /** Half an answer is none; the next try asks anew. */
  function cut() {
    memory.messages.pop()
    remember()
    return agentSilent({ step, problem: 'was cut in the middle of its answer' })
  }
}

/** The first tool call that has no result yet. */
function openCall(messages: readonly ChatMessage[]): ToolCall | undefined {
  const at = messages.findLastIndex(({ role }) => role === 'assistant')
  const last = messages[at]
  if (last?.role !== 'assistant') return undefined
  const answered = new Set(messages.slice(at).flatMap((one) => (one.role === 'tool' ? [one.tool_call_id] : [])))
  return last.tool_calls?.find(({ id }) => !answered.has(id))
}

/** What the model is told of a tool's run; a fault of it is for the model to mend. */
async function resultOf({ function: called }: ToolCall, { tools, signal }: AgentOrder): Promise<string> {
  const tool = tools.find(({ name }) => name === called.name)
  if (!tool) return `Error: there is no tool ${called.name.slice(0, 100)}; there is ${tools.map(({ name }) => name).join(', ') || 'none'}.`
  let input: unknown
  try {
    input = JSON.parse(called.arguments === '' ? '{}' : called.arguments)
  } catch {
    return 'Error: the arguments are no JSON.'
  }
  try {
    const output = await tool.run(input)
    const text = typeof output === 'string' ? output : JSON.stringify(output)
    return text.length > maxResultLength ? `${text.slice(0, maxResultLength)}… (${text.length} characters)` : text
  } catch (error) {
    signal.throwIfAborted()
    if (!isAssetloomError(error)) throw error
    return `Error: ${toAssetloomError(error).message}`
  }
}
