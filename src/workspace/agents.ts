import { setTimeout as sleep } from 'node:timers/promises'
import type { ChatModel } from '../core/chat.ts'
import type { MicroUsd } from '../core/cost.ts'
import { defineError } from '../core/errors.ts'
import { createRandom } from '../core/random.ts'
import type { StepUse } from '../core/workflow/run-state.ts'
import { runAgent, type AgentOrder, type AgentTool } from '../engine/run-agent.ts'
import { createChatModel } from '../generators/chat/chat-model.ts'
import { isOpenaiURL } from '../generators/endpoint-embedder.ts'
import { limitsOf } from '../plan/budget.ts'
import type { Workspace } from '../workspace.ts'

export type { AgentOrder, AgentTool }

const llmMissing = defineError('LLM_MISSING', {
  summary: 'A language model is needed, and the options name none, or no key for it.',
  message: (d: { problem: string }) => `Steps of agents need a language model, and ${d.problem}.`,
  hint: () => 'Set llm: { baseURL, apiKey, model } in assetloom.config.ts; docs/workflows.md shows it for OpenAI and for a server on this machine.',
  exit: 2,
})

/** The model that agents ask. */
export interface WorkspaceAgents {
  /**
   * Whether what is configured will do, before anything runs.
   * @param models - that agents name; none stands for the usual one
   * @returns what asking costs: nothing, or at most so much for an answer of full length
   * @throws LLM_MISSING, LLM_UNPRICED
   */
  check(models: readonly (string | undefined)[]): { isFree: boolean; mostAnAnswerMicroUsd: MicroUsd }
  /** Let an agent do a task. @throws what {@link runAgent} throws */
  run(order: Omit<AgentOrder, 'model'> & { model: string | undefined }, maxCostMicroUsd: MicroUsd | undefined): Promise<{ output: string; use: StepUse }>
}

export function createWorkspaceAgents({ options, generation }: Workspace): WorkspaceAgents {
  let known: ChatModel | undefined
  const chatModel = (): ChatModel => {
    if (known) return known
    const { llm } = options
    if (!llm) throw llmMissing({ problem: 'the options name none' })
    const apiKey = llm.apiKey ?? (isOpenaiURL(llm.baseURL) ? options.keys.OPENAI_API_KEY : undefined)
    if (apiKey === undefined && isOpenaiURL(llm.baseURL)) throw llmMissing({ problem: 'there is no key: neither llm.apiKey nor OPENAI_API_KEY is set' })
    return (known = createChatModel({ ...llm, apiKey }))
  }
  return {
    check(models) {
      const model = chatModel()
      const names = models.map((name) => name ?? model.defaultModel)
      const quotes = names.map((name) => model.quote({ model: name, messages: [], tools: [] }))
      return { isFree: names.every(model.isFree), mostAnAnswerMicroUsd: Math.max(0, ...quotes) }
    },
    run(order, maxCostMicroUsd) {
      const model = chatModel()
      const { perAssetMicroUsd: _, ...limits } = limitsOf(options.budget, maxCostMicroUsd)
      return runAgent(model, { ...order, model: order.model ?? model.defaultModel }, {
        ledger: generation.ledger,
        limits,
        random: createRandom(`${order.run} ${order.step}`),
        sleep: async (ms, signal) => sleep(ms, undefined, { signal }),
        now: () => performance.now(),
      })
    },
  }
}
