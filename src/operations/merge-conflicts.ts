import * as z from 'zod'
import type { MergeConflict } from '../core/version/merge-files.ts'
import { emphasized } from './emphasis.ts'

const side = z.unknown().describe('A value, lines of text, or the digest of a file; null where there is none.')

/** What both sides of a merge changed, each otherwise. */
export const conflictSchema = z.object({
  path: z.string().optional().describe('The file; absent for metadata of the manifest.'),
  field: z.string().optional().describe('The field, where the conflict is in one.'),
  line: z.number().int().optional().describe('1-based, in our file, where lines are in conflict.'),
  base: side,
  ours: side,
  theirs: side,
})

/** A conflict as lines for a person. */
export function presentConflict(conflict: MergeConflict | z.output<typeof conflictSchema>): string[] {
  const { path, field, line, base, ours, theirs } = conflict as z.output<typeof conflictSchema>
  const place = [path === undefined ? '' : line === undefined ? path : `${path}:${line}`, field ?? ''].filter(Boolean).join('  ')
  const shown = (value: unknown) => (value === null ? '(none)' : typeof value === 'string' ? value : JSON.stringify(value))
  const told = (name: string, value: unknown) => shown(value).split('\n').map((text, i) => `  ${(i === 0 ? name : '').padEnd(6)}  ${text}`)
  return [emphasized(place, 'place'), ...told('base', base), ...told('ours', ours), ...told('theirs', theirs)]
}
