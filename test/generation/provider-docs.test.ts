import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createRedactor } from '../../src/core/redact.ts'
import { createProviders } from '../../src/generators/providers.ts'
import { startMedia } from '../generators/media.ts'
import { repository } from '../project.ts'

const docs = join(repository, 'docs')

/** Ids of the first column, with the rows they stand in. */
function rowsOf(page: string, heading: string): Map<string, string> {
  const text = readFileSync(join(docs, page), 'utf8')
  const table = text.slice(text.indexOf(heading)).split('\n').filter((line) => line.startsWith('|') || line === '')
  const rows = table.slice(table.findIndex((line) => line.startsWith('|---')) + 1)
  return new Map(rows.slice(0, rows.indexOf('')).flatMap((row) => [...row.split('|')[1]!.matchAll(/`([a-z-]+)`/g)].map(([, id]) => [id!, row])))
}

const providers = createProviders({ options: { 'stable-diffusion': { baseURL: 'http://127.0.0.1:7860' } }, keys: {}, prices: {}, redact: createRedactor([]), media: startMedia() })
const all = await Promise.all(providers.known().map((id) => providers.get(id)))
const shipped = all.filter((provider) => !/no adapter/.test(provider.isAvailable().reason ?? '')).map(({ id }) => id)

it.each([
  ['providers.md', '# Providers'],
  ['money.md', '## How much will it cost?'],
])('docs/%s has every provider that ships, and a page for each that is paid or set up', (page, heading) => {
  const rows = rowsOf(page, heading)
  expect([...rows.keys()].sort()).toEqual([...shipped].sort())
  for (const [id, row] of rows) {
    if (id === 'local') continue
    const [, link, anchor] = /\]\((providers\/[\w-]+\.md)(?:#([\w-]+))?\)/.exec(row)!
    expect(existsSync(join(docs, link!)), row).toBe(true)
    const headings = readFileSync(join(docs, link!), 'utf8').split('\n').filter((line) => line.startsWith('#')).map((line) => line.replace(/^#+ /, '').toLowerCase().replace(/[^\w -]/g, '').replaceAll(' ', '-'))
    if (anchor) expect(headings, row).toContain(anchor)
  }
})
