import { emphasized } from './emphasis.ts'

/** The lines of a unified diff, those that came and went emphasised. */
export function presentUnified(unified: string): string[] {
  return unified.trimEnd().split('\n').map((line) => {
    if (line.startsWith('@@')) return emphasized(line, 'place')
    if (line.startsWith('+')) return emphasized(line, 'added')
    return line.startsWith('-') ? emphasized(line, 'removed') : line
  })
}
