import { describe, expect, it } from 'vitest'
import { maxTypedGlobs, smallLibraryAssets, typedGlobHeads } from './asset-globs.ts'

describe('typedGlobHeads', () => {
  it.each([
    [['LOGO-ACME-MARK001'], ['LOGO-', 'LOGO-ACME-']],
    [['LOGO-ACME-MARK001', 'LOGO-ACME-MARK002'], ['LOGO-', 'LOGO-ACME-', 'LOGO-ACME-MARK']],
    [['LOGO-ACME-MARK001', 'LOGO-WYN-MARK001'], ['LOGO-', 'LOGO-ACME-', 'LOGO-WYN-']],
    [['design-tokens/colors/brand', 'configs/global/build/vite'], ['configs/global/build/', 'design-tokens/colors/']],
    [[], []],
  ])('of %j are %j', (refs, heads) => expect(typedGlobHeads(refs)).toEqual(heads))

  it('leaves out the most special ones over the limit', () => {
    const refs = ['A', 'B', 'C', 'D'].flatMap((a) =>
      Array.from({ length: 500 }, (_, i) => `LOGO-A${a}-B${letters(i >> 1)}00${1 + (i & 1)}`),
    )
    const heads = typedGlobHeads(refs)
    expect(heads).toHaveLength(maxTypedGlobs)
    expect(heads.filter((head) => head.endsWith('-'))).toEqual([
      'LOGO-',
      'LOGO-AA-',
      'LOGO-AB-',
      'LOGO-AC-',
      'LOGO-AD-',
    ])
  })

  it('leaves out series in a large library', () => {
    const refs = Array.from(
      { length: smallLibraryAssets + 1 },
      (_, i) => `LOGO-ACME-${letters(i >> 1)}00${1 + (i & 1)}`,
    )
    expect(typedGlobHeads(refs.slice(1)).length).toBeGreaterThan(2)
    expect(typedGlobHeads(refs)).toEqual(['LOGO-', 'LOGO-ACME-'])
  })
})

const letters = (n: number) =>
  String.fromCharCode(65 + Math.floor(n / 676), 65 + (Math.floor(n / 26) % 26), 65 + (n % 26))
