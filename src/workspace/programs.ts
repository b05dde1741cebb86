import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Item, ItemFile } from '../core/kinds/kind.ts'
import type { ResolvedOptions } from '../options.ts'
import type { ProjectPaths } from '../store/project-folder.ts'
import { programFile } from './program-file.ts'

/** Programs of tools and skills, each run in a process of its own. */
export interface WorkspacePrograms {
  /**
   * Carry out `execute` of an item's file, with the project as its folder and none of the project's keys.
   * @param order.isConfined - of the library, it may load the files that it names and no others
   * @param order.libraryFolder - absolute; absent: that of the project
   * @throws PROGRAM_FAILED, PROGRAM_UNLOADABLE, PROGRAM_TIMED_OUT, PROGRAM_OUT_OF_MEMORY, PROGRAM_ENDED, PROGRAM_OUTPUT
   */
  run(order: {
    item: Item
    entry: ItemFile
    input: unknown
    isConfined: boolean
    libraryFolder?: string
    timeLimitMs: number
    memoryLimitBytes: number
    onLine?: ((line: string) => void) | undefined
    signal: AbortSignal
  }): Promise<unknown>
}

export function createWorkspacePrograms(input: {
  options: ResolvedOptions
  paths: ProjectPaths
}): WorkspacePrograms {
  const { root, assetsDir, programVariables } = input.options
  const urlOf = (file: string) => pathToFileURL(resolve(root, file)).href
  return {
    async run({ item, entry, isConfined, libraryFolder = `${assetsDir}/library`, ...order }) {
      const { runProgram } = await import('../engine/run-program.ts')
      return runProgram(programFile('engine/program-process.ts', 'engine/program-process.js'), {
        ...order,
        name: item.id,
        entry: urlOf(entry.file),
        root,
        env: programVariables,
        ...(isConfined && {
          confined: { folder: `${urlOf(libraryFolder)}/`, files: item.files.map(({ file }) => urlOf(file)) },
        }),
      })
    },
  }
}
