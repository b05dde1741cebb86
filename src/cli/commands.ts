import { faces, operations, type OperationRow } from '../operations/index.ts'
import type { Operation } from '../operations/operation.ts'

const loadFace: Readonly<Record<(typeof faces)[number]['name'], () => Promise<Operation>>> = {
  agent: async () => (await import('./agent/command.ts')).createAgentCommand(),
}

/** Every command: the operations, and what only a terminal has. */
export const commands: readonly OperationRow[] = [
  ...operations,
  ...faces.map((face): OperationRow => ({ ...face, group: 'Terminal', load: loadFace[face.name] })),
]
