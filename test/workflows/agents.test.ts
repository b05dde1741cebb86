import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startChatServer, type ChatServer } from '../fakes/chat.ts'
import { createWorkflowProject, isStepGone, statuses, until, type WorkflowProject } from './workflow-project.ts'

let chat: ChatServer
beforeEach(async () => {
  chat = await startChatServer()
})
afterEach(() => chat.close())

const prices = { '*': { inputUsdPerMillion: 1000, outputUsdPerMillion: 5000 } }

async function createAgentProject(llm: object = {}, more: object = {}): Promise<WorkflowProject> {
  const project = await createWorkflowProject({ llm: { baseURL: chat.baseURL, model: 'small', maxOutputTokens: 100, ...llm }, ...more })
  project.write({
    'assets/library/sub-agents/content/writer.asset.yaml': `name: Writer
capabilities: [short texts]
skills: [tools/analyzers/step]
promptTemplate: |
  You are {{name}}. You are good at {{capabilities}}.
config: { temperature: 0.5, maxTurns: 3 }
`,
  })
  return project
}

const definition = `inputs:
  - { name: topic, type: string, default: tea }
agents:
  writer: sub-agents/content/writer
steps:
  - { id: draft, agent: writer, prompt: "Write about {{ inputs.topic }}" }
  - { id: review, agent: writer, prompt: Review it, needs: [draft] }
outputs: { text: steps.review.output }
`

interface Step {
  id: string
  status: string
  attempts: number
  inputTokens: number
  outputTokens: number
  costMicroUsd: number
}

