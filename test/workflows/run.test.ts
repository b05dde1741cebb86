import { beforeAll, describe, expect, it } from 'vitest'
import { createWorkflowProject, statuses, until, type WorkflowProject } from './workflow-project.ts'

let project: WorkflowProject
beforeAll(async () => {
  project = await createWorkflowProject()
})

const step = 'use: tools/analyzers/step'
const head = 'inputs:\n  - { name: text, type: string, default: hello }\n'

describe('run of a workflow', () => {
  it('carries out its steps in the order of needs and hands values on', async () => {
    const id = await project.workflow(
      'two',
      `${head}steps:
  - { id: second, ${step}, needs: [first], with: { mark: "two", value: { of: "{{ steps.first.output.mark }}", text: "say {{ inputs.text }}" } } }
  - { id: first, ${step}, with: { mark: "one" } }
outputs: { both: 'steps.first.output.mark + steps.second.output.mark', whole: steps.second.output }
`,
    )
    const { code, json } = await project.cli('run', id, '--text', 'hi', '--json')
    expect(code).toBe(0)
    expect(json.data).toMatchObject({ ref: id, status: 'completed', outputs: { both: 'onetwo', whole: { mark: 'two', value: { of: 'one', text: 'say hi' } } } })
    expect(json.data.steps.map((one: { id: string; attempts: number }) => [one.id, one.attempts])).toEqual([['second', 1], ['first', 1]])
    expect(project.ran().slice(-4)).toEqual(['one+', 'one-', 'two+', 'two-'])
    const shown = await project.cli('run', id)
    expect(shown.stdout).toMatch(/✓ {2}first .*Object with 2 fields \(mark: "one"/)
    expect(shown.stdout).toContain('both: onetwo')
  })

  it('takes its input as JSON, from a file and value by value', async () => {
    const id = await project.workflow('given', `${head}steps:\n  - { id: a, ${step}, with: { mark: "{{ inputs.text }}" } }\noutputs: { said: steps.a.output.mark }\n`)
    project.write({ 'in.json': '{"text":"from a file"}' })
    for (const [args, said] of [
      [['--input', '{"text":"json"}'], 'json'],
      [['--input', '@in.json'], 'from a file'],
      [['--input', 'text=a, b=c'], 'a, b=c'],
      [[], 'hello'],
    ] as const)
      expect((await project.cli('run', id, ...args, '--json')).json.data.outputs).toEqual({ said })
    const wrong = await project.cli('run', id, '--input', 'txet=x', '--json')
    expect(wrong).toMatchObject({ code: 2, json: { error: { code: 'PROGRAM_INPUT' } } })
    expect(wrong.json.error.message).toContain('txet')
  })

  it('passes over what does not hold, and what comes after goes on', async () => {
    const id = await project.workflow(
      'conditions',
      `${head}conditions: { isLong: "length(inputs.text) > 10", wasDone: 'steps.a.status == "completed"' }
steps:
  - { id: a, ${step}, when: isLong, with: { mark: a } }
  - { id: b, ${step}, needs: [a], when: "!isLong && !wasDone", with: { mark: b, value: { a: "{{ steps.a.output }}" } } }
`,
    )
    expect(statuses(await project.cli('run', id, '--json'))).toEqual({ a: 'skipped', b: 'completed' })
    expect(statuses(await project.cli('run', id, '--text', 'long enough', '--json'))).toEqual({ a: 'completed', b: 'skipped' })
  })

  it('runs independent steps at the same time, as many as it may', async () => {
    const each = ['a', 'b', 'c'].map((mark) => `  - { id: ${mark}, ${step}, with: { mark: ${mark}, until: go-${mark} } }\n`).join('')
    const id = await project.workflow('wide', `steps:\n${each}`)
    const before = project.ran().length
    const run = project.start('run', id, '--concurrency', '2', '--json')
    await until(() => project.ran().length === before + 2)
    project.write({ 'go-a': '', 'go-b': '', 'go-c': '' })
    expect(statuses(await run.done)).toEqual({ a: 'completed', b: 'completed', c: 'completed' })
    expect(project.ran().slice(before, before + 3).filter((line) => line.endsWith('+'))).toHaveLength(2)
  })

  it('tries again as often as a step says, and stops it at its limit', async () => {
    const id = await project.workflow('again', `steps:\n  - { id: a, ${step}, retries: 1, with: { mark: again, failUntil: never } }\n  - { id: b, ${step}, needs: [a], with: { mark: b } }\n`)
    const { code, json } = await project.cli('run', id, '--json')
    expect(code).toBe(1)
    expect(json.error).toMatchObject({ code: 'WORKFLOW_FAILED', details: { step: 'a', code: 'PROGRAM_FAILED' } })
    expect(json.error.hint).toContain(`--resume ${json.data.run}`)
    expect(json.data.steps).toMatchObject([{ status: 'failed', attempts: 2 }, { status: 'pending', attempts: 0 }])
    const slow = await project.workflow('slow', `steps:\n  - { id: a, ${step}, timeoutMs: 300, with: { mark: slow, until: never } }\n`)
    expect((await project.cli('run', slow, '--json')).json.data).toMatchObject({ status: 'failed', error: { step: 'a', code: 'STEP_TIMED_OUT' } })
  })

  it('names step and column of an expression that fails', async () => {
    const id = await project.workflow('wrong', `${head}steps:\n  - { id: a, ${step}, when: "true && inputs.text * 2 > 1", with: { mark: a } }\n`)
    const { json } = await project.cli('run', id, '--json')
    expect(json.error.message).toMatch(/the step a failed: "true && inputs\.text \* 2 > 1" takes "hello" \* 2, which is for numbers \(column 9\)/)
  })

  it('holds workflows in workflows, and none that runs itself', async () => {
    const inner = await project.workflow('inner', `${head}steps:\n  - { id: x, ${step}, with: { mark: "{{ inputs.text }}" } }\noutputs: { mark: steps.x.output.mark }\n`)
    const outer = await project.workflow('outer', `steps:\n  - { id: within, use: ${inner}, with: { text: deep } }\noutputs: { mark: steps.within.output.mark }\n`)
    expect((await project.cli('run', outer, '--json')).json.data.outputs).toEqual({ mark: 'deep' })
    await project.workflow('inner', `steps:\n  - { id: x, use: ${outer} }\n`)
    const { code, json } = await project.cli('run', outer, '--json')
    expect([code, json.error.code]).toEqual([2, 'WORKFLOW_ENDLESS'])
    expect(json.error.message).toContain(`${outer} → ${inner} → ${outer}`)
  })

  it('checks everything before it runs anything', async () => {
    const before = project.ran()
    for (const [name, steps, code, message] of [
      ['no-item', `  - { id: a, ${step}, with: { mark: a } }\n  - { id: b, use: tools/analyzers/none }\n`, 'ASSET_UNKNOWN', /none/],
      ['no-verb', `  - { id: a, ${step}, with: { mark: a } }\n  - { id: b, use: design-tokens/colors/calm }\n`, 'VERB_UNSUITABLE', /design-tokens/],
      ['no-param', `  - { id: a, ${step}, with: { mark: a, wiatMs: 3 } }\n`, 'WORKFLOW_STEP_UNFIT', /step a .*wiatMs is no parameter of it. Did you mean waitMs/],
      ['missing', `  - { id: a, ${step} }\n`, 'WORKFLOW_STEP_UNFIT', /mark is missing/],
      ['wrong-type', `  - { id: a, ${step}, with: { mark: a, waitMs: soon } }\n`, 'WORKFLOW_STEP_UNFIT', /waitMs/],
    ] as const) {
      const { json } = await project.cli('run', await project.workflow(name, `steps:\n${steps}`), '--json')
      expect([name, json.error.code]).toEqual([name, code])
      expect(json.error.message).toMatch(message)
    }
    expect(project.ran()).toEqual(before)
  })

  it('shows what it would do and runs nothing', async () => {
    const id = await project.workflow(
      'planned',
      `${head}steps:
  - { id: a, ${step}, needs: [b], when: 'steps.b.output.mark == "b"', with: { mark: a } }
  - { id: b, ${step}, when: "length(inputs.text) > 100", with: { mark: b } }
triggers:
  - { on: schedule, cron: 0 3 * * 1 }
`,
    )
    const before = project.ran()
    const { json } = await project.cli('run', id, '--dry-run', '--json')
    expect(json.data.hops).toEqual([
      { id: 'b', after: [], steps: [{ id: 'b', does: 'tools/analyzers/step', when: 'length(inputs.text) > 100', holds: false }] },
      { id: 'a', after: ['b'], steps: [{ id: 'a', does: 'tools/analyzers/step', when: 'steps.b.output.mark == "b"' }] },
    ])
    expect((await project.cli('run', id, '--dry-run')).stdout).toMatch(/2\. {2}a {2}tools\/analyzers\/step {2}after b; when/)
    expect(project.ran()).toEqual(before)
  })

  it('is told of by validate when it uses what is not here', async () => {
    const id = await project.workflow('lost', `steps:\n  - { id: a, use: tools/analyzers/gone }\n  - { id: b, use: tools/analyzers/reading-time, with: { text: x } }\n`)
    const { json } = await project.cli('validate', id, '--json')
    expect(json.data.findings[0]).toMatchObject({ ref: id, code: 'STEP_UNKNOWN', message: 'The step a uses tools/analyzers/gone, which this machine does not have.' })
    expect((await project.cli('run', id, '--watch', '--dry-run', '--json')).json.error.code).toBe('RUN_MODES')
  })

  it('refuses options for workflows with a tool', async () => {
    const { code, json } = await project.cli('run', 'tools/analyzers/step', '--mark', 'a', '--concurrency', '2', '--json')
    expect([code, json.error.code]).toEqual([2, 'RUN_OPTION'])
  })
})

describe('a definition', () => {
  it.each([
    ['steps.b.output', /names b, which is the id of no step \(column 1\)/],
    ['1 + steps.later.output', /names later, which need not be done before \(column 5\)/],
    ['inputs.txet', /names txet, which is none of inputs \(column 1\)/],
    ['other', /names other, which there is not/],
    ['steps.a.outptu', /need not be done before/],
    ['a b', /cannot be read: unexpected token \(column 3\)/],
    ['inputs.__proto__', /names __proto__/],
  ])('with the condition %s is refused', async (when, message) => {
    const text = `${head}steps:\n  - { id: a, ${step}, when: ${JSON.stringify(when)}, with: { mark: a } }\n  - { id: later, ${step}, needs: [a], with: { mark: later } }\n`
    await expect(project.workflow('refused', text)).rejects.toThrow(message)
  })

  it.each([
    [`steps:\n  - { id: a, ${step}, with: { mark: "{{ stesp.x }}" } }\n`, /steps\.0\.with\.mark.*names stesp/],
    [`steps:\n  - { id: a, ${step}, with: { mark: a } }\noutputs: { x: "steps.c.output" }\n`, /outputs\.x.*names c/],
    [`conditions: { x: "steps.b.status" }\nsteps:\n  - { id: a, ${step}, when: x }\n  - { id: b, needs: [a] }\n`, /asks for x, which names b/],
    ['steps:\n  - { id: a, needs: [b] }\n  - { id: b, needs: [a] }\n', /needs itself: a → b → a/],
    ['steps:\n  - { id: a, with: { x: 1 } }\n', /given to nothing/],
    ['steps:\n  - { id: a }\ntriggers:\n  - { on: schedule, cron: often }\n', /five fields/],
    ['steps:\n  - { id: a }\ntriggers:\n  - { on: file-change, paths: ["../**"] }\n', /no place within the project/],
  ])('like %j is refused', async (text, message) => {
    await expect(project.workflow('refused', text)).rejects.toThrow(message)
  })
})
