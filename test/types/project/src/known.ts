import logo, { alt, height, meta, src, token, width } from 'asset:LOGO-AIOTIZE-PFP001'
import * as whole from 'asset:LOGO-AIOTIZE-PFP001'
import formatLast from 'asset:LOGO-AIOTIZE-PFP001?w=200&format=webp'
import formatFirst from 'asset:LOGO-AIOTIZE-PFP001?format=webp&w=200'
import hostUrl from 'asset:LOGO-AIOTIZE-PFP001?url'
import inlined from 'asset:LOGO-AIOTIZE-PFP001?w=2&inline'
import placeholder from 'asset:LOGO-AIOTIZE-PFP001?placeholder'
import onlyPicture from 'asset:LOGO-AIOTIZE-PFP001?as=picture'
import pictureLast from 'asset:LOGO-AIOTIZE-PFP001?w=200;400&as=picture'
import pictureFirst from 'asset:LOGO-AIOTIZE-PFP001?as=picture&w=200;400'
import file from '~asset/LOGO-AIOTIZE-PFP001.png'
import fileSmall from '~asset/LOGO-AIOTIZE-PFP001.png?w=200'
import fileUrl from '~asset/LOGO-AIOTIZE-PFP001.png?url'
import fileOther from '~asset/LOGO-AIOTIZE-PFP001.webp'
import extended, { width as extendedWidth } from 'asset:LOGO-AIOTIZE-PFP001.png'
import other, { height as otherHeight } from 'asset:LOGO-AIOTIZE-PFP001.webp'
import jumpOther from 'asset:sfxJump1A.ogg'
import jumpOggUrl from '~asset/sfxJump1A.ogg?url'
import pinned, { width as pinnedWidth } from 'asset:LOGO-ACME-MARK001@1.0.0'
import particle, { token as particleToken } from 'asset:particleWhite'
import particleSmall from 'asset:particleWhite?w=8'
import particleFile from '~asset/particleWhite.png'
import jump, { meta as jumpMeta } from 'asset:SFX-WYN-JUMP001'
import jumpOgg from '~asset/sfxJump1A.ogg'
import color, { meta as colorMeta } from 'asset:COLOR-AIOTIZE-BRAND001'
import brand from 'asset:design-tokens/colors/brand'
import brandCss from 'asset:design-tokens/colors/brand?css'
import family from 'asset:LOGO-AIOTIZE-*'
import series from 'asset:LOGO-AIOTIZE-PFP*'
import prefix from 'asset:LOGO-*'
import folder from 'asset:design-tokens/colors/*'
import { ASSETS, type AssetId, type AssetToken } from './assets.gen.ts'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const isSame = <A, B>(_: Same<A, B>) => {}

isSame<typeof logo, string>(true)
isSame<typeof src, string>(true)
isSame<typeof width, 600>(true)
isSame<typeof height, 400>(true)
isSame<typeof alt, 'The "A" <mark>\u2028'>(true)
isSame<typeof token, 'LOGO-AIOTIZE-PFP001'>(true)
isSame<typeof meta.kind, 'image'>(true)
isSame<typeof meta.mediaType, 'image/png'>(true)
isSame<typeof meta.widthPx, 600>(true)
isSame<typeof whole.default, string>(true)
isSame<typeof formatLast, string>(true)
isSame<typeof formatFirst, typeof formatLast>(true)
isSame<[typeof hostUrl, typeof inlined, typeof placeholder], [string, string, string]>(true)
isSame<typeof pictureLast.sources, readonly { readonly type: string; readonly srcset: string }[]>(true)
isSame<typeof onlyPicture, typeof pictureLast>(true)
isSame<typeof pictureFirst, typeof pictureLast>(true)
isSame<typeof pictureLast.img.src, string>(true)
isSame<[typeof file, typeof particleFile, typeof jumpOgg, typeof pinned, typeof jump], [string, string, string, string, string]>(true)
isSame<[typeof fileSmall, typeof fileUrl, typeof fileOther, typeof jumpOther, typeof jumpOggUrl], [string, string, string, string, string]>(true)
isSame<[typeof extended, typeof extendedWidth, typeof other, typeof otherHeight], [string, 600, string, 400]>(true)
isSame<typeof pinnedWidth, number | undefined>(true)
isSame<typeof particle, string>(true)
isSame<typeof particleToken, 'PARTICLE-WYN-WHITE001'>(true)
isSame<typeof particleSmall, string>(true)
isSame<typeof jumpMeta.durationMs, 240>(true)
isSame<typeof color, '#FF6B35'>(true)
isSame<typeof colorMeta.colorHex, '#FF6B35'>(true)
isSame<typeof brand.primary, '#FF6B35'>(true)
isSame<typeof brandCss, string>(true)
isSame<keyof typeof family, 'LOGO-AIOTIZE-PFP001' | 'LOGO-AIOTIZE-PFP002'>(true)
isSame<keyof typeof series, keyof typeof family>(true)
isSame<keyof typeof prefix, 'LOGO-ACME-MARK001' | 'LOGO-AIOTIZE-PFP001' | 'LOGO-AIOTIZE-PFP002'>(true)
isSame<keyof typeof folder, 'design-tokens/colors/brand'>(true)
isSame<(typeof family)['LOGO-AIOTIZE-PFP001']['width'], 600>(true)
isSame<Assetloom.Ref & `${string}White`, 'particleWhite'>(true)

for (const [, { width, default: url }] of Object.entries(prefix)) {
  isSame<typeof width, 600 | 24 | 64>(true)
  isSame<typeof url, string>(true)
}

const later = await import('asset:LOGO-AIOTIZE-PFP001')
isSame<typeof later.width, 600>(true)

isSame<typeof ASSETS.audio.sfx.jump.sfxJump1A.file, 'assets/audio/SFX-WYN-JUMP001.mp3'>(true)
isSame<typeof ASSETS.particleWhite.token, 'PARTICLE-WYN-WHITE001'>(true)
isSame<typeof ASSETS.logos.LOGO_AIOTIZE_PFP001.width, 600>(true)
isSame<typeof ASSETS.colors.COLOR_AIOTIZE_BRAND001.colorHex, '#FF6B35'>(true)
isSame<AssetId, 'design-tokens/colors/brand'>(true)
isSame<AssetToken & `COLOR-${string}`, 'COLOR-AIOTIZE-BRAND001'>(true)

// The host's own wildcards still work for what is no asset.
import ordinary from './ordinary.webp'
import ordinaryUrl from './ordinary.txt?url'
isSame<[typeof ordinary, typeof ordinaryUrl], [string, string]>(true)
