import { describe, expect, it } from 'vitest'
import { matchRequests, matchUsages, usageNames } from './usage-match.ts'

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

describe('constants', () => {
  const grouped = usageNames([
    { ref: 'LOGO-ACME-MARK001', aliases: ['brandMark'], groups: [['logos']] },
    { ref: 'LOGO-ACME-MARK002', aliases: [], groups: [['logos']] },
    { ref: 'SFX-WYN-JUMP001', aliases: ['jump'], groups: [['soundEffects'], ['audio', 'sfx']] },
  ])
  const all = ['LOGO-ACME-MARK001', 'LOGO-ACME-MARK002', 'SFX-WYN-JUMP001']
  const logos = all.slice(0, 2)
  it.each<[string, string[]]>([
    ['ASSETS.brandMark.file', ['LOGO-ACME-MARK001']],
    ['import { ASSETS as A } from "./assets.gen"; A.logos.LOGO_ACME_MARK002', ['LOGO-ACME-MARK002']],
    ['import { ASSETS as $ } from "./assets.gen"; $.brandMark', ['LOGO-ACME-MARK001']],
    ['const { brandMark } = ASSETS', ['LOGO-ACME-MARK001']],
    ['const { LOGO_ACME_MARK002: mark, brandMark = 1 } = ASSETS.logos', logos],
    ['const { logos } = ASSETS', logos],
    ['const { jump, ...others } = ASSETS.audio.sfx', ['SFX-WYN-JUMP001']],
    ['Object.values(ASSETS.logos)', logos],
    ['ASSETS.logos[name]', logos],
    ['const sounds = ASSETS.audio', ['SFX-WYN-JUMP001']],
    ['Object.values(ASSETS)', all],
    ['ASSETS[name]', all],
    ['({ ...ASSETS })', all],
    ['import { ASSETS } from "./assets.gen"', []],
    ['MY_ASSETS.brandMark', []],
    ['ASSETS_2.brandMark', []],
    ['the object ASSETS holds them', []],
  ])('%s', (text, refs) => expect(matchUsages(text, grouped).map(({ ref }) => ref).sort()).toEqual(refs))
})

describe('ids', () => {
  it.each<[string, string[]]>([
    ['skills: [design-tokens/colors/brand]', ['1:design-tokens/colors/brand']],
    ['a:\n  - design-tokens/colors/brand # why', ['2:design-tokens/colors/brand']],
    ['uses: design-tokens/colors/brand\r\n', ['1:design-tokens/colors/brand']],
    ['logo: LOGO-ACME-MARK001', ['1:LOGO-ACME-MARK001']],
    ['design-tokens/colors/brand: "^1.0.0"', []],
    ['file: assets/design-tokens/colors/brand', []],
    ['name: brandMark', []],
  ])('%s', (text, expected) => expect(matchUsages(text, names, true).map(({ ref, line }) => `${line}:${ref}`)).toEqual(expected))

  it('count in quotes everywhere, and plain in YAML only', () => {
    expect(found('use(\'design-tokens/colors/brand\')')).toEqual(['1:design-tokens/colors/brand'])
    expect(found('- design-tokens/colors/brand')).toEqual([])
  })
})

describe('matchRequests', () => {
  it.each<[string, string, string]>([
    ['import a from "asset:LOGO-ACME-MARK001?w=640;1280&format=webp"', 'LOGO-ACME-MARK001', 'w=640;1280&format=webp'],
    ['<img src="asset:brandMark?w=64&amp;format=avif">', 'brandMark', 'w=64&format=avif'],
    ['a{background:url(asset:brandMark@1.2.0?w=2)}', 'brandMark', 'w=2'],
    ['![x](~asset/brandMark.webp)', 'brandMark.webp', ''],
    ['import "asset:design-tokens/colors/brand?css"', 'design-tokens/colors/brand', 'css'],
  ])('%s', (text, name, query) => expect(matchRequests(text)).toEqual([{ name, query }]))
})
