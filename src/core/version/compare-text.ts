import { FILE_HEADERS_ONLY, formatPatch, structuredPatch, type StructuredPatch } from 'diff'
import { mostEdits } from './text-lines.ts'

/** Two texts as a unified diff. */
export interface TextChange {
  /** Unified, three lines of context, with both file names; empty for equal texts. */
  unified: string
  addedLines: number
  removedLines: number
}

const contextLines = 3

/** @param names - as they stand in the head of the diff, e.g. `a/prompt.md@1.0.0` */
export function compareText(before: string, after: string, names: { before: string; after: string }): TextChange {
  if (before === after) return { unified: '', addedLines: 0, removedLines: 0 }
  const patch =
    structuredPatch(names.before, names.after, before, after, undefined, undefined, { context: contextLines, maxEditLength: mostEdits }) ??
    replaced(before, after, names)
  const count = (sign: '+' | '-') =>
    patch.hunks.reduce((sum, { lines }) => sum + lines.filter((line) => line.startsWith(sign)).length, 0)
  return { unified: formatPatch(patch, FILE_HEADERS_ONLY), addedLines: count('+'), removedLines: count('-') }
}

/** All lines out, all lines in. */
function replaced(before: string, after: string, names: { before: string; after: string }): StructuredPatch {
  const side = (text: string, sign: string) => {
    const lines = text.split('\n')
    const isClosed = lines.at(-1) === ''
    if (isClosed) lines.pop()
    const marked = lines.map((line) => sign + line)
    return { count: lines.length, lines: isClosed || lines.length === 0 ? marked : [...marked, '\\ No newline at end of file'] }
  }
  const [out, into] = [side(before, '-'), side(after, '+')]
  return {
    oldFileName: names.before,
    newFileName: names.after,
    oldHeader: undefined,
    newHeader: undefined,
    index: undefined,
    hunks: [{ oldStart: 1, oldLines: out.count, newStart: 1, newLines: into.count, lines: [...out.lines, ...into.lines] }],
  }
}
