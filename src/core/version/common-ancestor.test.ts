import { describe, expect, it } from 'vitest'
import { commonAncestor, type Descent } from './common-ancestor.ts'

/** `c<b+x`: c was made of b, and x was merged in. */
function history(text: string): Descent[] {
  return text.split(' ').map((word) => {
    const [, version, parent, merged] = /^(\w+)(?:<(\w+))?(?:\+(\w+))?$/.exec(word)!
    return { version: version!, ...(parent && { parent }), ...(merged && { merged }) }
  })
}

describe('the common ancestor', () => {
  it.each<[name: string, history: string, a: string, b: string, ancestor: string | undefined]>([
    ['of one line', 'a b<a c<b', 'c', 'a', 'a'],
    ['of a version and itself', 'a b<a', 'b', 'b', 'b'],
    ['of two branches', 'a b<a c<b x<b y<x', 'c', 'y', 'b'],
    ['of a branch that was merged', 'a b<a x<a c<b+x y<x', 'c', 'y', 'x'],
    ['of branches merged crosswise', 'a b<a x<a c<b+x y<x+b', 'c', 'y', 'x'],
    ['of a merge of the other side', 'a b<a x<a y<x+b c<b', 'c', 'y', 'b'],
    ['of a branch that begins with the version it left', 'a b<a b<b x<b c<b', 'c', 'x', 'b'],
    ['of strangers', 'a b', 'a', 'b', undefined],
    ['of a version that is not there', 'a', 'a', 'z', undefined],
    ['with a parent that is not there', 'b<a c<b x<b', 'c', 'x', 'b'],
    ['in a circle', 'a<c b<a c<b', 'b', 'c', undefined],
  ])('%s', (_name, lines, a, b, ancestor) => {
    expect(commonAncestor(history(lines), a, b)).toBe(ancestor)
  })
})
