import { AssetloomError } from './errors.ts'
import { failureOf, providerFailure } from './provider-failure.ts'

/** What stands in the place of a secret. */
const redacted = '[redacted]'

/** A shorter value is no secret worth the name, and taking it out would tear words apart. */
const shortestSecret = 8

/** Takes secrets out of what is told: messages, logs, reports, records of what a provider said. */
export interface Redactor {
  text(text: string): string
  /** Every text in a JSON-like value; what is neither a list nor a plain group stays as it is. */
  value<T>(value: T): T
  /** An error with the same code or name whose message, hint, details and causes hold no secret. */
  error(error: unknown): unknown
}

/** Name and password in a URL, whoever's they are. */
const urlCredentials = /(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/?#@"'<>]{1,500}@/gi

/**
 * Take out the given secrets, also in the spellings they have in a URL, in JSON and in a Basic header, and what stands
 * before the @ of a URL.
 */
export function createRedactor(secrets: Iterable<string>): Redactor {
  const spellings = new Set<string>()
  for (const secret of secrets) {
    if (secret.length < shortestSecret) continue
    for (const one of [secret, urlSpelling(secret), JSON.stringify(secret).slice(1, -1), base64(secret)])
      spellings.add(one)
  }
  // Longest first: one secret may be the beginning of another.
  const known = [...spellings].sort((a, b) => b.length - a.length)

  const text = (given: string) => {
    let clean = given
    for (const one of known) if (clean.includes(one)) clean = clean.replaceAll(one, redacted)
    return clean.includes('://') ? clean.replace(urlCredentials, `$1${redacted}@`) : clean
  }
  const value = (given: unknown): unknown => {
    if (typeof given === 'string') return text(given)
    if (Array.isArray(given)) return given.map(value)
    if (given instanceof Error) return error(given)
    if (given === null || typeof given !== 'object' || !isPlain(given)) return given
    return Object.fromEntries(Object.entries(given).map(([key, item]) => [text(key), value(item)]))
  }
  const error = (given: unknown): unknown => {
    if (!(given instanceof Error)) return typeof given === 'string' ? text(given) : given
    const cause = given.cause === undefined ? undefined : error(given.cause)
    const clean =
      given instanceof AssetloomError
        ? cleanAssetloomError(given, cause)
        : namedError(given.name, text(given.message), cause)
    if (given.stack !== undefined) clean.stack = text(given.stack)
    return clean
  }
  const cleanAssetloomError = (given: AssetloomError, cause: unknown): AssetloomError => {
    const failure = failureOf(given)
    if (failure) return providerFailure(value(failure) as typeof failure, cause)
    const { code, exit, http, location } = given
    return new AssetloomError(
      { code, exit, http },
      {
        message: text(given.message),
        hint: given.hint && text(given.hint),
        location,
        cause,
        details: value(given.details) as Record<string, unknown> | undefined,
      },
    )
  }
  return { text, value: value as Redactor['value'], error }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function namedError(name: string, message: string, cause: unknown): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause })
  error.name = name
  return error
}

function urlSpelling(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    // Half a character has no such spelling.
    return text
  }
}

/** Without padding: as the beginning of a longer text it has none. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text))).replace(/=+$/, '')
}

/** Variables that are called like a secret. */
const secretName = /(?:^|_)(?:API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?)$/i
/** A short value under such a name is more likely a word than a key. */
const shortestGuessed = 12

/** Values of environment variables that are called like a secret: KEY, TOKEN, SECRET, PASSWORD … */
export function secretsIn(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && value.length >= shortestGuessed && secretName.test(name) ? [value] : [],
  )
}

/** Members of options that hold secrets, wherever they stand. */
const secretMembers = new Set(['apiKey', 'clientId', 'clientSecret', 'token'])

/** Secrets within options, and names and passwords in their URLs. */
export function secretsWithin(options: unknown): string[] {
  if (options === null || typeof options !== 'object') return []
  return Object.entries(options).flatMap(([key, value]) => {
    if (typeof value !== 'string')
      return typeof value === 'object' && value !== null && (Array.isArray(value) || isPlain(value))
        ? secretsWithin(value)
        : []
    if (secretMembers.has(key)) return [value]
    if (!URL.canParse(value)) return []
    const { username, password } = new URL(value)
    return [username, password].filter(Boolean).flatMap((one) => [one, decoded(one)])
  })
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
