// Brings examples/catalog in step with library/ and makes its index; with --check it only says what is stale.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesOfFolder } from '../test/fakes/catalog/index.ts'
import { formatIndex, scanRepository } from '../src/workspace/catalog-repository.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const catalog = join(root, 'examples/catalog')
const isCheck = process.argv.includes('--check')

/** Icons and the index are the catalog's own; all else is the starter library. */
const isOwn = (path: string) => path.startsWith('assets/icons/') || path === 'assets/index.csv' || !path.startsWith('assets/')

const library = Object.fromEntries(Object.entries(filesOfFolder(join(root, 'library'))).map(([path, bytes]) => [`assets/${path}`, bytes]))
const present = filesOfFolder(catalog)
const stale = [
  ...Object.entries(library).filter(([path, bytes]) => present[path] === undefined || Buffer.compare(Buffer.from(present[path] as Uint8Array), Buffer.from(bytes as Uint8Array)) !== 0).map(([path]) => path),
  ...Object.keys(present).filter((path) => !isOwn(path) && !(path in library)),
]
if (!isCheck)
  for (const path of stale) {
    const file = join(catalog, path)
    if (path in library) {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, library[path]!)
    } else rmSync(file)
  }
const today = new Date().toISOString().slice(0, 10)
const { rows, problems } = await scanRepository({ root: catalog, today })
for (const { file, problem } of problems) console.error(`${file}: ${problem}`)
const index = join(catalog, 'assets/index.csv')
const text = formatIndex(rows)
if (!existsSync(index) || readFileSync(index, 'utf8') !== text) {
  stale.push('assets/index.csv')
  if (!isCheck) writeFileSync(index, text)
}
console.log(stale.length === 0 ? `examples/catalog is up to date (${rows.length} assets)` : `${isCheck ? 'stale' : 'written'}: ${stale.length} files`)
process.exitCode = problems.length > 0 || (isCheck && stale.length > 0) ? 1 : 0
