import { specSchema, templateSchema, templateUseSchema } from '../../src/core/spec.ts'
import { fieldRows, type FieldRow } from './fields.ts'
import { page, table } from './markdown.ts'

const heads = ['field', 'takes', 'default', '']

/** Rows that the reader has not seen in the table of specs. */
function further(rows: readonly FieldRow[], seen: readonly FieldRow[]): FieldRow[] {
  const known = new Map(seen.map((row) => [row[0], row.join('|')]))
  return rows.filter((row) => known.get(row[0]) !== row.join('|'))
}

export function specPage(): string {
  const spec = fieldRows(specSchema)
  return page(
    'Spec fields',
    `Every field of a spec file; [specs.md](specs.md) tells how to write one. An unknown field is an error with its line, column
and the allowed names. The JSON Schema for editors is \`assetloom/schema/spec.json\`:

\`\`\`yaml
# yaml-language-server: $schema=../node_modules/assetloom/schema/spec.json
\`\`\``,
    '## A spec',
    table(heads, spec),
    '`prompt.parameters` may hold further names: those of a [recipe](recipes.md), or what another provider takes. `post_processing` takes the options of each [step](processors.md).',
    '## A template\n\nThe same fields, with `{{name}}` in their texts, and:',
    table(heads, further(fieldRows(templateSchema), spec)),
    '## A spec that uses a template\n\nThe same fields, all but these optional, laid over those of the template:',
    table(heads, further(fieldRows(templateUseSchema), spec).filter(([field]) => !/^`(?:generation|prompt)/.test(field))),
  )
}
