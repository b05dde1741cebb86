import { useState } from 'react'
import brine from 'asset:Brine'
import cinder from 'asset:Cinder'
import clover from 'asset:Clover'
import hoot from 'asset:Hoot'
import rivet from 'asset:Rivet'
import wisp from 'asset:Wisp'
import emberdunes from 'asset:land-emberdunes?w=320;640&format=avif;webp&as=picture'
import highpass from 'asset:land-highpass?w=320;640&format=avif;webp&as=picture'
import lanterns from 'asset:land-lanterns?w=320;640&format=avif;webp&as=picture'
import meadow from 'asset:land-meadow?w=320;640&format=avif;webp&as=picture'
import pinewood from 'asset:land-pinewood?w=320;640&format=avif;webp&as=picture'
import tidewater from 'asset:land-tidewater?w=320;640&format=avif;webp&as=picture'
import { ASSETS } from './assets.gen.ts'
import { Card, type CardProps } from './Card.tsx'

const { sprites, backdrops } = ASSETS
const cards: Omit<CardProps, 'isLiked' | 'onLike'>[] = [
  { creature: sprites.Hoot, src: hoot, land: backdrops.land_pinewood, picture: pinewood, place: 'Pinewood', text: 'Asks a question nobody answers.', power: 3, grace: 6 },
  { creature: sprites.Cinder, src: cinder, land: backdrops.land_emberdunes, picture: emberdunes, place: 'Ember dunes', text: 'Warm to the touch, and knows it.', power: 5, grace: 5 },
  { creature: sprites.Brine, src: brine, land: backdrops.land_tidewater, picture: tidewater, place: 'Tidewater', text: 'Comes and goes twice a day.', power: 2, grace: 8 },
  { creature: sprites.Wisp, src: wisp, land: backdrops.land_highpass, picture: highpass, place: 'High pass', text: 'Seen from the corner of the eye.', power: 1, grace: 9 },
  { creature: sprites.Clover, src: clover, land: backdrops.land_meadow, picture: meadow, place: 'Meadow', text: 'Brings four of everything.', power: 4, grace: 4 },
  { creature: sprites.Rivet, src: rivet, land: backdrops.land_lanterns, picture: lanterns, place: 'Lanterns', text: 'Keeps the lights on.', power: 7, grace: 2 },
]

export function App() {
  const [liked, setLiked] = useState<ReadonlySet<string>>(new Set())
  const toggle = (token: string) => setLiked((now) => new Set(now.has(token) ? [...now].filter((one) => one !== token) : [...now, token]))
  return (
    <>
      <header>
        <h1>Creature cards</h1>
        <p role="status">{liked.size === 0 ? 'Six cards. Keep the ones you like.' : `${liked.size} of ${cards.length} kept`}</p>
      </header>
      <main>
        {cards.map((card) => (
          <Card key={card.creature.token} {...card} isLiked={liked.has(card.creature.token)} onLike={() => toggle(card.creature.token)} />
        ))}
      </main>
    </>
  )
}
