/* Adds some colours, one manifest change each. Arguments: project, variant, how many. */
import { projectAt, run } from './project.ts'

const [root, variant, count] = process.argv.slice(2) as [string, string, string]
for (let i = 0; i < Number(count); i++) {
  const color = `#${variant.charCodeAt(0).toString(16)}${i.toString(16).padStart(4, '0')}`
  const output = await run<{ failed: unknown[] }>(projectAt(root), 'import', { color, variant })
  if (output.failed.length > 0) throw new Error(JSON.stringify(output.failed))
}
