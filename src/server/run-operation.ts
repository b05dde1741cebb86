import { inputMembers, type InputMember } from '../operations/input-members.ts'
import { remoteOperations, callRemotely, remoteInput, type RemoteContext } from '../operations/remote.ts'
import type { Operation } from '../operations/operation.ts'
import { answerData, answerError } from './answer.ts'
import { highestLimit, pageMembers, pageOf, rowMembers, rowsNeeded, takePage } from './list-page.ts'
import { readQuery } from './query-input.ts'
import type { OperationRoute } from './routes.ts'

export const loadRemote = (name: string): Promise<Operation> => remoteOperations.find((row) => row.name === name)!.load()

/** What a query of a route may hold. */
export function queryMembers({ path, renamed = {}, fixed = {}, list }: OperationRoute, operation: Operation): (InputMember | (typeof pageMembers)[number])[] {
  const own = inputMembers({ input: remoteInput(operation) })
    .filter(({ member }) => !Object.hasOwn(fixed, member) && !path.includes(`:${member}`) && !(list && member === 'limit'))
    .map((one) => ({ ...one, member: Object.entries(renamed).find(([, inner]) => inner === one.member)?.[0] ?? one.member }))
  return list ? [...own, ...pageMembers] : own
}

/** Carry a route out. @throws what the operation throws */
export async function runRoute(
  route: OperationRoute,
  given: { params: Readonly<Record<string, string>>; query: URLSearchParams; body: Readonly<Record<string, unknown>> | undefined },
  context: RemoteContext,
): Promise<Response> {
  const operation = await loadRemote(route.operation)
  const query = readQuery(given.query, route.method === 'GET' ? queryMembers(route, operation) : [])
  const { wish, rest } = route.list ? takePage(query) : { wish: undefined, rest: query }
  const renamed = Object.entries({ ...rest, ...given.params }).map(([name, value]) => [route.renamed?.[name] ?? name, value] as const)
  const most = wish && highestLimit(operation)
  const input = { ...given.body, ...Object.fromEntries(renamed), ...route.fixed, ...(most !== undefined && { limit: rowsNeeded(wish!, most) }) }
  const { output, error, text } = await callRemotely(operation, input, context)
  if (error) return answerError(error, output)
  if (!wish) return answerData(output, firstLine(text))
  const page = pageOf(output as Record<string, unknown>, route.list!, wish, rowMembers(operation, route.list!))
  return answerData(page, `Page ${wish.page} of ${String(page.pages)}, ${String(page.total)} ${route.list!}`)
}

/** What the operation says of its output, as far as it fits a line. */
function firstLine(text: string): string {
  const line = text.split('\n', 1)[0]!.replace(/^[✓·›!✗=+-] /, '').trim()
  return line.length > 300 ? `${line.slice(0, 299)}…` : line
}
