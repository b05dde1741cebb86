import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import type { ItemUse } from '../core/kinds/kind.ts'
import { renderPrompt } from '../core/kinds/parameters.ts'
import { allowForeign } from './carry-out.ts'
import type { OperationContext } from './operation.ts'
import { requireItemAnywhere, type Reach, type ReachedItem } from './require-item-anywhere.ts'

const agentUnfit = defineError('AGENT_UNFIT', {
  summary: 'A workflow names an agent that is none, or whose config or skills cannot be used.',
  message: (d: { agent: string; problem: string }) => `The agent ${d.agent} cannot be asked: ${d.problem}.`,
  hint: () => 'An agent is an item of sub-agents; config may hold model, temperature (0 to 2) and maxTurns (1 to 100).',
  exit: 2,
})

/** A skill that an agent may call. */
export interface PreparedSkill {
  /** As the model calls it. */
  name: string
  found: ReachedItem
  use: ItemUse
}

export interface PreparedAgent {
  found: ReachedItem
  /** Its rendered prompt. */
  system: string
  skills: readonly PreparedSkill[]
  model: string | undefined
  temperature: number | undefined
  maxTurns: number
}

/** What of `config` is for us; the rest is for the prompt. */
const configSchema = z.object({
  model: z.string().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  maxTurns: z.number().int().min(1).max(100).default(12),
})

/**
 * An agent with its prompt and skills, before anything runs. Code of others is asked for here.
 * @throws AGENT_UNFIT, ASSET_UNKNOWN, VERB_UNSUITABLE, CONSENT_MISSING
 */
export async function prepareAgent(ref: string, context: OperationContext, reach: Reach): Promise<PreparedAgent> {
  const found = await requireItemAnywhere(ref, 'use', context, reach)
  const { id, kind, fields } = found.item
  if (kind !== 'sub-agents') throw agentUnfit({ agent: id, problem: `it is of kind ${kind}` })
  const { skills: refs = [], config = {} } = fields as { skills?: string[]; config?: unknown }
  const parsed = configSchema.safeParse(config)
  if (!parsed.success) throw agentUnfit({ agent: id, problem: parsed.error.issues.map(({ path, message }) => `config.${path.join('.')}: ${message}`).join('; ') })
  const use = found.kind.use!(found.item) as Extract<ItemUse, { form: 'text' }>
  const skills: PreparedSkill[] = []
  for (const one of refs) skills.push(await prepareSkill(one, id, skills, context, reach))
  const { model, temperature, maxTurns } = parsed.data
  return { found, system: renderPrompt(id, use.text, use.parameters, {}), skills, model, temperature, maxTurns }
}

async function prepareSkill(ref: string, agent: string, others: readonly PreparedSkill[], context: OperationContext, reach: Reach): Promise<PreparedSkill> {
  const found = await requireItemAnywhere(ref, 'run', context, reach)
  const use = found.kind.use?.(found.item)
  if (!use) throw agentUnfit({ agent, problem: `${ref} is no skill or tool` })
  if (use.form === 'program') await allowForeign(found, context)
  const plain = found.item.name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 56)
  const isTaken = (name: string) => name === 'read_result' || others.some((one) => one.name === name)
  let name = plain
  for (let i = 2; isTaken(name); i++) name = `${plain}_${i}`
  return { name, found, use }
}
