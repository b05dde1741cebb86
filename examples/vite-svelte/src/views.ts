import dawn from 'asset:dawn?w=800;1600&format=avif;webp&as=picture'
import day from 'asset:day?w=800;1600&format=avif;webp&as=picture'
import dusk from 'asset:dusk?w=800;1600&format=avif;webp&as=picture'
import mist from 'asset:mist?w=800;1600&format=avif;webp&as=picture'
import night from 'asset:night?w=800;1600&format=avif;webp&as=picture'
import sunset from 'asset:sunset?w=800;1600&format=avif;webp&as=picture'
import dawnSmall from 'asset:dawn?w=240&format=webp'
import daySmall from 'asset:day?w=240&format=webp'
import duskSmall from 'asset:dusk?w=240&format=webp'
import mistSmall from 'asset:mist?w=240&format=webp'
import nightSmall from 'asset:night?w=240&format=webp'
import sunsetSmall from 'asset:sunset?w=240&format=webp'
import { ASSETS } from './assets.gen.ts'

const { backdrops } = ASSETS

/** The cards in the order of the day; sizes and alt texts come from the typed constants. */
export const views = [
  { time: '05:40', picture: dawn, small: dawnSmall, facts: backdrops.dawn, text: 'Up before the birds. They noticed.' },
  { time: '08:15', picture: mist, small: mistSmall, facts: backdrops.mist, text: 'The valley is still asleep under its blanket.' },
  { time: '12:30', picture: day, small: daySmall, facts: backdrops.day, text: 'Bread, cheese, and nobody for miles.' },
  { time: '19:50', picture: sunset, small: sunsetSmall, facts: backdrops.sunset, text: 'We stayed too long. We would again.' },
  { time: '20:35', picture: dusk, small: duskSmall, facts: backdrops.dusk, text: 'The ridges fold away, one by one.' },
  { time: '23:10', picture: night, small: nightSmall, facts: backdrops.night, text: 'So many stars that we stopped counting at four.' },
]
