import type { Manifest } from './manifest.ts'
import { isToken, seriesOfToken } from './token.ts'

/** The highest number in use, by series, where the manifest records a lower one: after a merge or an edit by hand. */
export function sequencesBehind(manifest: Pick<Manifest, 'sequences' | 'assets'>): Map<string, number> {
  const behind = new Map<string, number>()
  for (const ref of Object.keys(manifest.assets)) {
    if (!isToken(ref)) continue
    const series = seriesOfToken(ref)
    const sequence = Number(ref.slice(-3))
    if (sequence > Math.max(manifest.sequences[series] ?? 0, behind.get(series) ?? 0)) behind.set(series, sequence)
  }
  return behind
}

/** Make the recorded numbers cover every token in use, so that none is issued twice. */
export function raiseSequences(manifest: Pick<Manifest, 'sequences' | 'assets'>): void {
  for (const [series, sequence] of sequencesBehind(manifest)) manifest.sequences[series] = sequence
}
