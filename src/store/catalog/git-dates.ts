import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** What the history of a repository says of one file, in days such as `2026-01-31`. */
export interface GitDates {
  first: string
  last: string
  /** Git blob SHA-1 of the file as it is committed. */
  sha: string
}

const mostBytes = 256 * 1024 * 1024
const patienceMs = 60_000
const commitMark = '\u0001'

/**
 * When files were committed first and last, by the days of their authors in UTC: these stay when a branch is rebased.
 * @param root - absolute, of the repository or a folder in it
 * @returns by path relative to `root`; undefined without git, without a commit, and of a clone that holds a part of the history only
 */
export async function readGitDates(root: string, below: string): Promise<ReadonlyMap<string, GitDates> | undefined> {
  try {
    if ((await git(root, 'rev-parse', '--is-shallow-repository')).trim() !== 'false') return undefined
    const shas = new Map(parts(await git(root, 'ls-tree', '-r', '-z', 'HEAD', '--', below)).map((line) => [line.slice(line.indexOf('\t') + 1), line.split(/\s/, 3)[2]!]))
    const dates = new Map<string, GitDates>()
    let day = ''
    for (const part of parts(await git(root, 'log', '--relative', '--no-renames', '-z', '--name-only', `--format=${commitMark}%at`, '--', below))) {
      if (part.startsWith(commitMark)) {
        day = new Date(Number(part.slice(1)) * 1000).toISOString().slice(0, 10)
        continue
      }
      const path = part.replace(/^\n/, '')
      const sha = shas.get(path)
      if (sha === undefined) continue
      const known = dates.get(path)
      dates.set(path, { sha, first: known && known.first < day ? known.first : day, last: known && known.last > day ? known.last : day })
    }
    return dates
  } catch {
    return undefined
  }
}

/** Nothing that the configuration of a foreign repository names is run. */
async function git(root: string, ...args: string[]): Promise<string> {
  const fixed = ['--no-pager', '--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'log.showSignature=false', '-c', 'core.quotePath=false']
  const { stdout } = await promisify(execFile)('git', [...fixed, ...args], { cwd: root, maxBuffer: mostBytes, timeout: patienceMs })
  return stdout
}

function parts(text: string): string[] {
  return text.split('\0').filter((one) => one !== '' && one !== '\n')
}
