import { expect, it } from 'vitest'
import { highlight, unmark } from './search-highlight.ts'
import { parseSearch } from './search-query.ts'
import { fuseRanks } from './search-ranking.ts'
import { documentOf } from './search-document.ts'
import type { Entry } from './manifest.ts'

it('merges orders by reciprocal rank: what stands in both comes before what leads one', () => {
  const fused = fuseRanks([['a', 'b', 'c'], ['d', 'b', 'e']])
  expect(fused.map(({ item }) => item)).toEqual(['b', 'a', 'd', 'c', 'e'])
  expect(fused[0]!.score).toBeCloseTo(2 / 62, 10)
})

it('cuts a long text around its first hit', () => {
  const description = `${'before '.repeat(60)}needle ${'after '.repeat(60)}`
  const document = documentOf({ id: 'tools/generators/x', kind: 'tools', description, version: '1.0.0', created: '', modified: '', source: { type: 'library' } } satisfies Entry)
  const marked = highlight(parseSearch('needle'), document)
  expect(marked).toMatch(/^…before .*<mark>needle<\/mark> after .*…$/)
  expect(marked.length).toBeLessThan(200)
  expect(unmark('a &lt;b&gt; <mark>x &amp; y</mark>', (text) => `[${text}]`)).toBe('a <b> [x & y]')
})

it('reads commas as items, quotes as phrases and no more than a person means', () => {
  const query = parseSearch('Dark Mode, hero "a  b"')
  expect(query.items).toEqual(['dark mode', 'hero a b'])
  expect(query.clauses.map(({ text, isExact }) => [text, isExact])).toEqual([['dark', false], ['mode', false], ['hero', false], ['a b', true]])
  expect(parseSearch('word '.repeat(500)).clauses).toHaveLength(1)
  expect(parseSearch(Array.from({ length: 500 }, (_, i) => `w${i}`).join(' ')).clauses).toHaveLength(16)
})
