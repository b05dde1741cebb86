import { optionsSchema } from '../../src/options.ts'
import { fieldRows } from './fields.ts'
import { page, table } from './markdown.ts'

/** Accepted by the schema before anything reads them; they are told when something does. */
const unread = /^`studio`$/

export function optionsPage(): string {
  return page(
    'Options',
    `They stand in \`assetloom.config.ts\` beside the project's package.json, or inline in the plugin: \`assetloom({ … })\`. A
misspelt option is an error that names the allowed ones. The CLI reads the config file only.

\`\`\`ts
import { defineConfig } from 'assetloom'

export default defineConfig({
  tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' },
})
\`\`\``,
    table(['option', 'type', 'default', ''], fieldRows(optionsSchema).filter(([name]) => !unread.test(name))),
  )
}
