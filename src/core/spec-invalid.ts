import { defineError } from './errors.ts'

/** Most bytes of a spec file; looked at before anything is parsed. */
export const maxSpecBytes = 1_000_000

/** What is wrong with a document that people write, and where. */
export interface DocumentError {
  file: string
  line?: number
  column?: number
  field: string
  problem: string
  allowed?: readonly string[]
  hint?: string
  /** How many more problems the file has. */
  further?: number
}

/** `specs/a.yaml:3:1: prompt must be a text. Allowed: …` */
export function documentErrorText(d: DocumentError): string {
  return (
    `${d.file}${d.line ? `:${d.line}:${d.column}` : ''}: ${d.field ? `${d.field} ` : ''}${d.problem}.` +
    (d.allowed?.length ? ` Allowed: ${d.allowed.join(', ')}.` : '') +
    (d.further ? ` (${d.further} more in this file)` : '')
  )
}

export const specInvalid = defineError('SPEC_INVALID', {
  summary: 'A spec or template has a field that is unknown, missing or not allowed, or is no YAML.',
  message: (d: DocumentError) => documentErrorText(d),
  hint: (d) => d.hint ?? 'docs/spec-reference.md describes every field; schema/spec.json lets an editor complete them.',
})
