import { existsSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { findAsset } from '../core/find-asset.ts'
import type { Entry, Manifest } from '../core/manifest.ts'
import { foldedName } from '../core/names.ts'
import { isToken } from '../core/token.ts'
import type { Workspace } from '../workspace.ts'
import { readAssetFile, refreshSources, standardFile } from './asset-change.ts'
import { defineOperation } from './operation.ts'

const someStay = defineError('ORGANIZE_INCOMPLETE', {
  summary: 'Some files could not be moved to their place; the others were.',
  message: (d: { skipped: number; first: string }) =>
    `${d.skipped} ${d.skipped === 1 ? 'file stays' : 'files stay'} where they are. First: ${d.first}`,
})

const moveSchema = z.object({ ref: z.string(), from: z.string(), to: z.string() })
type Move = z.output<typeof moveSchema>
const skippedSchema = z.object({ ref: z.string(), file: z.string(), code: z.string(), message: z.string() })
type Skipped = z.output<typeof skippedSchema>

export default defineOperation({
  input: z.strictObject({ dryRun: z.boolean().default(false).describe('Print the moves, change nothing.') }),
  output: z.object({ moves: z.array(moveSchema), skipped: z.array(skippedSchema), isDryRun: z.boolean() }),
  effect: 'write',
  example: 'assetloom organize --dry-run',
  async run(input, { workspace }) {
    const { moves, skipped } = planMoves(workspace.manifest.read(), workspace)
    if (input.dryRun || moves.length === 0) return { moves, skipped, isDryRun: input.dryRun }
    const temporaries = new Map<string, string>()
    try {
      for (const { ref, from } of moves) {
        const entry = findAsset(workspace.manifest.read().assets, ref)!.entry
        const { bytes } = readAssetFile(ref, { ...entry, file: from }, workspace)
        temporaries.set(ref, await workspace.stageBytes(bytes, entry.hash!))
      }
      const done = workspace.manifest.update((draft, changes) => {
        // Planned again under the lock: only what is still so is moved.
        const plan = planMoves(draft, workspace)
        const now = plan.moves.filter((move) =>
          moves.some((planned) => planned.ref === move.ref && planned.from === move.from),
        )
        for (const { ref, from, to } of now) {
          const entry = draft.assets[ref]!
          changes.place(temporaries.get(ref)!, resolve(workspace.options.root, to))
          changes.remove(resolve(workspace.options.root, from))
          // A place is no property of the asset: its version stays.
          entry.file = to
        }
        return { moves: now, skipped: plan.skipped }
      })
      await refreshSources(workspace)
      return { ...done, isDryRun: false }
    } finally {
      for (const temporary of temporaries.values()) workspace.dropTemporary(temporary)
    }
  },
  verdict: ({ skipped }) =>
    skipped.length > 0 ? someStay({ skipped: skipped.length, first: skipped[0]!.message }) : undefined,
  present: ({ moves, skipped, isDryRun }) =>
    [
      ...(moves.length === 0 && skipped.length === 0 ? ['Every file stands in its place.'] : []),
      ...moves.map(({ from, to }) => `${isDryRun ? '›' : '✓'} ${from} → ${to}`),
      ...skipped.map(({ ref, message }) => `! ${ref}: ${message}`),
    ].join('\n'),
})

/** Files of media assets that do not stand at `assets/<category>/TOKEN.ext`; those whose spec says the place stay. */
function planMoves(manifest: Manifest, workspace: Workspace): { moves: Move[]; skipped: Skipped[] } {
  const moves: Move[] = []
  const skipped: Skipped[] = []
  const taken = new Map<string, string>()
  for (const [ref, entry] of Object.entries(manifest.assets)) if (entry.file) taken.set(foldedName(entry.file), ref)
  for (const [ref, entry] of Object.entries(manifest.assets)) {
    const to = standardPlace(ref, entry, workspace)
    if (to === undefined || to === entry.file) continue
    const from = entry.file!
    const skip = (code: string, message: string) => skipped.push({ ref, file: from, code, message })
    const owner = taken.get(foldedName(to))
    if (owner !== undefined && owner !== ref) skip('NAME_COLLISION', `${to} belongs to ${owner}`)
    else if (!existsSync(resolve(workspace.options.root, from))) skip('ASSET_FILE_MISSING', `${from} is missing`)
    else if (isOccupied(from, to, workspace)) skip('FILE_EXISTS', `${to} exists already and belongs to no asset`)
    else {
      const problem = fileProblem(ref, entry, workspace)
      if (problem) skip(problem.code, problem.message)
      else {
        moves.push({ ref, from, to })
        taken.set(foldedName(to), ref)
      }
    }
  }
  return { moves, skipped }
}

function standardPlace(ref: string, entry: Entry, workspace: Workspace): string | undefined {
  if (!isToken(ref) || !entry.file || !entry.category || !entry.hash || entry.source.type === 'spec') return undefined
  return standardFile(workspace, entry.category, ref, extname(entry.file).slice(1).toLowerCase())
}

/** On a file system that folds case the old name answers to the new one. */
function isOccupied(from: string, to: string, workspace: Workspace): boolean {
  return foldedName(from) !== foldedName(to) && existsSync(resolve(workspace.options.root, to))
}

function fileProblem(ref: string, entry: Entry, workspace: Workspace): { code: string; message: string } | undefined {
  try {
    readAssetFile(ref, entry, workspace)
    return undefined
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    return { code, message }
  }
}
