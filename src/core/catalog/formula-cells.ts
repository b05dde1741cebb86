/** What begins a cell that a spreadsheet would run. */
const runs = /^'*[=+\-@\t\r]/

/** A cell that a spreadsheet shows as text. {@link restoredCell} gives back what it was. */
export function escapedCell(text: string): string {
  return runs.test(text) ? `'${text}` : text
}

export function restoredCell(cell: string): string {
  return cell.startsWith("'") && runs.test(cell) ? cell.slice(1) : cell
}
