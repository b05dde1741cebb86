import type { StateDb } from './state-db.ts'

/** Code of others that somebody allowed to run here, by the digest of exactly that code. */
export interface Consents {
  has(digest: string): boolean
  /** @param consent.what - whose code it is, for whoever looks into the database; at: ISO time */
  add(consent: { digest: string; what: string; at: string }): void
}

export function createConsents(state: StateDb): Consents {
  return {
    has: (digest) => state.open().prepare('SELECT 1 FROM consents WHERE digest = ?').get(digest) !== undefined,
    add({ digest, what, at }) {
      state.open().prepare('INSERT OR IGNORE INTO consents (digest, what, at) VALUES (?, ?, ?)').run(digest, what, at)
    },
  }
}
