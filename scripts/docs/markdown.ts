/* Pieces of a Markdown page. */

/** Stands under the title of every page that is made from the code. */
export const writtenHead = '<!-- Written by scripts/write-docs.ts from the code; edits are lost. -->\n\n'

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ').trim()

export const code = (text: string) => `\`${text}\``

/** A table with a closing line break; a column that is empty in every row is left out. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const kept = heads.map((_, i) => i).filter((i) => rows.some((row) => row[i]?.trim()))
  const line = (cells: readonly string[]) => `| ${kept.map((i) => cell(cells[i] ?? '')).join(' | ')} |\n`
  return line(heads) + `|${kept.map(() => '---').join('|')}|\n` + rows.map(line).join('')
}

export function page(title: string, ...parts: readonly string[]): string {
  return `# ${title}\n\n${writtenHead}${parts.map((part) => part.trim()).filter(Boolean).join('\n\n')}\n`
}
