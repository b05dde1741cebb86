import { formatUsd } from '../../core/cost.ts'
import type { Call } from '../../core/phrases/reading.ts'
import { operations, type OperationRow } from '../../operations/index.ts'
import type { Operation, OperationContext } from '../../operations/operation.ts'
import { flagsOf } from '../flags.ts'
import { checkInput } from '../parse-arguments.ts'

export interface PlannedCall extends Call {
  row: OperationRow
  action: Operation
  /** The input, checked and with its defaults. */
  given: Record<string, unknown>
}

export interface Plan {
  calls: PlannedCall[]
  /** What would be done, for a person. */
  text: string
  isDestructive: boolean
  /** What providers would be paid. */
  quoteMicroUsd: number
}

/**
 * What calls would do. Nothing is changed and nobody is paid.
 * @param isPreview - of operations that can say what they would do, only that is wanted
 * @throws USAGE and whatever the operations find wrong
 */
export async function planCalls(calls: readonly Call[], context: OperationContext, isPreview: boolean): Promise<Plan> {
  const planned = await Promise.all(calls.map((call) => load(call, isPreview)))
  const isDestructive = planned.some(({ action, given }) => action.isDestructive?.(given as never) ?? false)
  const texts = planned.map(commandText)
  let quoteMicroUsd = 0
  for (const call of planned) {
    const { action, given } = call
    if (action.effect === 'pay' && given.dryRun !== true) {
      const quoted = { ...given, dryRun: true }
      const output = await action.run(quoted as never, context)
      quoteMicroUsd += (output as { totals: { quoteMicroUsd: number } }).totals.quoteMicroUsd
      texts.push(action.present(output as never, quoted as never))
    } else if (action.isDestructive?.(given as never)) {
      const told = await toldBefore(call, context)
      if (told !== undefined) texts.push(told)
    }
  }
  if (quoteMicroUsd > 0) texts.push(`It would cost about ${formatUsd(quoteMicroUsd)}.`)
  return { calls: planned, text: texts.join('\n'), isDestructive, quoteMicroUsd }
}

async function load({ operation: name, input }: Call, isPreview: boolean): Promise<PlannedCall> {
  const row = operations.find((one) => one.name === name)!
  const action = await row.load()
  const asked = isPreview && 'dryRun' in action.input.shape ? { ...input, dryRun: true } : input
  return { operation: name, input: asked, row, action, given: checkInput(action, name, asked) }
}

/** What an operation says of itself before it does anything: by its dry run, or by the question that it asks. */
async function toldBefore({ operation, action, given }: PlannedCall, context: OperationContext): Promise<string | undefined> {
  const hasDryRun = 'dryRun' in action.input.shape
  if (!hasDryRun && !asksFirst.has(operation)) return undefined
  const wanted = hasDryRun ? { ...given, dryRun: true } : given
  const output = await action.run(wanted as never, { ...context, confirm: async () => false })
  return action.present(output as never, wanted as never)
}

/** Operations that change nothing, and say what they would, unless somebody says yes. */
export const asksFirst: ReadonlySet<string> = new Set(['cleanup'])

/** The command that does the same: `assetloom list --tag official`. */
export function commandText({ row, action, input }: Pick<PlannedCall, 'row' | 'action' | 'input'>): string {
  const flags = flagsOf(action)
  const words = Object.entries(input).flatMap(([member, value]) => {
    const flag = flags.find((one) => one.member === member)!
    if (flag.isPositional) return { at: action.positional!.indexOf(member), words: [value].flat().map(quoted) }
    const given = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value).map(([name, one]) => `${name}=${String(one)}`) : [value].flat()
    const spelled = value === true ? [flag.flag] : flag.type === 'pairs' ? given.flatMap((one) => [flag.flag, quoted(one)]) : [flag.flag, quoted(given.join(','))]
    return { at: flags.length, words: spelled }
  })
  return ['assetloom', row.name, ...words.sort((a, b) => a.at - b.at).flatMap((one) => one.words)].join(' ')
}

const quoted = (value: unknown) => (/^[\w@%+=:,./~^#-]+$/.test(String(value)) ? String(value) : JSON.stringify(String(value)))
