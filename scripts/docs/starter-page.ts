import { libraryKinds } from '../../src/core/kinds/index.ts'
import type { Item } from '../../src/core/kinds/kind.ts'
import { createLibraryFiles } from '../../src/store/library-files.ts'
import { code, page, table } from './markdown.ts'

/** What an item builds on, and what else is to be known before it is used. */
function needs({ head, fields }: Item): string {
  const { environmentVars = [] } = fields as { environmentVars?: string[] }
  return [...Object.keys(head.dependencies ?? {}), ...environmentVars].map(code).join(' ')
}

/** @param root - of the repository, with a slash at its end */
export async function starterPage(root: string): Promise<string> {
  const library = createLibraryFiles({ root, folder: 'library' })
  const items = await Promise.all(library.list().map(async (file) => (await library.read(file)).item))
  const sections = libraryKinds.map(({ name, summary }) => {
    const rows = items.filter(({ kind }) => kind === name).map((item) => [code(`${item.group}/${item.name}`), item.head.description ?? '', needs(item)])
    return `## ${name}\n\n${summary}\n\n${table(['item', 'what it is', 'needs'], rows)}`
  })
  return page(
    'Starter library',
    `The package brings ${items.length} items to begin with, at least two of each [kind](library.md). They stand in the folder
\`library/\` of the package in the layout of a project's \`assets/library/\`: copy what you want, change it, and it is yours.

\`\`\`sh
mkdir -p assets/library/design-tokens/colors
cp node_modules/assetloom/library/design-tokens/colors/calm.asset.yaml assets/library/design-tokens/colors/
npx assetloom sync
\`\`\`

\`\`\`ts
import 'asset:design-tokens/colors/calm?css'
\`\`\`

Copy the content files that an item names along with it, and the items that it needs. Nothing in them is loaded from elsewhere,
and all of them are under the MIT licence. Components take their colours from the custom properties of a palette, \`--primary\` and so on,
and have the light colours of \`calm\` where a page has none; \`data-mode="dark"\` on an element sets the dark mode of all within it.`,
    ...sections,
  )
}
