import nightBus from 'asset:nightBus'
import paperKites from 'asset:paperKites'
import slowTide from 'asset:slowTide'
import nightBusCover from 'asset:cover-nightBus?w=400;800&format=avif;webp&as=picture'
import paperKitesCover from 'asset:cover-paperKites?w=400;800&format=avif;webp&as=picture'
import slowTideCover from 'asset:cover-slowTide?w=400;800&format=avif;webp&as=picture'
import { ASSETS } from './assets.gen.ts'

const { music, illustrations } = ASSETS

/** What can be played; lengths and texts come from the typed constants. */
export const tapes = [
  { title: 'Slow Tide', url: slowTide, cover: slowTideCover, facts: music.slowTide, art: illustrations.cover_slowTide },
  { title: 'Night Bus', url: nightBus, cover: nightBusCover, facts: music.nightBus, art: illustrations.cover_nightBus },
  { title: 'Paper Kites', url: paperKites, cover: paperKitesCover, facts: music.paperKites, art: illustrations.cover_paperKites },
] as const
