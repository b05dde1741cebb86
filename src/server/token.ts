import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A token of 256 bits, in letters that need no encoding. */
export const makeToken = (): string => randomBytes(32).toString('base64url')

/** Compares in a time that tells nothing of how much was right, not even of the length. */
export function isToken(given: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given ?? ''), digest(token)) && given !== undefined
}

/** The token of an Authorization header. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer ([\x21-\x7e]+)$/i.exec(authorization ?? '')?.[1]
}
