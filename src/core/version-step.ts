import semver from 'semver'

export type VersionStep = 'patch' | 'minor' | 'major'

/** The version after one; what is no semver counts as 0.0.0, so that a damaged version never stops a change. */
export function nextVersion(version: string, step: VersionStep = 'patch'): string {
  return semver.inc(semver.coerce(version) ?? '0.0.0', step) ?? '1.0.0'
}
