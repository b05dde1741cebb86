import * as z from 'zod'
import { branchesOf, labelsOf, latestLabel, tipOf } from '../core/version/find-version.ts'
import { isSameContent } from '../core/version/snapshot.ts'
import { mainBranch } from '../core/version/history-line.ts'
import { defineOperation } from './operation.ts'

const versionRow = z.object({
  version: z.string(),
  digest: z.string().describe('Of the state: what the manifest said of it, with the digests of its files.'),
  date: z.string(),
  author: z.string().optional(),
  message: z.string().optional(),
  parent: z.string().optional().describe('The version it came of.'),
  merged: z.string().optional().describe('The version that was merged into it.'),
  branch: z.string(),
  labels: z.array(z.string()).describe('Labels that stand at it.'),
})

export default defineOperation({
  input: z.strictObject({ ref: z.string().min(1).describe('Token, id or alias.') }),
  output: z.object({
    ref: z.string(),
    version: z.string().describe('The present one.'),
    isRecorded: z.boolean().describe('False when it was changed by hand since its last version.'),
    versions: z.array(versionRow).describe('Oldest first.'),
    branches: z.array(z.object({ name: z.string(), version: z.string().describe('Its newest.') })),
    labels: z.record(z.string(), z.string()),
  }),
  positional: ['ref'],
  effect: 'read',
  example: 'assetloom versions LOGO-ACME-MARK001',
  async run(input, { workspace }) {
    const versions = await workspace.versions()
    const { ref, entry, lines } = versions.history(input.ref)
    const labels = { ...labelsOf(entry), [latestLabel]: entry.version }
    return {
      ref,
      version: entry.version,
      isRecorded: isSameContent((await versions.readVersion(ref, latestLabel)).entry, entry),
      // The line that begins a branch tells of no new state.
      versions: lines
        .filter(({ branch, version, parent }) => branch === mainBranch || version !== parent)
        .map((line) => ({
          ...line,
          labels: Object.entries(labels).flatMap(([label, version]) => (version === line.version ? [label] : [])),
        })),
      branches: branchesOf(lines).map((name) => ({ name, version: tipOf(lines, name)!.version })),
      labels,
    }
  },
  present: ({ ref, isRecorded, versions, branches }) =>
    [
      ref,
      ...(isRecorded ? [] : [`  changed by hand since; assetloom version create ${ref} -m "…" records it`]),
      ...versions.toReversed().map(({ version, date, author, message, branch, labels }) => {
        const about = [branch === mainBranch ? '' : `(${branch})`, ...labels.map((label) => `@${label}`), author ?? '', message ?? '']
        return `  ${version.padEnd(14)} ${date}  ${about.filter(Boolean).join('  ')}`.trimEnd()
      }),
      ...branches.map(({ name, version }) => `  branch ${name} at ${version}`),
    ].join('\n'),
})
