import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Files by path. */
export type Files = Readonly<Record<string, string | Uint8Array>>

/** A repository as GitHub serves it: commits that never change, and branches that move. */
export interface FakeRepository {
  /** Put a state of all files; the branch moves to it. @returns its commit */
  commit(files: Files, branch?: string): string
  /** The commit of a branch, a commit or HEAD. */
  resolve(ref: string): string | undefined
  files(commit: string): ReadonlyMap<string, Buffer> | undefined
}

export function gitSha(bytes: string | Uint8Array): string {
  const data = Buffer.from(bytes)
  return createHash('sha1').update(`blob ${data.length}\0`).update(data).digest('hex')
}

export function createRepository(): FakeRepository {
  const commits = new Map<string, Map<string, Buffer>>()
  const branches = new Map<string, string>()
  return {
    commit(files, branch = 'main') {
      const content = new Map(Object.entries(files).map(([path, bytes]) => [path, Buffer.from(bytes as Uint8Array)]))
      const hash = createHash('sha1').update(String(commits.size))
      for (const [path, bytes] of [...content].sort()) hash.update(path).update(bytes)
      const sha = hash.digest('hex')
      commits.set(sha, content)
      branches.set(branch, sha)
      if (branch === 'main') branches.set('HEAD', sha)
      return sha
    },
    resolve: (ref) => (commits.has(ref) ? ref : branches.get(ref)),
    files: (commit) => commits.get(commit),
  }
}

/** The files of a folder on the disk, by POSIX path. */
export function filesOfFolder(folder: string): Files {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !join(entry.parentPath, entry.name).includes('node_modules'))
      .map((entry) => {
        const path = join(entry.parentPath, entry.name)
        return [path.slice(folder.length + 1).split('\\').join('/'), readFileSync(path)]
      }),
  )
}
