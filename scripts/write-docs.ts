// Writes the pages of docs/ that come from schemas and tables; with --check it only says which are stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { cliPage } from './docs/cli-page.ts'
import { errorsPage } from './docs/errors-page.ts'
import { kindPages } from './docs/kind-page.ts'
import { libraryPage } from './docs/library-page.ts'
import { optionsPage } from './docs/options-page.ts'
import { processorsPage } from './docs/processors-page.ts'
import { queriesPage } from './docs/queries-page.ts'
import { recipesPage } from './docs/recipes-page.ts'
import { specPage } from './docs/spec-page.ts'
import { starterPage } from './docs/starter-page.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const isCheck = process.argv.includes('--check')

/** Each page by its file; a further one is one line here. */
const pages: Readonly<Record<string, string>> = {
  'docs/options.md': optionsPage(),
  'docs/library.md': libraryPage(),
  ...Object.fromEntries(Object.entries(kindPages()).map(([file, text]) => [`docs/${file}`, text])),
  'docs/starter-library.md': await starterPage(root),
  'docs/errors.md': await errorsPage(root),
  'docs/cli.md': await cliPage(),
  'docs/recipes.md': recipesPage(),
  'docs/processors.md': processorsPage(),
  'docs/queries.md': queriesPage(),
  'docs/spec-reference.md': specPage(),
}

const stale = Object.entries(pages).filter(([file, text]) => !existsSync(`${root}${file}`) || readFileSync(`${root}${file}`, 'utf8') !== text)
if (!isCheck) for (const [file, text] of stale) writeFileSync(`${root}${file}`, text)
console.log(stale.length === 0 ? 'docs are up to date' : `${isCheck ? 'stale' : 'written'}: ${stale.map(([file]) => file).join(', ')}`)
process.exitCode = isCheck && stale.length > 0 ? 1 : 0
