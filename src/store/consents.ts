import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomic } from './atomic-write.ts'

/**
 * Code of others that a user let in: a file per digest, for all projects of the user. Other bytes have another digest, and
 * are asked anew.
 */
export interface Consents {
  has(digest: string): boolean
  /** @param what - whose code it is, for whoever looks into the folder */
  give(digest: string, what: string): void
}

/** @param onFault - a consent could not be kept: it holds for this process only */
export function createConsents({ folder, temp, onFault }: { folder: string; temp: string; onFault(fault: unknown): void }): Consents {
  const given = new Set<string>()
  const fileOf = (digest: string) => join(folder, digest.replace(/^sha256:/, ''))
  return {
    has: (digest) => given.has(digest) || existsSync(fileOf(digest)),
    give(digest, what) {
      given.add(digest)
      try {
        mkdirSync(folder, { recursive: true })
        writeFileAtomic(fileOf(digest), `${what}\n`, temp)
      } catch (fault) {
        onFault(fault)
      }
    },
  }
}
