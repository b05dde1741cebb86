import { createHash, hash } from 'node:crypto'

/** The name that git gives to a file with these bytes: SHA-1 of them behind a short head. */
export function gitBlobSha(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

/** Lower-case hex SHA-256 of bytes or UTF-8 text. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex')
}

/** The digest spelling of the manifest: `sha256:` and 64 hex digits. */
export function contentHash(bytes: Uint8Array): string {
  return `sha256:${sha256(bytes)}`
}

/** The eight hex digits that name a content-hash folder. */
export function hash8(hash: string): string {
  return hash.replace(/^sha256:/, '').slice(0, 8)
}

/**
 * JSON with sorted keys and no white space: equal values give equal text.
 * `undefined` members are left out, as `JSON.stringify` does.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value))
}

/** A copy first: a replacer, which JSON.stringify calls for each member, takes three times as long. */
function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(sorted)
  const { toJSON } = value as { toJSON?: unknown }
  if (typeof toJSON === 'function') return sorted(toJSON.call(value))
  const members = value as Record<string, unknown>
  return Object.fromEntries(
    Object.keys(members)
      .sort()
      .map((key) => [key, sorted(members[key])]),
  )
}

/** SHA-256 hex of a value's canonical JSON. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value))
}
