import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { requireAsset } from '../core/find-asset.ts'
import { createGraph } from '../core/graph/graph.ts'
import { filesOf } from '../core/manifest.ts'
import { isToken } from '../core/token.ts'
import { refreshSources } from './asset-change.ts'
import { defineOperation } from './operation.ts'
import { removeAssets } from './remove-assets.ts'

const inUse = defineError('ASSET_IN_USE', {
  summary: 'An asset that others depend on or code imports is not deleted without --force.',
  message: (d: { ref: string; dependents: string[]; usedIn: { file: string; line: number }[] }) =>
    `${d.ref} is in use: ${[...d.dependents.map((ref) => `${ref} depends on it`), ...d.usedIn.map(({ file, line }) => `${file}:${line}`)].join(', ')}.`,
  hint: (d) => `Take the uses away first, or pass --force${isToken(d.ref) ? ': its number is never issued again' : ''}.`,
  exit: 5,
  http: 409,
})

const notConfirmed = defineError('NOT_CONFIRMED', {
  summary: 'A question was answered with no; nothing was changed.',
  message: (d: { what: string }) => `${d.what} Nothing was changed.`,
  hint: () => 'Pass --yes to go on without the question.',
})

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('Token, id or alias.'),
    force: z.boolean().default(false).describe('Delete it even while something uses it.'),
  }),
  output: z.object({
    ref: z.string(),
    files: z.array(z.string()).describe('Files that were taken away.'),
    dependents: z.array(z.string()).describe('Assets that still name it.'),
    usedIn: z.array(z.object({ file: z.string(), line: z.number().int() })).describe('Code that still names it.'),
  }),
  positional: ['ref'],
  effect: 'write',
  isDestructive: () => true,
  example: 'assetloom delete ICON-ACME-UI004',
  async run(input, { workspace, confirm, isInteractive }) {
    const { assets } = workspace.manifest.read()
    const { ref, entry: current } = requireAsset(assets, input.ref)
    const own = new Set(filesOf(current))
    const usedIn = ((await workspace.findUsages()).get(ref) ?? []).filter(({ file }) => !own.has(file))
    const dependents = [...createGraph(assets).dependentsOf(ref)]
    if ((dependents.length > 0 || usedIn.length > 0) && !input.force)
      throw inUse({ ref, dependents, usedIn }, { details: { ref, dependents, usedIn } })
    if (isInteractive && !(await confirm(`Delete ${ref}?${isToken(ref) ? ' Its number is never issued again.' : ''}`, 'no')))
      throw notConfirmed({ what: `${ref} was not deleted.` })

    const files = workspace.manifest.update((draft, changes) => {
      requireAsset(draft.assets, ref)
      // Under the lock: another process may have come to need it.
      const needed = [...createGraph(draft.assets).dependentsOf(ref)]
      if (needed.length > 0 && !input.force)
        throw inUse({ ref, dependents: needed, usedIn }, { details: { ref, dependents: needed, usedIn } })
      return removeAssets(draft, changes, [ref], workspace)
    })
    await refreshSources(workspace)
    workspace.log.write({ event: 'ASSET_DELETED', level: 'info', subsystem: 'delete', ref, message: `Deleted ${ref}.` })
    return { ref, files, dependents, usedIn }
  },
  present: ({ ref, files, dependents, usedIn }) =>
    [
      `✓ ${ref} deleted${files.length > 0 ? `, with ${files.join(', ')}` : ''}.${isToken(ref) ? ' Its number is not issued again.' : ''}`,
      ...dependents.map((other) => `! ${other} still depends on it`),
      ...usedIn.map(({ file, line }) => `! ${file}:${line} still names it`),
    ].join('\n'),
})
