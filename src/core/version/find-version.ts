import valid from 'semver/functions/valid.js'
import { defineError } from '../errors.ts'
import type { Entry } from '../manifest.ts'
import { didYouMean } from '../near.ts'
import { mainBranch, type HistoryLine } from './history-line.ts'

const versionUnknown = defineError('VERSION_UNKNOWN', {
  summary: 'An asset has no such version, label or branch.',
  message: (d: { ref: string; version: string; known: readonly string[] }) =>
    `${d.ref} has no version, label or branch ${JSON.stringify(d.version)}. It has ${shortened(d.known).join(', ')}.`,
  hint: (d) => didYouMean(d.version, d.known) ?? `assetloom versions ${d.ref} lists them all.`,
  http: 404,
})

const nameInvalid = defineError('VERSION_NAME_INVALID', {
  summary: 'A label or branch has a name that it cannot have.',
  message: (d: { what: string; name: string; why: string }) => `${JSON.stringify(d.name)} can be no name of a ${d.what}: ${d.why}.`,
  hint: () => 'Take a word of letters, digits, "-", "_" and "/", such as production or feature/summer.',
  exit: 2,
})

/** The label that always names the newest version. */
export const latestLabel = 'latest'

/** An asset with all that is known of its versions. */
export interface AssetHistory {
  ref: string
  entry: Entry
  /** Oldest first; the last of `main` is the entry's. */
  lines: readonly HistoryLine[]
}

/** Labels of an entry with the versions they stand at. */
export function labelsOf(entry: Entry): Readonly<Record<string, string>> {
  return (entry.labels as Record<string, string> | undefined) ?? {}
}

/** The newest line of a branch. */
export function tipOf(lines: readonly HistoryLine[], branch: string): HistoryLine | undefined {
  return lines.findLast((line) => line.branch === branch)
}

/** Branches beside `main`, in the order they were made. */
export function branchesOf(lines: readonly HistoryLine[]): string[] {
  return [...new Set(lines.map(({ branch }) => branch))].filter((branch) => branch !== mainBranch)
}

/**
 * The line that a version, label or branch stands for. When two states carry one version number (an installed pack
 * brings its own), the later is meant.
 * @throws VERSION_UNKNOWN naming what there is
 */
export function requireVersion({ ref, entry, lines }: AssetHistory, name: string): HistoryLine {
  const version = name === latestLabel || name === mainBranch ? entry.version : (labelsOf(entry)[name] ?? name)
  const found =
    lines.findLast((line) => line.version === version && line.branch === mainBranch) ??
    lines.findLast((line) => line.version === version) ??
    tipOf(lines, name)
  if (found) return found
  const versions = [...new Set(lines.map((line) => line.version))].reverse()
  const known = [...versions, latestLabel, ...Object.keys(labelsOf(entry)), ...branchesOf(lines)]
  throw versionUnknown({ ref, version: name, known }, { details: { ref, known } })
}

/**
 * Refuse a name that could be taken for something else behind `@`.
 * @throws VERSION_NAME_INVALID
 */
export function requireVersionName(what: 'label' | 'branch', name: string, { entry, lines }: AssetHistory): void {
  const refuse = (why: string) => nameInvalid({ what, name, why })
  if (!/^[A-Za-z][A-Za-z0-9_-]*(?:\/[A-Za-z0-9_-]+)*$/.test(name) || name.length > 64) throw refuse('it is no such word')
  if (valid(name) !== null || /^v\d/i.test(name)) throw refuse('it looks like a version')
  if (name === latestLabel) throw refuse('it always names the newest version')
  if (name === mainBranch) throw refuse('the manifest itself is on it')
  if (what === 'label' && branchesOf(lines).includes(name)) throw refuse('a branch has it')
  if (what === 'branch' && Object.hasOwn(labelsOf(entry), name)) throw refuse('a label has it')
}

/** So many versions are named before the rest is only counted. */
const mostNamed = 12

function shortened(known: readonly string[]): readonly string[] {
  return known.length <= mostNamed ? known : [...known.slice(0, mostNamed), `and ${known.length - mostNamed} more`]
}
