/* node loop-cli.mjs <name> <args as JSON>: one command in the projects warm, small and large, in one process. */
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { watchThree } from './loop-watch.mjs'

// The command line without its last step, which ends the process.
const dist = join(import.meta.dirname, '../node_modules/assetloom/dist')
const { runCli } = await import(join(dist, globSync('run-cli-*.js', { cwd: dist })[0]))
const args = JSON.parse(process.argv[2])
await watchThree(async (size) => {
  const code = await runCli([...args.map((arg) => arg.replace('SIZE', size)), '--cwd', size, '--quiet'])
  if (code !== 0) process.exit(code)
})
