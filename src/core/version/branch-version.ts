import inc from 'semver/functions/inc.js'
import coerce from 'semver/functions/coerce.js'
import prerelease from 'semver/functions/prerelease.js'
import type { VersionStep } from '../version-step.ts'

/**
 * The version of a new state on a branch: the next one of the line it came of, with the branch as its pre-release part, so
 * that no branch takes a number that another has. `1.2.0` on `summer` → `1.2.1-summer.1` → `1.2.1-summer.2`.
 * @param taken - every version that the asset has
 */
export function nextBranchVersion(parent: string, branch: string, step: VersionStep, taken: ReadonlySet<string>): string {
  const word = branch.replace(/[^A-Za-z0-9-]/g, '-')
  const core = coerce(parent)?.version ?? '0.0.0'
  const isOnBranch = prerelease(parent)?.[0] === word
  const base = isOnBranch && step === 'patch' ? core : (inc(core, step) ?? core)
  for (let number = 1; ; number++) {
    const version = `${base}-${word}.${number}`
    if (!taken.has(version)) return version
  }
}
