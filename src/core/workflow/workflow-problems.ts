import { isAssetloomError } from '../errors.ts'
import type { ItemProblem } from '../kinds/kind.ts'
import { didYouMean } from '../near.ts'
import { cycleOf } from './cycle.ts'
import { hopsOf } from './hops.ts'
import { parseExpression, type Expression, type Reference } from './expression.ts'
import { expressionsIn } from './fill-expressions.ts'
import { stepsBefore, type Trigger, type Workflow } from './workflow.ts'

/** What an expression may ask of a step. */
export const stepMembers = ['output', 'status', 'durationMs'] as const

/** Names that expressions have besides those of conditions. */
const ownNames = ['inputs', 'steps']

/** What may be named where an expression stands. */
interface Place {
  /** Ids of steps that are done there. */
  steps: ReadonlySet<string>
  conditions: readonly string[]
}

/** Expressions, references, groups and triggers; ids and needs are the kind's. */
export function workflowProblems(workflow: Workflow): ItemProblem[] {
  const { steps, conditions, outputs } = workflow
  const names = Object.keys(conditions)
  const all = new Set(steps.map(({ id }) => id))
  const check = (text: string, path: PropertyKey[], place: Place) => expressionProblems(text, path, place, workflow)
  return [
    ...names.filter((name) => ownNames.includes(name)).map((name) => ({ path: ['conditions', name], message: `is the name of something else: ${ownNames.join(' and ')}` })),
    // Which steps are done is known where the condition is used.
    ...Object.entries(conditions).flatMap(([name, text]) => check(text, ['conditions', name], { steps: all, conditions: [] })),
    ...steps.flatMap((step, i) => {
      const place: Place = { steps: stepsBefore(step.id, steps), conditions: names }
      return [
        ...(step.when === undefined ? [] : check(step.when, ['steps', i, 'when'], place)),
        ...(step.when === undefined ? [] : conditionProblems(step.when, ['steps', i, 'when'], place, workflow)),
        ...[...expressionsIn(step.with, ['with']), ...expressionsIn(step.prompt, ['prompt'])].flatMap(({ path, text }) => check(text, ['steps', i, ...path], place)),
        ...(step.with !== undefined && step.use === undefined && step.agent === undefined ? [{ path: ['steps', i, 'with'], message: 'is given to nothing: the step has no use' }] : []),
      ]
    }),
    ...Object.entries(outputs).flatMap(([name, text]) => check(text, ['outputs', name], { steps: all, conditions: names })),
    ...groupProblems(workflow),
    ...workflow.triggers.flatMap(triggerProblems),
  ]
}

function expressionProblems(text: string, path: PropertyKey[], place: Place, workflow: Workflow): ItemProblem[] {
  let expression: Expression
  try {
    expression = parseExpression(text)
  } catch (error) {
    if (!isAssetloomError(error)) throw error
    return [{ path, message: error.message.replace(/\.$/, ''), ...(error.hint && { hint: error.hint }) }]
  }
  return expression.references.flatMap((reference) => {
    const problem = referenceProblem(reference, place, workflow)
    return problem ? [{ path, message: `${problem.message} (column ${reference.column})`, ...(problem.hint && { hint: problem.hint }) }] : []
  })
}

function referenceProblem({ path: [root, name, member] }: Reference, place: Place, { steps, inputs }: Workflow): { message: string; hint?: string | undefined } | undefined {
  const unknown = (what: string, known: readonly string[]) => ({ message: what, hint: didYouMean(what.split(' ')[1]!, known) ?? (known.length > 0 ? `There is ${known.join(', ')}.` : undefined) })
  if (root === 'inputs') {
    const known = inputs?.map((one) => one.name)
    return name === undefined || !known || known.includes(name) ? undefined : unknown(`names ${name}, which is none of inputs`, known)
  }
  if (root !== 'steps') return place.conditions.includes(root!) ? undefined : unknown(`names ${root}, which there is not`, [...ownNames, ...place.conditions])
  if (name === undefined) return { message: 'names steps as a whole', hint: 'Name one: steps.draft.output, or steps["my-step"].output.' }
  const ids = steps.map(({ id }) => id)
  if (!ids.includes(name)) return unknown(`names ${name}, which is the id of no step`, ids)
  if (!place.steps.has(name)) return { message: `names ${name}, which need not be done before`, hint: `Add ${name} to needs.` }
  const members: readonly string[] = stepMembers
  return member === undefined || members.includes(member) ? undefined : unknown(`names ${member}, which a step does not have`, stepMembers)
}

/** Steps that the conditions of a `when` name must be done, too. */
function conditionProblems(when: string, path: PropertyKey[], place: Place, workflow: Workflow): ItemProblem[] {
  return referencesOf(when).flatMap(({ path: [root] }) => {
    const text = Object.hasOwn(workflow.conditions, root!) ? workflow.conditions[root!] : undefined
    return referencesOf(text ?? '').flatMap(({ path: [of, id] }) =>
      of === 'steps' && id !== undefined && !place.steps.has(id) && workflow.steps.some((step) => step.id === id)
        ? [{ path, message: `asks for ${root}, which names ${id}, and that need not be done before`, hint: `Add ${id} to needs.` }]
        : [],
    )
  })
}

/** None of a text that cannot be read: that is told elsewhere. */
function referencesOf(text: string): readonly Reference[] {
  try {
    return parseExpression(text).references
  } catch {
    return []
  }
}

function groupProblems(workflow: Workflow): ItemProblem[] {
  const { groups, steps } = workflow
  const problems = groups.flatMap((group, i) =>
    group.flatMap((id, k): ItemProblem[] => {
      const path = ['parallelSteps', i, k]
      if (group.indexOf(id) < k || groups.slice(0, i).some((other) => other.includes(id))) return [{ path, message: `names ${id}, which stands in a group already` }]
      const needed = group.find((other) => other !== id && stepsBefore(id, steps).has(other))
      return needed === undefined ? [] : [{ path, message: `names ${id}, which needs ${needed} of the same group` }]
    }),
  )
  if (problems.length > 0) return problems
  const cycle = cycleOf(hopsOf(workflow))
  return cycle ? [{ path: ['parallelSteps'], message: `makes groups that wait for one another: ${cycle.join(' → ')}` }] : []
}

const cronField = /^(?:\*|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:\/[0-9]+)?$/

function triggerProblems({ on, paths, cron }: Trigger, i: number): ItemProblem[] {
  const path = ['triggers', i]
  const outside = paths?.find((one) => one.startsWith('/') || /^[a-z]:/i.test(one) || one.split(/[\\/]/).includes('..'))
  if (outside !== undefined) return [{ path: [...path, 'paths'], message: `names ${JSON.stringify(outside)}, which is no place within the project`, hint: 'Globs are relative to the project: content/**/*.md.' }]
  if (on === 'file-change' && !paths?.length) return [{ path, message: 'names no paths, so no change is seen', severity: 'warning' }]
  if (on !== 'schedule') return []
  if (cron === undefined) return [{ path, message: 'names no cron, so it is carried out never', severity: 'warning' }]
  const fields = cron.trim().split(/\s+/)
  const isRight = /^@(?:hourly|daily|weekly|monthly|yearly)$/.test(cron.trim()) || (fields.length === 5 && fields.every((field) => field.split(',').every((part) => cronField.test(part))))
  return isRight ? [] : [{ path: [...path, 'cron'], message: `is ${JSON.stringify(cron)}, and must be five fields: minute, hour, day, month, weekday`, hint: 'Every night at three: "0 3 * * *".' }]
}
