import avatars from 'asset:AVATAR-LOOM-FACE*'
import badge from 'asset:BADGE-LOOM-*'
import colors from 'asset:COLOR-LOOM-BRAND*'
import creatures from 'asset:SPRITE-LOOM-*'
import hero, * as heroModule from 'asset:hero?w=800;1600;2400&format=avif;webp&as=picture'
import heroBlur from 'asset:hero?placeholder'
import icons from 'asset:ICON-LOOM-*'
import logo, * as logoModule from 'asset:logo'
import loop, * as loopModule from 'asset:eveningLoop'
import particles from 'asset:PARTICLE-LOOM-*'
import effects from 'asset:SFX-LOOM-*'
import { ASSETS } from './assets.gen.ts'
import { assetFigure, importLine, type Shown } from './figure.ts'
import { showColors } from './colors.ts'
import { showHero } from './hero.ts'
import { showSounds } from './sounds.ts'
import { showSpec } from './spec.ts'
import { startStage } from './stage.ts'
import { showSums } from './sums.ts'
import { showSurfaces } from './surfaces.ts'

showHero(hero, heroBlur, heroModule)
showSums(ASSETS)

const marks: Shown[] = [{ ...logoModule, src: logo, name: 'logo' }, ...Object.values(badge).map((one) => ({ ...one, name: 'badge' }))]
const named = (assets: Readonly<Record<string, Shown>>) => Object.values(assets)
const groups: Record<string, Shown[]> = {
  marks,
  icons: named(icons),
  avatars: named(avatars),
  creatures: named(creatures),
  particles: named(particles),
}
for (const place of document.querySelectorAll<HTMLElement>('[data-assets]'))
  place.append(...groups[place.dataset.assets!]!.map((asset) => assetFigure(asset)))

showSurfaces()
showColors(Object.values(colors))
showSounds([...Object.values(effects), { ...loopModule, src: loop, isLoop: true }])
startStage(Object.values(creatures), Object.values(particles))

document.querySelector('[data-line="hero"]')!.append(importLine('import hero from "asset:hero?w=800;1600;2400&format=avif;webp&as=picture"'))
showSpec(logo)
