import { finding, type Finding } from './asset-findings.ts'
import type { Entry } from './manifest.ts'
import type { MediaFacts } from './media.ts'

/** What the disk says of one file of an asset. */
export type FileReport =
  | { state: 'missing' | 'pointer' | 'changed'; file: string }
  | { state: 'damaged' | 'mistyped'; file: string; why: string }
  /** Read and decoded; `stripped` names what cleaning would take out. */
  | { state: 'whole'; file: string; facts?: MediaFacts; stripped: readonly string[] }

const factNames = ['widthPx', 'heightPx', 'durationMs', 'sampleRateHz', 'channels'] as const

/** Findings on a file from what the disk says. */
export function fileFindings(ref: string, entry: Entry, report: FileReport): Finding[] {
  const { file } = report
  switch (report.state) {
    case 'missing':
      return [
        finding(
          ref,
          'FILE_MISSING',
          `${file} is not on the disk.`,
          `Take it back from git, or delete the asset: assetloom delete ${ref}.`,
        ),
      ]
    case 'pointer':
      return [
        finding(ref, 'FILE_POINTER', `${file} is a Git LFS pointer: its content was not fetched.`, 'Run git lfs pull.'),
      ]
    case 'changed':
      return [
        finding(
          ref,
          'FILE_CHANGED',
          `${file} is not the file that the manifest records.`,
          'Run assetloom sync to record it, or take the old file back from git.',
        ),
      ]
    case 'damaged':
      return [
        finding(
          ref,
          'FILE_DAMAGED',
          `${file} cannot be read: ${report.why}`,
          'Take a good copy: assetloom update <ref> --file <copy>.',
        ),
      ]
    case 'mistyped':
      return [
        finding(
          ref,
          'FILE_TYPE',
          report.why,
          'assetloom refine <ref> --convert changes the format; renaming does not.',
        ),
      ]
    case 'whole': {
      const isSvg = entry.mediaType === 'image/svg+xml'
      const stale = factNames.filter(
        (name) => report.facts && file === entry.file && !agrees(entry[name], report.facts[name]),
      )
      return [
        ...(report.stripped.length > 0
          ? [
              isSvg
                ? finding(
                    ref,
                    'SVG_UNSAFE',
                    `${file} holds ${report.stripped.join(', ')}.`,
                    'Run assetloom validate --fix, which takes it out.',
                  )
                : finding(
                    ref,
                    'PRIVATE_METADATA',
                    `${file} holds ${report.stripped.join(', ')}; a place or a person may stand in it.`,
                    'Run assetloom validate --fix, which takes it out.',
                  ),
            ]
          : []),
        ...(stale.length > 0
          ? [
              finding(
                ref,
                'FACTS_STALE',
                `The manifest's ${stale.join(', ')} differ from ${file}.`,
                'Run assetloom validate --fix.',
              ),
            ]
          : []),
      ]
    }
  }
}

/** Decoders of two versions may differ by a millisecond. */
function agrees(recorded: number | undefined, found: number | undefined): boolean {
  if (recorded === undefined || found === undefined) return recorded === found
  return Math.abs(recorded - found) <= 1
}
