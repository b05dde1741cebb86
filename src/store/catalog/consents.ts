import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomic } from '../atomic-write.ts'
import type { UserPaths } from './user-folder.ts'

/** What code a user has looked at and let in: a file per digest. Other bytes have another digest, and are asked anew. */
export interface Consents {
  has(digest: string): boolean
  give(digest: string, ref: string): void
}

export function createConsents({ consents: folder, temp }: UserPaths): Consents {
  const fileOf = (digest: string) => join(folder, digest.replace(/^sha256:/, ''))
  return {
    has: (digest) => existsSync(fileOf(digest)),
    give(digest, ref) {
      mkdirSync(folder, { recursive: true })
      writeFileAtomic(fileOf(digest), `${ref}\n`, temp)
    },
  }
}
