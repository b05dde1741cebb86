import type { InputMember } from '../operations/input-members.ts'
import { queryInvalid } from './request-errors.ts'

/**
 * The members that a query gives: lists by repeating the member or with commas, numbers and true/false as such.
 * @param members - what may stand there
 * @throws QUERY_INVALID naming what is allowed
 */
export function readQuery(query: URLSearchParams, members: readonly Pick<InputMember, 'member' | 'type'>[]): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const name of new Set(query.keys())) {
    const member = members.find((one) => one.member === name)
    if (!member) throw queryInvalid({ problem: `${JSON.stringify(name)} is no member of the query`, allowed: members.map((one) => one.member) })
    const values = query.getAll(name)
    if (member.type === 'list') {
      input[name] = values.flatMap((text) => text.split(',')).map((text) => text.trim()).filter((text) => text !== '')
      continue
    }
    if (member.type === 'texts' && values.length > 1) {
      input[name] = values
      continue
    }
    if (values.length > 1) throw queryInvalid({ problem: `${name} stands ${values.length} times and may stand once` })
    input[name] = valueOf(values[0]!, member.type)
  }
  return input
}

/** What is no number, and neither true nor false, stays text: the schema then says what is wrong. */
function valueOf(text: string, type: InputMember['type']): unknown {
  if (type === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}
