import { createHash } from 'node:crypto'

/** Lower-case hex SHA-256 of bytes or UTF-8 text. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
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
  return JSON.stringify(value, (_key, v: unknown) =>
    v !== null && typeof v === 'object' && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : v,
  )
}

/** SHA-256 hex of a value's canonical JSON. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value))
}
