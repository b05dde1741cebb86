import { randomUUID } from 'node:crypto'
import { homedir } from 'node:os'
import * as z from 'zod'
import { describeIssues } from '../core/check-document.ts'
import { AssetloomError, defineError, toAssetloomError } from '../core/errors.ts'
import type { Progress } from '../core/ports.ts'
import type { Workspace } from '../workspace.ts'
import { withEmphasis } from './emphasis.ts'
import { operations, type OperationRow } from './index.ts'
import type { Operation, OperationContext } from './operation.ts'

/* Operations asked by others: over HTTP, by a model. What holds for all who do not sit at this machine. */

const inputInvalid = defineError('INPUT_INVALID', {
  summary: 'What an operation was given over HTTP or MCP does not fit its schema.',
  message: (d: { problems: string; hint?: string | undefined }) => `${d.problems}.`,
  hint: (d) => d.hint ?? 'The schema of the operation says what it takes.',
  exit: 2,
})

const pathClosed = defineError('PATH_CLOSED', {
  summary: 'A path was named over HTTP or MCP that is hidden or goes up.',
  message: (d: { path: string }) => `${JSON.stringify(d.path)} is hidden, lies in something hidden, or goes up.`,
  hint: () => 'Name files and folders relative to the project, without .. and without a leading dot.',
  exit: 2,
  http: 403,
})

const unforeseen = defineError('INTERNAL', {
  summary: 'A fault that Assetloom did not foresee, told to others without what it holds.',
  message: () => 'Something failed that was not foreseen.',
  hint: () => 'The log of the server says more: .assetloom/logs.',
  http: 500,
})

/** What makes a project is done before there is one to be served. */
const localOnly: ReadonlySet<string> = new Set(['init'])

/** The operations that others may ask for, in the order of the table. */
export const remoteOperations: readonly OperationRow[] = operations.filter(({ name }) => !localOnly.has(name))

/** In dollars, as money is everywhere told: the most that a call may spend. */
const maxCostUsd = z.number().min(0).optional().describe('Most US dollars that this may spend. Without it nothing is paid unless there is a budget.')

/** Whether an operation takes a limit of its own; what may pay without one is held by the budget alone. */
export const takesLimit = ({ input }: Operation): boolean => Object.hasOwn(input.shape, 'maxCost')

/** What others give an operation: a limit has its unit in its name, and what is for the machine alone is not there. */
export function remoteInput(operation: Operation): z.ZodObject {
  const left = Object.fromEntries((operation.localMembers ?? []).map((member) => [member, true])) as Record<never, true>
  const input: z.ZodObject = operation.input.omit(left)
  return takesLimit(operation) ? input.omit({ maxCost: true }).extend({ maxCostUsd }) : input
}

export interface RemoteContext extends Pick<OperationContext, 'signal' | 'onEvent'> {
  workspace: Workspace
  progress?: Progress
  /** What the call is called in the ledger and in reports. @default a name of its own */
  runId?: string
  /** Nothing may change by it, not even how often an asset was looked at. @default false */
  isReading?: boolean
}

export interface RemoteAnswer {
  output: unknown
  /** What a finished output stands for: some files failed, something is stale. */
  error: AssetloomError | undefined
  /** The output in words for a person. */
  text: string
}

const silent: Progress = { start() {}, advance() {}, stop() {} }

/**
 * Run an operation for somebody else: within the project, asking nobody, paying only what a limit or a budget allows.
 * @throws INPUT_INVALID, PATH_OUTSIDE, PATH_CLOSED, and what the operation throws, told as {@link toldError}
 */
