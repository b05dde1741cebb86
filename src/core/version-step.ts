// Two functions and not the whole: its index is fifty small files, which every command and build would load.
import coerce from 'semver/functions/coerce.js'
import inc from 'semver/functions/inc.js'

export type VersionStep = 'patch' | 'minor' | 'major'

/** The version after one; what is no semver counts as 0.0.0, so that a damaged version never stops a change. */
export function nextVersion(version: string, step: VersionStep = 'patch'): string {
  return inc(coerce(version) ?? '0.0.0', step) ?? '1.0.0'
}
