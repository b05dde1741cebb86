import type { Operation } from './operation.ts'

export interface OperationRow {
  /** As typed in a terminal; `/api/<name>` in REST, `<name>` with `_` in MCP. */
  name: string
  /** Heading in --help. */
  group: 'Set up' | 'Assets' | 'Make' | 'Look after'
  summary: string
  load(): Promise<Operation>
}

const loaded = (module: Promise<{ default: unknown }>) => module.then((m) => m.default as Operation)

/** Every operation, in the order of --help. One line adds one. */
export const operations: readonly OperationRow[] = [
  { name: 'import', group: 'Assets', summary: 'Bring media files or a colour into the library under a token.', load: () => loaded(import('./import.ts')) },
  { name: 'list', group: 'Assets', summary: 'List the assets.', load: () => loaded(import('./list.ts')) },
]