export async function callRemotely(operation: Operation, given: unknown, context: RemoteContext): Promise<RemoteAnswer> {
  const { workspace } = context
  try {
    const { maxCostUsd: limit, ...input } = checkRemoteInput(operation, given)
    const own = limit === undefined ? input : { ...input, maxCost: limit }
    for (const path of operation.paths?.(own as never) ?? []) if (path !== undefined) requireOpenPath(path, workspace)
    workspace.manifest.recover()
    const output = await operation.run(own as never, {
      workspace: ofOneCall(context),
      signal: context.signal,
      progress: context.progress ?? silent,
      confirm: async () => false,
      ...(context.onEvent && { onEvent: context.onEvent }),
      paysWithoutBudget: limit !== undefined,
    })
    const error = operation.verdict?.(output as never, own as never)
    return {
      output: toldValue(output, workspace),
      error: error && toldError(error, workspace),
      text: toldText(withEmphasis(operation.present(output as never, own as never), (part) => part), workspace),
    }
  } catch (error) {
    throw toldError(error, workspace)
  }
}

/** The project as one call sees it: a run of its own, whose limit counts nothing of other calls; reading counts nothing at all. */
function ofOneCall({ workspace, runId = randomUUID(), isReading }: RemoteContext): Workspace {
  const uncounted = isReading && { counters: { value: { ...workspace.counters, add() {} } } }
  return Object.create(workspace, { runId: { value: runId }, ...uncounted }) as Workspace
}

/** @throws INPUT_INVALID naming what is allowed */
function checkRemoteInput(operation: Operation, given: unknown): Record<string, unknown> {
  const schema = remoteInput(operation)
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const problems = describeIssues(parsed.error.issues, schema, given)
  const texts = problems.map(({ path, message, allowed }) => {
    const names = allowed?.length ? `; allowed: ${allowed.join(', ')}` : ''
    return `${path.map(String).join('.') || 'the input'} ${message}${names}`
  })
  throw inputInvalid({ problems: texts.join('; '), hint: problems.find(({ hint }) => hint)?.hint })
}

/** @throws PATH_OUTSIDE, PATH_CLOSED */
function requireOpenPath(path: string, workspace: Workspace): void {
  // Also within the braces and brackets of a glob.
  if (/(?:^|[\\/{}()[\],|!@+?*])\.(?![\\/]|$)/.test(path)) throw pathClosed({ path })
  workspace.confine(path)
}

/** An error as others may see it: no secrets, no paths of this machine, and of what was not foreseen nothing. */
export function toldError(thrown: unknown, workspace: Workspace): AssetloomError {
  const error = workspace.redact.error(toAssetloomError(thrown)) as AssetloomError
  if (error.code === 'UNEXPECTED') {
    const { message, cause } = error
    workspace.log.write({ event: 'UNEXPECTED', level: 'error', subsystem: 'remote', message, stack: (cause as Error | undefined)?.stack })
    return unforeseen({})
  }
  const hint = error.code === 'PAYMENT_DECLINED' ? 'Give maxCostUsd, or set budget: { monthlyUsd: … } in the options.' : error.hint
  return new AssetloomError(error, {
    message: toldText(error.message, workspace),
    hint: hint && toldText(hint, workspace),
    details: error.details && (toldValue(error.details, workspace) as Record<string, unknown>),
  })
}

/** Secrets out; what lies in the project is told relative to it. */
function toldText(text: string, { redact, paths, options }: Workspace): string {
  const inProject = text.replace(pathPattern(paths.root), (_, slash?: string) => (slash ? '' : '.'))
  return redact.text(inProject.replace(pathPattern(options.userFolder), '~$1').replace(pathPattern(homedir()), '~$1'))
}

/** A folder where it stands as one, and not as the end of another's name; its slash is what is captured. */
function pathPattern(folder: string): RegExp {
  return new RegExp(`(?<![\\w.~/-])${folder.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:([/\\\\])|(?![\\w-]|\\.\\w))`, 'g')
}

function toldValue(value: unknown, workspace: Workspace): unknown {
  if (typeof value === 'string') return toldText(value, workspace)
  if (Array.isArray(value)) return value.map((one) => toldValue(one, workspace))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toldValue(one, workspace)]))
}
