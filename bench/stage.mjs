/**
 * Put the package as it is built right now over its installed copy, so that one measures what stands in the tree.
 * A copy and not a link: through a link Node would load a second Vite and a second sharp, which no user has.
 */
import { cpSync, existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

const repository = resolve(import.meta.dirname, '..')
const staged = join(import.meta.dirname, 'node_modules/assetloom')
if (!existsSync(join(repository, 'dist'))) {
  console.error('There is no dist/: run "npm run build" in the repository first.')
  process.exit(1)
}
for (const name of ['package.json', 'dist', 'client.d.ts', 'schema', 'specs']) {
  if (!existsSync(join(repository, name))) continue
  rmSync(join(staged, name), { recursive: true, force: true })
  cpSync(join(repository, name), join(staged, name), { recursive: true })
}
