import { expect, it } from 'vitest'
import { updateStateOf, type UpdateState } from './update-state.ts'

it.each<[string, string, string | undefined, UpdateState]>([
  ['a', 'a', 'a', 'current'],
  ['a', 'a', 'b', 'outdated'],
  ['a', 'b', 'a', 'modified'],
  ['a', 'b', 'c', 'conflict'],
  ['a', 'b', 'b', 'current'],
  ['a', 'a', undefined, 'gone'],
  ['a', 'b', undefined, 'gone'],
])('base %s, installed %s, upstream %s is %s', (base, installed, upstream, state) => {
  expect(updateStateOf({ base, installed, upstream })).toBe(state)
})
