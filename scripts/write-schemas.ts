import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { manifestSchema } from '../src/core/manifest.ts'
import { sitesFileSchema } from '../src/core/site.ts'
import { specSchema, templateSchema, templateUseSchema } from '../src/core/spec.ts'
import { processors } from '../src/generators/processors/index.ts'

/* JSON Schema for editors, made from the zod schemas: `node scripts/write-schemas.ts`. A test compares what is committed. */

type Json = Record<string, unknown>

const jsonOf = (schema: z.ZodType): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json
  return rest
}

/** One step: its action, and the options of its processor. */
function stepSchema(): Json {
  const byAction = new Map<string, Json[]>()
  for (const processor of processors) {
    const options = jsonOf(processor.options)
    const { properties = {}, required = [] } = options as { properties?: Json; required?: string[] }
    const step = {
      type: 'object',
      description: processor.summary,
      properties: { action: { const: processor.action }, ...properties },
      required: ['action', ...required],
      additionalProperties: false,
    }
    byAction.set(processor.action, [...(byAction.get(processor.action) ?? []), step])
  }
  return { anyOf: [...byAction.values()].flat() }
}

function withSteps(schema: Json, step: Json): Json {
  const properties = schema.properties as Record<string, Json>
  return { ...schema, properties: { ...properties, post_processing: { ...properties.post_processing, items: step } } }
}

/** File name → text of each schema. */
export function schemaFiles(): Record<string, string> {
  const step = { $ref: '#/$defs/step' }
  const document = { anyOf: ['spec', 'use', 'template'].map((name) => ({ $ref: `#/$defs/${name}` })) }
  const spec = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Assetloom spec',
    anyOf: [document, { type: 'array', items: document }],
    $defs: {
      spec: withSteps(jsonOf(specSchema), step),
      use: withSteps(jsonOf(templateUseSchema), step),
      // A template's steps hold parameters where values will stand.
      template: jsonOf(templateSchema),
      step: stepSchema(),
    },
  }
  const manifest = { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Assetloom manifest', ...jsonOf(manifestSchema) }
  const sites = { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Assetloom sites', ...jsonOf(sitesFileSchema) }
  return Object.fromEntries(Object.entries({ 'spec.json': spec, 'manifest.json': manifest, 'sites.json': sites }).map(([name, schema]) => [name, `${JSON.stringify(schema, null, 2)}\n`]))
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, '..', 'schema')
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(schemaFiles())) writeFileSync(join(folder, name), text)
}
