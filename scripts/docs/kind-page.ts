import * as z from 'zod'
import { libraryKinds } from '../../src/core/kinds/index.ts'
import type { LibraryKind } from '../../src/core/kinds/kind.ts'
import { operations } from '../../src/operations/index.ts'
import { fieldRows } from './fields.ts'
import { kindExamples } from './kind-examples.ts'
import { code, page, table } from './markdown.ts'

export const fieldTable = (schema: z.ZodObject) => table(['field', 'takes', 'default', ''], fieldRows(schema))

/** Relative to docs. */
export const kindPageName = ({ name }: LibraryKind) => `kinds/${name.replaceAll('/', '-')}.md`

/** The pages of all kinds by file, relative to docs. */
export function kindPages(): Record<string, string> {
  return Object.fromEntries(libraryKinds.map((kind) => [kindPageName(kind), kindPage(kind)]))
}

function kindPage(kind: LibraryKind): string {
  const { group, name, flags, code: example, notes } = kindExamples[kind.name]!
  const framework = flags?.replace('--framework ', '') ?? ''
  const { item, files = {} } = kind.skeleton({ group, name, framework })
  const title = `${name[0]!.toUpperCase()}${name.slice(1)}`
  const verbs = kind.verbs.filter((verb) => operations.some((row) => row.name === verb)).map((verb) => `[${verb}](../cli.md#${verb})`).join(' · ')
  return page(
    `Kind: ${kind.name}`,
    `${kind.summary} Groups: ${kind.groups.map(code).join(' ')}. An import gives ${kind.gives}.`,
    `\`\`\`sh
assetloom create ${kind.name} ${group}/${name}${flags ? ` ${flags}` : ''}
\`\`\`

writes \`assets/library/${kind.name}/${group}/${name}.asset.yaml\`, which may look like this:`,
    block('yaml', `name: ${title}\nversion: "1.0.0"\n${item}`),
    ...Object.entries(files).flatMap(([file, text]) => [`and \`${file}\` beside it:`, block(file.split('.').pop()!, text)]),
    'A module of the site imports it:',
    block('ts', example),
    notes ?? '',
    ...(verbs ? [`Commands beyond those for every item: ${verbs}.`] : []),
    '## Fields',
    fieldTable(z.object(kind.fields)),
    `The fields that items of every kind have, such as \`tags\` and \`dependencies\`, stand under
[Library](../library.md#fields-of-every-item).`,
  )
}

const block = (language: string, text: string) => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``
