import fastGlob from 'fast-glob'
import { errorTable } from '../../src/core/errors.ts'
import { code, page, table } from './markdown.ts'

/** @param root - of the repository, with a closing slash */
export async function errorsPage(root: string): Promise<string> {
  // Errors are defined beside what throws them: loading every module fills the table.
  const ignore = ['**/*.test.ts', '**/*.d.ts', 'src/cli/main.ts', 'src/engine/program-process.ts', 'src/runtime/**', 'src/studio/**', 'src/plugin/astro/components/**']
  for (const file of fastGlob.sync('src/**/*.ts', { cwd: root, ignore }).sort()) await import(`../../${file}`)
  const rows = errorTable().map((error) => [code(error.code), error.summary, String(error.exit), String(error.http)])
  return page(
    'Errors',
    `Every error has a code that never changes, a message and, where something can be done, a hint. \`--json\` prints all three;
exit codes are 0 ok, 1 failed, 2 usage, 3 budget, 4 frozen or stale, 5 conflict.`,
    table(['code', 'means', 'exit', 'HTTP'], rows),
  )
}
