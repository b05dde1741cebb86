import { faces, operations, type OperationRow } from '../operations/index.ts'
import type { Operation } from '../operations/operation.ts'
import type { Face } from './faces/face.ts'

/** A line of --help: an operation, or a face that offers them all. */
export interface CommandRow extends Pick<OperationRow, 'name' | 'group' | 'summary'> {
  load(): Promise<Operation | Face>
}

const loadFace: Readonly<Record<(typeof faces)[number]['name'], CommandRow['load']>> = {
  serve: async () => (await import('./faces/serve.ts')).default as Face,
  mcp: async () => (await import('./faces/mcp.ts')).default as Face,
  agent: async () => (await import('./agent/command.ts')).createAgentCommand(),
}

/** Every command: the operations, and what only a terminal has. */
export const commands: readonly CommandRow[] = [
  ...operations,
  ...faces.map((face) => ({ ...face, load: loadFace[face.name] })),
]
