import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { defineOperation } from './operation.ts'

const noRepository = defineError('INDEX_NO_REPOSITORY', {
  summary: 'The folder that is to be indexed is no repository of assets.',
  message: (d: { folder: string; why: string }) => `${d.folder} cannot be indexed: ${d.why}.`,
  hint: () => 'A catalog has its assets at assets/<type>/<category>/<name>.<ext>, each with a sidecar <name>.meta.toml, or as <name>.asset.yaml.',
  exit: 2,
})
const indexRefused = defineError('INDEX_REFUSED', {
  summary: 'A repository of assets has faults, so that no index was written.',
  message: (d: { count: number; first: string }) => `${d.count === 1 ? 'One fault' : `${d.count} faults`} in the repository; no index was written. First: ${d.first}`,
  hint: () => 'Mend them, then run assetloom index again.',
})
const indexStale = defineError('INDEX_STALE', {
  summary: 'assets/index.csv is not what the assets of the repository give.',
  message: (d: { added: number; changed: number; removed: number }) => `assets/index.csv is stale: ${d.added} new, ${d.changed} changed, ${d.removed} gone.`,
  hint: () => 'Run assetloom index and commit assets/index.csv.',
  exit: 4,
})

const states = ['written', 'current', 'stale', 'refused'] as const
type State = (typeof states)[number]

export default defineOperation({
  input: z.strictObject({
    dir: z.string().min(1).default('.').describe('The repository. Default: the project.'),
    check: z.boolean().default(false).describe('Write nothing; say whether the index is what the assets give (exit code 4 when not).'),
  }),
  output: z.object({
    file: z.string().describe('assets/index.csv, absolute.'),
    assets: z.number().int(),
    added: z.array(z.string()).describe('Refs that the index did not have.'),
    changed: z.array(z.string()),
    removed: z.array(z.string()),
    isGit: z.boolean(),
    state: z.enum(states),
    problems: z.array(z.object({ file: z.string(), problem: z.string(), severity: z.enum(['error', 'warning']) })),
  }),
  positional: ['dir'],
  effect: 'write',
  paths: ({ dir }) => [dir],
  example: 'assetloom index --check',
  async run({ dir, check }, { workspace }) {
    const root = resolve(workspace.options.root, dir)
    if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) throw noRepository({ folder: root, why: 'there is no such folder' })
    const { compareIndex, formatIndex, indexPath, scanRepository } = await workspace.catalogRepository()
    const scan = await scanRepository({ root, today: workspace.timestamp().slice(0, 10) })
    if (!scan.hasAssets) throw noRepository({ folder: root, why: 'it has no folder assets' })
    const file = join(root, indexPath)
    const text = formatIndex(scan.rows)
    const isRefused = scan.problems.some(({ severity }) => severity === 'error')
    const isCurrent = text === scan.previous
    const state: State = isRefused ? 'refused' : isCurrent ? 'current' : check ? 'stale' : 'written'
    if (state === 'written') workspace.writeVerified(file, new TextEncoder().encode(text))
    return {
      file,
      assets: scan.rows.length,
      ...compareIndex(scan),
      isGit: scan.isGit,
      state,
      problems: scan.problems,
    }
  },
  verdict({ state, problems, added, changed, removed }) {
    const errors = problems.filter(({ severity }) => severity === 'error')
    if (state === 'refused') return indexRefused({ count: errors.length, first: `${errors[0]!.file}: ${errors[0]!.problem}` })
    return state === 'stale' ? indexStale({ added: added.length, changed: changed.length, removed: removed.length }) : undefined
  },
  present: ({ assets, state, isGit, problems }) =>
    [
      isGit ? '✓ Git repository detected' : '⚠ This is no Git repository',
      '✓ Assets directory found',
      `Found ${assets} ${assets === 1 ? 'asset' : 'assets'}`,
      ...problems.map(({ file, problem, severity }) => `${severity === 'error' ? '✗' : '⚠'} ${file}: ${problem}`),
      ...(state === 'written'
        ? ['', `✓ Generated index with ${assets} assets`, 'Updated: assets/index.csv', '', 'Ready to commit:', '  git add assets/', '  git commit -m "Regenerate catalog index"']
        : []),
      ...(state === 'current' ? ['', '✓ assets/index.csv is up to date'] : []),
    ].join('\n'),
})
