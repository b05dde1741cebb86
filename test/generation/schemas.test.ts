import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { schemaFiles } from '../../scripts/write-schemas.ts'

it.each(Object.entries(schemaFiles()))('schema/%s is what the zod schemas say (else: node scripts/write-schemas.ts)', (name, text) => {
  expect(readFileSync(join(import.meta.dirname, '../../schema', name), 'utf8')).toBe(text)
})
