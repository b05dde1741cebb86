import { describe, expect, it } from 'vitest'
import { compareFields } from './compare-fields.ts'

describe('fields compared', () => {
  it.each<[name: string, before: Record<string, unknown>, after: Record<string, unknown>, changes: unknown[]]>([
    ['nothing', { alt: 'A', dependencies: { b: '1', a: '2' } }, { dependencies: { a: '2', b: '1' }, alt: 'A' }, []],
    ['an added one', {}, { alt: 'A' }, [{ field: 'alt', change: 'added', after: 'A' }]],
    ['a removed one', { alt: 'A' }, {}, [{ field: 'alt', change: 'removed', before: 'A' }]],
    ['changed ones, by name', { b: 1, a: null }, { b: 2, a: false }, [
      { field: 'a', change: 'changed', before: null, after: false },
      { field: 'b', change: 'changed', before: 1, after: 2 },
    ]],
    ['records within', { source: { type: 'import', by: 'A' } }, { source: { type: 'import' } }, [{ field: 'source.by', change: 'removed', before: 'A' }]],
    ['a record that becomes a text', { preview: { a: 1 } }, { preview: 'a' }, [{ field: 'preview', change: 'changed', before: { a: 1 }, after: 'a' }]],
    ['the order of a set', { tags: ['a', 'b'] }, { tags: ['b', 'a'] }, []],
    ['words of a set', { tags: ['a', 'b'] }, { tags: ['c', 'b'] }, [
      { field: 'tags', change: 'changed', before: ['a', 'b'], after: ['c', 'b'], added: ['c'], removed: ['a'] },
    ]],
    ['a set that is new', {}, { keywords: ['x'] }, [{ field: 'keywords', change: 'added', after: ['x'], added: ['x'], removed: [] }]],
    ['the order of a list that is none', { steps: ['a', 'b'] }, { steps: ['b', 'a'] }, [
      { field: 'steps', change: 'changed', before: ['a', 'b'], after: ['b', 'a'] },
    ]],
    ['names that every object inherits', {}, { constructor: 'x' }, [{ field: 'constructor', change: 'added', after: 'x' }]],
  ])('%s', (_name, before, after, changes) => {
    expect(compareFields(before, after)).toEqual(changes)
  })
})
