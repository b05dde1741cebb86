import * as z from 'zod'
import { describeIssues } from '../core/check-document.ts'
import { didYouMean } from '../core/near.ts'
import { shippedProviders } from './providers-schema.ts'
import { optionsSchema } from './schema.ts'

/** Below these stand keys: what was written there is not repeated. */
const secretive = new Set<PropertyKey | undefined>(['providers', 'catalog', 'cache', 'search'])

/** One zod issue as a sentence for the person who wrote the options; what is misspelt gets the allowed words. */
export function describeOptionIssue(issue: z.core.$ZodIssue, options: unknown): string[] {
  if (issue.code === 'unrecognized_keys') {
    const allowed = allowedKeys(issue.path)
    return issue.keys.map((key) => misspelt([...issue.path, key], 'option', allowed))
  }
  if (issue.code === 'custom' && issue.path[0] === 'providers' && issue.path.length === 2) {
    const id = String(issue.path[1])
    return [
      `${misspelt(issue.path, 'provider', Object.keys(shippedProviders))}; or { ${/^[a-z]\w*$/i.test(id) ? id : JSON.stringify(id)}: defineProvider({ … }) }`,
    ]
  }
  // An address of GitHub holds no key.
  const { catalog } = (options ?? {}) as { catalog?: unknown }
  if (issue.path.length === 1 && issue.path[0] === 'catalog' && typeof catalog === 'string')
    return [`catalog: must be a list: catalog: ['${/^github:[\w./#-]+$/.test(catalog) ? catalog : 'github:owner/repo'}']`]
  return describeIssues([issue], optionsSchema, options).map(({ path, message, allowed, hint }) => {
    const plain = secretive.has(path[0])
      ? message.replace(
          /,? and is the (?:text|number|boolean) [^]*$|^the (?:text|number|boolean) [^]*(?= is not allowed here$)/,
          '',
        )
      : message
    return `${path.map(String).join('.') || 'the options'}: ${plain.trim()}${hint ? ` (${hint})` : ''}${allowed?.length ? `; allowed: ${allowed.join(', ')}` : ''}`
  })
}

function misspelt(path: readonly PropertyKey[], what: string, allowed: readonly string[]): string {
  const suggestion = didYouMean(String(path.at(-1)), allowed)
  return `there is no ${what} "${path.map(String).join('.')}"${suggestion ? ` (${suggestion})` : ''}${allowed.length ? `; allowed: ${allowed.join(', ')}` : ''}`
}

interface GroupSchema {
  properties?: Record<string, GroupSchema>
  /** Of a group whose names are free. */
  additionalProperties?: GroupSchema | boolean
  /** Of a choice, the one that is a group. */
  anyOf?: GroupSchema[]
}

function allowedKeys(path: readonly PropertyKey[]): string[] {
  const fieldsOf = (schema: GroupSchema | undefined) =>
    schema?.properties ?? schema?.anyOf?.find((one) => one.properties)?.properties ?? {}
  let schema = z.toJSONSchema(optionsSchema, { unrepresentable: 'any', io: 'input' }) as GroupSchema | undefined
  for (const part of path) {
    const free = schema?.additionalProperties
    schema = fieldsOf(schema)[String(part)] ?? (typeof free === 'object' ? free : undefined)
  }
  return Object.keys(fieldsOf(schema))
}
