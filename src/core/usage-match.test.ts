import { describe, expect, it } from 'vitest'
import { matchUsages, usageNames } from './usage-match.ts'

const names = usageNames([
  { ref: 'LOGO-ACME-MARK001', aliases: ['brandMark'] },
  { ref: 'LOGO-ACME-MARK002', aliases: [] },
  { ref: 'SFX-WYN-JUMP001', aliases: ['sfxJump1A', 'jump-low'] },
  { ref: 'design-tokens/colors/brand', aliases: [] },
])
const found = (text: string) => matchUsages(text, names).map(({ ref, line }) => `${line}:${ref}`)

describe('matchUsages', () => {
  it.each([
    ['import a from "asset:LOGO-ACME-MARK001"', ['1:LOGO-ACME-MARK001']],
    ["import a from 'asset:LOGO-ACME-MARK001?w=1;2&as=picture'", ['1:LOGO-ACME-MARK001']],
    ['import a from "asset:LOGO-ACME-MARK001@1.2.0"', ['1:LOGO-ACME-MARK001']],
    ['await import(`asset:brandMark`)', ['1:LOGO-ACME-MARK001']],
    ['import all from "asset:LOGO-ACME-*"', ['1:LOGO-ACME-MARK001', '1:LOGO-ACME-MARK002']],
    ['a{background:image-set(url(asset:LOGO-ACME-MARK001.webp) 1x)}', ['1:LOGO-ACME-MARK001']],
    ['<meta content="asset:LOGO-ACME-MARK002">', ['1:LOGO-ACME-MARK002']],
    ['see asset:LOGO-ACME-MARK002.', ['1:LOGO-ACME-MARK002']],
    ['![x](~asset/sfxJump1A.mp3)', ['1:SFX-WYN-JUMP001']],
    ['cover: ~asset/LOGO-ACME-MARK001.png', ['1:LOGO-ACME-MARK001']],
    ['import b from "asset:design-tokens/colors/brand?css"', ['1:design-tokens/colors/brand']],
    ['\n\nplay(ASSETS.audio.sfx.sfxJump1A.file)', ['3:SFX-WYN-JUMP001']],
    ['ASSETS.soundEffects["jump-low"]', ['1:SFX-WYN-JUMP001']],
    ['ASSETS.logos.LOGO_ACME_MARK002', ['1:LOGO-ACME-MARK002']],
    ['const t: AssetToken = "LOGO-ACME-MARK001"', ['1:LOGO-ACME-MARK001']],
    ['<Asset ref={"brandMark"} />', ['1:LOGO-ACME-MARK001']],
    ['x("asset:brandMark"); y("asset:brandMark")', ['1:LOGO-ACME-MARK001']],
  ])('%s', (text, expected) => expect(found(text)).toEqual(expected))

  it.each([
    'import a from "asset:LOGO-ACME-MARK0010"',
    'import a from "asset:LOGO-ACME-MARK003"',
    'const brandMark = "brandMark"',
    'myasset:LOGO-ACME-MARK001'.replace('my', 'my_'),
    'assets.brandMark',
    'LOGO-ACME-MARK001',
  ])('%s is none', (text) => expect(found(text)).toEqual([]))

  it('stays linear on hostile text', () => {
    const started = performance.now()
    found(
      `${'asset:'.repeat(50_000)}${'ASSETS.a'.repeat(50_000)}${'"'.repeat(50_000)}${'ASSETS'.repeat(1000)}${'[ '.repeat(50_000)}`,
    )
    // A quadratic scan of this would take minutes.
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})
