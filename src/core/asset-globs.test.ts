import { describe, expect, it } from 'vitest'
import { maxTypedGlobs, typedGlobHeads } from './asset-globs.ts'

describe('typedGlobHeads', () => {
  it.each([
    [['LOGO-ACME-MARK001'], ['LOGO-', 'LOGO-ACME-']],
    [['LOGO-ACME-MARK001', 'LOGO-ACME-MARK002'], ['LOGO-', 'LOGO-ACME-', 'LOGO-ACME-MARK']],
    [['LOGO-ACME-MARK001', 'LOGO-WYN-MARK001'], ['LOGO-', 'LOGO-ACME-', 'LOGO-WYN-']],
    [['design-tokens/colors/brand', 'configs/global/build/vite'], ['configs/global/build/', 'design-tokens/colors/']],
    [[], []],
  ])('of %j are %j', (refs, heads) => expect(typedGlobHeads(refs)).toEqual(heads))

  it('leaves out the most special ones over the limit', () => {
    const letters = (n: number) => String.fromCharCode(65 + Math.floor(n / 26), 65 + (n % 26))
    const refs = Array.from({ length: maxTypedGlobs }, (_, i) => `LOGO-A${letters(i % 20)}-B${letters(i / 3)}00${i % 3}`).flatMap((ref) => [ref, ref.slice(0, -1) + '9'])
    const heads = typedGlobHeads(refs)
    expect(heads).toHaveLength(maxTypedGlobs)
    expect(heads.filter((head) => head.endsWith('-'))).toHaveLength(21)
  })
})
