import * as z from 'zod'
import { contentHash } from '../core/digest.ts'
import type { SiteFile } from '../core/kinds/kind.ts'
import { packStates, stateOf, type PackState } from '../core/pack-plan.ts'
import type { SitesChange, WorkspaceSites } from '../workspace.ts'
import { fileExists } from './asset-change.ts'

/* Files that verbs write: three digests decide, as with packs — of what was written, of what stands there, of what is to come. */

export const writtenFileSchema = z.object({
  file: z.string().describe('Relative to the root.'),
  state: z.enum(packStates),
  action: z.enum(['write', 'update', 'replace', 'merge', 'keep']),
})
export type WrittenFile = z.output<typeof writtenFileSchema>

/** What a conflict was merged to, while the file has the digest that it was merged with. */
export interface MergedSiteFile {
  installed: string
  bytes: Uint8Array
}

const actions: Readonly<Record<PackState, 'write' | 'update' | 'keep'>> = {
  new: 'write',
  gone: 'write',
  outdated: 'update',
  current: 'keep',
  modified: 'keep',
  conflict: 'keep',
}

/**
 * Put files of an asset into a site. What a person wrote or changed stays: a file that was written from the asset and
 * then edited is kept while the asset is the same, and is a conflict when the asset changed too.
 * @param input.onConflict - `replace` writes over everything that was edited, `keep` leaves conflicts as they are
 * @param input.merged - by path, relative to the root; conflicts among them are settled so
 * @param input.filled - what the first file was filled with, for the record
 * @throws FILE_EXISTS naming every conflict, unless they are kept or replaced; nothing is placed then
 */
export function placeSiteFiles(
  change: SitesChange,
  sites: WorkspaceSites,
  input: {
    root: string
    ref: string
    version: string
    files: readonly SiteFile[]
    onConflict: 'refuse' | 'keep' | 'replace'
    merged?: ReadonlyMap<string, MergedSiteFile> | undefined
    filled?: { slots?: Record<string, string>; props?: Record<string, string> }
  },
): WrittenFile[] {
  const { ref, version, onConflict } = input
  const planned = input.files.map(({ target, bytes }) => {
    const path = sites.pathIn(input.root, target)
    const file = sites.shown(path)
    const there = sites.bytesAt(path)
    const recorded = Object.hasOwn(change.file.files, file) ? change.file.files[file] : undefined
    const base = recorded?.ref === ref ? recorded.hash : undefined
    const upstream = contentHash(bytes)
    const installed = there && contentHash(there)
    const state = stateOf({ known: there !== undefined, base, installed, upstream })
    const merged = state === 'conflict' ? input.merged?.get(file) : undefined
    if (merged && merged.installed === installed) return { path, file, bytes: merged.bytes, upstream, state, action: 'merge' as const }
    const isKept = state === 'modified' || state === 'conflict'
    return { path, file, bytes, upstream, state, action: isKept && onConflict === 'replace' ? ('replace' as const) : actions[state] }
  })
  const conflicts = planned.filter(({ state, action }) => state === 'conflict' && action === 'keep')
  if (conflicts.length > 0 && onConflict === 'refuse')
    throw fileExists({ file: conflicts.map(({ file }) => file).join(', '), canForce: true }, { details: { files: conflicts.map(({ file }) => file) } })
  for (const [i, { path, file, bytes, upstream, state, action }] of planned.entries()) {
    if (action !== 'keep') change.place(path, bytes)
    if (action !== 'keep' || state === 'current') change.file.files[file] = { ref, version, hash: upstream, ...(i === 0 && input.filled) }
  }
  return planned.map(({ file, state, action }) => ({ file, state, action }))
}

export function writtenLine({ file, state, action }: WrittenFile): string {
  if (action !== 'keep') return `✓ ${file}  ${action}`
  return `· ${file}  ${state === 'current' ? 'is so already' : 'was edited here and stays (--force writes over it)'}`
}
