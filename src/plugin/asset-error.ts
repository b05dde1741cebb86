import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { defineError, type AssetloomError, type ErrorLocation } from '../core/errors.ts'

export const contentSpelling = defineError('CONTENT_SPELLING', {
  summary: 'asset: stands in Markdown or frontmatter, where only ~asset/ reaches the host.',
  message: (d: { spelled: string; place: string }) => `${d.spelled} in ${d.place} would reach the page as it is.`,
  hint: (d: { spelled: string; place: string; mended: string }) => `Write ${d.mended} in Markdown and frontmatter.`,
})

/** Where a text stands in a file, for a message that leads there. */
export interface Place extends ErrorLocation {
  file: string
  /** Three lines around it with a marker, as overlays show them. */
  frame?: string
}

/**
 * Find the first appearance of a text in a file; the file alone when it cannot be read or does not hold it.
 * @param from - offset to begin at
 */
export function placeOf(file: string, text: string, content?: string, from = 0): Place {
  const clean = file.replace(/[?#].*$/, '')
  let source = content
  try {
    source ??= readFileSync(clean, 'utf8')
  } catch {
    return { file: clean }
  }
  const at = source.indexOf(text, from)
  if (at < 0) return { file: clean }
  const before = source.slice(0, at).split('\n')
  const line = before.length
  const column = before.at(-1)!.length + 1
  return { file: clean, line, column, frame: codeFrame(source, line, column, text.length) }
}

function codeFrame(source: string, line: number, column: number, length: number): string {
  const lines = source.split('\n')
  const width = String(line + 1).length
  return [line - 1, line, line + 1]
    .filter((n) => n >= 1 && n <= lines.length)
    .flatMap((n) => {
      const shown = `${String(n).padStart(width)} |  ${lines[n - 1]!.replace(/\t/g, ' ').slice(0, 160)}`
      return n === line
        ? [shown, `${' '.repeat(width)} |  ${' '.repeat(column - 1)}${'^'.repeat(Math.max(1, length))}`]
        : [shown]
    })
    .join('\n')
}

/** `src/main.ts:3` */
export function placeText(root: string, place: Place | undefined): string {
  if (!place) return ''
  const file = relative(root, place.file)
  return `${file.startsWith('..') ? place.file : file}${place.line ? `:${place.line}` : ''}`
}

/** An error as bundlers and their overlays take it: message with hint, id, position and frame. */
export function hostError(error: AssetloomError, place?: Place): Error & Record<string, unknown> {
  const at = place ? `\n${place.file}${place.line ? `:${place.line}:${place.column ?? 1}` : ''}` : ''
  const host = new Error(`${error.message}${error.hint ? `\n${error.hint}` : ''} (${error.code})${at}`) as Error &
    Record<string, unknown>
  // What happened is the user's to mend: where in Assetloom it was noticed is noise.
  host.stack = `Error: ${host.message}`
  host.code = error.code
  host.plugin = 'assetloom'
  host.cause = error
  if (place) {
    host.id = place.file
    // Where Vite looks for the place of an error in a style sheet; it shows what is missing as undefined:NaN.
    Object.assign(host, { file: place.file, line: place.line ?? 1, column: place.column ?? 1 })
    if (place.line) host.loc = { file: place.file, line: place.line, column: (place.column ?? 1) - 1 }
    if (place.frame) host.frame = place.frame
  }
  return host
}
