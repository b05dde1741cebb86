import { bodyInvalid } from './request-errors.ts'

/** Names that reach into what every object has. */
const reserved: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** The JSON object of a body; none is an empty one. @throws BODY_INVALID */
export async function readBody(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text()
  if (text.trim() === '') return {}
  let found: string | undefined
  let value: unknown
  try {
    value = JSON.parse(text, (name, inner: unknown) => {
      if (reserved.has(name)) found = name
      return inner
    })
  } catch {
    throw bodyInvalid({ why: 'is no JSON' })
  }
  if (found !== undefined) throw bodyInvalid({ why: `has a member ${found}, which can be no name` })
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bodyInvalid({ why: 'is no object' })
  return value as Record<string, unknown>
}
