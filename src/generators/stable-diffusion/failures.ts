import type { Fault, ReadFault } from '../http/answer-failure.ts'
import { oneLine } from '../http/error-text.ts'

type Fields = Record<string, unknown>

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const textOf = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? [value.trim()] : [])

/** What is wrong with one field of a request, as FastAPI tells it. */
function fieldProblem(problem: unknown): string[] {
  const { loc, msg } = fieldsOf(problem)
  const place = Array.isArray(loc) ? loc.filter((part) => part !== 'body').join('.') : ''
  return textOf(msg).map((text) => (place ? `${place}: ${text}` : text))
}

/** What is wrong with the nodes of a graph, as ComfyUI tells it. */
function nodeProblems(nodes: unknown): string[] {
  return Object.entries(fieldsOf(nodes)).flatMap(([id, node]) => {
    const { class_type, errors } = fieldsOf(node)
    const problems = Array.isArray(errors) ? errors.map(fieldsOf) : []
    const name = textOf(class_type)[0] ?? `node ${id}`
    return problems.map(({ message, details }) => [`${name}:`, ...textOf(message), ...textOf(details)].join(' '))
  })
}

/**
 * All that the error of a self-hosted server says, in one line: `error` is a text or an object, `detail` a text or a
 * list of fields, and the part that helps may stand in any of them.
 */
export function saidBy(body: unknown): string | undefined {
  const { error, message, detail, errors, node_errors } = fieldsOf(body)
  const inner = fieldsOf(error)
  const said = [
    ...textOf(error),
    ...textOf(inner.message),
    ...textOf(message),
    ...textOf(errors),
    ...(Array.isArray(detail) ? detail.flatMap(fieldProblem) : textOf(detail)),
    ...nodeProblems(node_errors),
    ...textOf(inner.details),
  ]
  return said.length > 0 ? oneLine([...new Set(said)].join('; ')) : undefined
}

/** What an error answer means beyond its status. */
export const readFault: ReadFault = ({ status, body }: Fault) => {
  const message = saidBy(body)
  const hint = hints[status]
  return { ...(message && { message }), ...(hint && { hint }) }
}

const hints: Readonly<Record<number, string>> = {
  401: 'The server asks for a password, for which there is no option: start it without --api-auth.',
  404: 'Check baseURL and flavor; A1111 and Forge have their API only when started with --api.',
}