describe('steps of agents', () => {
  it('ask the model with the rendered prompt, skills as tools, and what came before in short', async () => {
    const project = await createAgentProject()
    const id = await project.workflow('article', definition)
    chat.replies.push(
      { calls: [{ name: 'step', arguments: { mark: 'by-agent' } }] },
      `A draft. ${'word '.repeat(200)}`,
      { calls: [{ name: 'read_result', arguments: { name: 'steps.draft' } }] },
      'Good.',
    )
    const { code, json } = await project.cli('run', id, '--topic', 'coffee', '--json')
    expect(json.error).toBeUndefined()
    expect(code).toBe(0)
    expect(json.data).toMatchObject({ status: 'completed', outputs: { text: 'Good.' }, tokens: 480, costMicroUsd: 0 })
    expect(project.ran()).toEqual(['by-agent+', 'by-agent-'])
    const [first, second, third, fourth] = chat.calls
    expect(first).toMatchObject({ model: 'small', temperature: 0.5, max_tokens: 100 })
    expect(first!.messages[0]).toEqual({ role: 'system', content: 'You are Writer. You are good at short texts.\n' })
    expect(first!.messages[1]!.content).toContain('Write about coffee')
    expect(first!.tools!.map((tool) => tool.function.name)).toEqual(['step', 'read_result'])
    expect(first!.tools![0]!.function.parameters).toMatchObject({ type: 'object', required: ['mark'], properties: { mark: { type: 'string' }, waitMs: { type: 'number', default: 0 } } })
    expect(JSON.parse(second!.messages.at(-1)!.content!)).toEqual({ mark: 'by-agent', value: null })
    const task = third!.messages[1]!.content!
    expect(task).toContain('- steps.draft: Text of 202 words, begins: "A draft. word')
    expect(task.length).toBeLessThan(1000)
    expect(fourth!.messages.at(-1)!.content).toContain('word '.repeat(100))
    expect(chat.keys[0]).toBeUndefined()
    const info = await project.cli('info', 'sub-agents/content/writer', '--json')
    expect(info.json.data.averages).toMatchObject({ runs: 2, successRate: 100, avgTokens: 240 })
  })

  it('tell the model what a tool failed of, and end a talk without end', async () => {
    const project = await createAgentProject()
    const id = await project.workflow('article', definition)
    chat.otherwise = () => ({ calls: [{ name: 'step', arguments: '{"mark":' }, { name: 'nothing', arguments: {} }, { name: 'step', arguments: { wrong: 1 } }] })
    const { json } = await project.cli('run', id, '--json')
    expect(json.data.error).toMatchObject({ step: 'draft', code: 'AGENT_ENDLESS' })
    expect(chat.calls).toHaveLength(3)
    const told = chat.calls[1]!.messages.slice(-3).map(({ content }) => content)
    expect(told[0]).toMatch(/no JSON/)
    expect(told[1]).toMatch(/no tool nothing; there is step/)
    expect(told[2]).toMatch(/mark is missing/)
  })

  it('need a model before anything runs', async () => {
    const project = await createWorkflowProject()
    project.write({ 'assets/library/sub-agents/content/writer.asset.yaml': 'promptTemplate: You write.\n' })
    const id = await project.workflow('article', definition)
    expect((await project.cli('run', id, '--json')).json.error).toMatchObject({ code: 'LLM_MISSING', message: expect.stringContaining('the options name none') as string })
    project.write({ 'assetloom.config.ts': "export default { llm: { model: 'gpt' } }\n" })
    expect((await project.cli('run', id, '--json')).json.error).toMatchObject({ code: 'LLM_MISSING', message: expect.stringContaining('OPENAI_API_KEY') as string })
    project.write({ 'assetloom.config.ts': "export default { llm: { model: 'gpt', apiKey: 'sk-canary' } }\n" })
    const unpriced = await project.cli('run', id, '--json')
    expect(unpriced.json.error).toMatchObject({ code: 'LLM_UNPRICED' })
    expect(unpriced.stdout + unpriced.stderr).not.toContain('canary')
  })

  it('are tried again after an answer that cost nothing, and not after one that may have', async () => {
    const project = await createAgentProject({ prices })
    const id = await project.workflow('article', definition)
    chat.replies.push({ status: 429, message: 'slow down', headers: { 'retry-after': '0' } }, { status: 503, message: 'overloaded' })
    expect((await project.cli('run', id, '--json')).json.data).toMatchObject({ status: 'completed', costMicroUsd: 2 * (100 * 1000 + 20 * 5000) })
    expect(chat.calls).toHaveLength(4)
    chat.replies.push('CUT')
    const cut = await project.cli('run', id, '--json')
    expect(cut.json.data.error).toMatchObject({ step: 'draft', code: 'PROVIDER_MAYBE_SPENT' })
    const again = await project.cli('run', id, '--resume', cut.json.data.run as string, '--json')
    expect(again.json.data.error).toMatchObject({ step: 'draft', code: 'AGENT_CALL_UNKNOWN' })
    expect(chat.calls).toHaveLength(5)
    const repeated = await project.cli('run', id, '--resume', cut.json.data.run as string, '--repeat-paid', '--json')
    expect(repeated.json.data.status).toBe('completed')
    expect(chat.calls).toHaveLength(7)
  })

  it('stand in the books, and stop at the budget before they are sent', async () => {
    const project = await createAgentProject({ prices, apiKey: 'sk-canary-1' }, { budget: { monthlyUsd: 5 } })
    const id = await project.workflow('article', definition)
    expect((await project.cli('run', id, '--json')).json.data.costMicroUsd).toBe(400_000)
    expect(chat.keys[0]).toBe('Bearer sk-canary-1')
    const costs = await project.cli('costs', '--json')
    expect(costs.json.data).toMatchObject({ spentMicroUsd: 400_000, reservedMicroUsd: 0 })
    const refused = await project.cli('run', id, '--max-cost', '0.1', '--json')
    expect([refused.code, refused.json.error.code]).toEqual([3, 'WORKFLOW_OVER_BUDGET'])
    expect(statuses(refused)).toEqual({ draft: 'failed', review: 'pending' })
    expect(chat.calls).toHaveLength(2)
    const resumed = await project.cli('run', id, '--resume', 'last', '--json')
    expect(resumed.json.data.status).toBe('completed')
  })

  it('go on after the last answer when the process was killed', async () => {
    const project = await createAgentProject({ prices })
    const id = await project.workflow('article', definition)
    chat.replies.push({ calls: [{ name: 'step', arguments: { mark: 'held', until: 'go' } }] })
    const first = project.start('run', id, '--json')
    await until(() => project.ran().includes('held+'))
    first.signal('SIGKILL')
    await first.done
    await until(() => isStepGone(project))
    project.write({ go: '' })
    chat.replies.push('A draft.', 'Good.')
    const { json } = await project.cli('run', id, '--resume', 'last', '--json')
    expect(json.data).toMatchObject({ status: 'completed', outputs: { text: 'Good.' } })
    expect(chat.calls).toHaveLength(3)
    expect((json.data.steps as Step[])[0]).toMatchObject({ inputTokens: 200, costMicroUsd: 400_000 })
  })

  it('are not asked again when the process was killed while one was asked', async () => {
    const project = await createAgentProject({ prices })
    const id = await project.workflow('article', definition)
    chat.replies.push('HANG')
    const first = project.start('run', id, '--json')
    await until(() => chat.calls.length === 1)
    first.signal('SIGKILL')
    await first.done
    expect((await project.cli('run', id, '--resume', 'last', '--json')).json.data.error).toMatchObject({ code: 'AGENT_CALL_UNKNOWN' })
    expect(chat.calls).toHaveLength(1)
    expect((await project.cli('costs', '--json')).json.data.spentMicroUsd).toBeGreaterThan(0)
  })

  it('run only within a group at the same time', async () => {
    const project = await createAgentProject()
    const id = await project.workflow('group', `agents: { writer: sub-agents/content/writer }
steps:
  - { id: a, agent: writer, prompt: A }
  - { id: b, agent: writer, prompt: B }
  - { id: c, agent: writer, prompt: C }
parallelSteps:
  - [b, c]
`)
    chat.otherwise = ({ messages }) => (messages.some(({ role }) => role === 'tool') ? 'ok' : { calls: [{ name: 'step', arguments: { mark: messages[1]!.content!, ...(messages[1]!.content !== 'A' && { waitMs: 300 }) } }] })
    expect((await project.cli('run', id, '--json')).json.data.status).toBe('completed')
    expect(project.ran().slice(0, 2)).toEqual(['A+', 'A-'])
    expect(project.ran().slice(2, 4).sort()).toEqual(['B+', 'C+'])
  })
})
