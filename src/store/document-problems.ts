import type { SpecProblem } from '../core/check-document.ts'
import type { AssetloomError } from '../core/errors.ts'
import type { DocumentRefusal, SpecText } from './spec-text.ts'

/** Problems of one document as an error that names the place of the first and lists all of them. */
export function problemsError(
  invalid: DocumentRefusal,
  file: string,
  text: SpecText,
  problems: readonly SpecProblem[],
): AssetloomError {
  const placed = problems
    .map((problem) => ({ ...problem, ...text.placeOf(problem.path), field: problem.path.map(String).join('.') }))
    .sort((a, b) => a.line - b.line || a.column - b.column)
  const first = placed[0]!
  const source = first.needsQuotes ? text.sourceOf(first.path) : undefined
  const hint =
    source === undefined
      ? first.hint
      : `It is a text, so it must be in quotes: ${String(first.path.at(-1))}: "${source}".`
  return invalid(
    {
      file,
      line: first.line,
      column: first.column,
      field: first.field,
      problem: first.message,
      ...(first.allowed && { allowed: first.allowed }),
      ...(hint !== undefined && { hint }),
      further: placed.length - 1,
    },
    {
      location: { file, line: first.line, column: first.column },
      details: { problems: placed.map(({ line, column, field, message }) => ({ line, column, field, message })) },
    },
  )
}

/** UTF-8 text of a document. */
export function decodeUtf8(bytes: Uint8Array, file: string, invalid: DocumentRefusal): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw invalid(
      { file, field: '', problem: 'is no UTF-8 text', hint: 'Save it as UTF-8.' },
      { cause, location: { file } },
    )
  }
}
