import * as z from 'zod'
import type { Oklch } from '../../../core/color.ts'
import { circle, createDrawing, ellipse, n, path, rect } from './drawing.ts'
import { css, hex, mix, paletteFor, tone } from './palette.ts'
import { chooseByWords, defineRecipe } from './recipe.ts'
import { drawTerrain, terrains, type Scene, type Terrain } from './terrain.ts'

const moods = ['dawn', 'day', 'sunset', 'dusk', 'night', 'mist'] as const
type Mood = (typeof moods)[number]

interface Light {
  /** Zenith to horizon. */
  sky: readonly [string, string, string, string]
  sun: string
  haze: string
  far: string
  near: string
}

const lights: Record<Mood, Light> = {
  dawn: {
    sky: ['#46578F', '#8F86BC', '#F0AFA6', '#FFE6C2'],
    sun: '#FFF4D9',
    haze: '#F8D2BE',
    far: '#B59ABC',
    near: '#2A2A50',
  },
  day: {
    sky: ['#2F86D1', '#6DB6EC', '#B6DFF5', '#EEF6EA'],
    sun: '#FFFDF0',
    haze: '#D9EDF0',
    far: '#94C1CF',
    near: '#17513F',
  },
  sunset: {
    sky: ['#3A2C68', '#96447C', '#F1705B', '#FFCB77'],
    sun: '#FFF3C4',
    haze: '#FFBB83',
    far: '#C9657C',
    near: '#26163E',
  },
  dusk: {
    sky: ['#161D45', '#413F80', '#9765A2', '#F3A990'],
    sun: '#FFE2C2',
    haze: '#C48AA2',
    far: '#705893',
    near: '#13132F',
  },
  night: {
    sky: ['#070C22', '#101E46', '#22406F', '#4F739E'],
    sun: '#F6F2DF',
    haze: '#43648F',
    far: '#2F4E79',
    near: '#080E20',
  },
  mist: {
    sky: ['#91A8B4', '#B6C7CD', '#DAE3E2', '#F4F2EA'],
    sun: '#FFFDF4',
    haze: '#E8ECE8',
    far: '#B3C4C9',
    near: '#2C474D',
  },
}

/** Grounds with a colour of their own by daylight. */
const daylitGrounds: Partial<Record<Terrain, Pick<Light, 'far' | 'near'>>> = {
  dunes: { far: '#EBD3AE', near: '#A9653A' },
  city: { far: '#AFC0D2', near: '#27364C' },
}

/** A light bent towards an asked colour: lightness stays, hue follows with a slight spread over the sky. */
function bend(color: Oklch, asked: Oklch | undefined, spread: number): Oklch {
  if (!asked) return color
  if (asked.c < 0.03) return tone(color, color.l, 0.18)
  return { l: color.l, c: (color.c + Math.min(asked.c, 0.16)) / 2, h: (asked.h + spread + 360) % 360 }
}

export const backdrop = defineRecipe({
  name: 'backdrop',
  words: [
    'backdrop',
    'background',
    'landscape',
    'scenery',
    'scene',
    'hero',
    'sky',
    'mountain',
    'hill',
    'forest',
    'desert',
    'dune',
    'ocean',
    'sea',
    'city',
    'skyline',
    'sunset',
    'sunrise',
    'night',
    'horizon',
    'valley',
    'banner',
    'parallax',
    'wallpaper',
  ],
  summary: 'A layered landscape: sky, sun or moon, mist and hills, mountains, forest, dunes, sea or a city.',
  knobs: {
    mood: z.enum(moods).optional().describe('Light of the sky; else by the words of the prompt, or by chance.'),
    terrain: z.enum(terrains).optional().describe('Else by the words of the prompt, or by chance.'),
    layers: z.number().int().min(2).max(9).default(6).describe('Ridges from the horizon to the front.'),
    sun: z.boolean().default(true).describe('A sun or moon.'),
  },
  draw: ({ prompt, widthPx, heightPx, random }, knobs) => {
    const { asked } = paletteFor(prompt, random, knobs.colors)
    const namedMood = chooseByWords<Mood>(
      prompt,
      {
        night: ['night', 'moon', 'midnight', 'star', 'starry'],
        sunset: ['sunset', 'evening', 'golden', 'warm'],
        dawn: ['dawn', 'sunrise', 'morning', 'soft'],
        dusk: ['dusk', 'twilight', 'moody', 'synthwave'],
        mist: ['mist', 'misty', 'fog', 'foggy', 'calm', 'zen'],
        day: ['day', 'noon', 'summer', 'sunny', 'bright', 'clear'],
      },
      random,
      ['dawn', 'day', 'sunset', 'dusk', 'mist'],
    )
    const namedTerrain = chooseByWords<Terrain>(
      prompt,
      {
        mountains: ['mountain', 'alpine', 'peak', 'snow'],
        forest: ['forest', 'wood', 'pine', 'tree', 'jungle'],
        dunes: ['desert', 'dune', 'sahara', 'mars'],
        sea: ['sea', 'ocean', 'beach', 'lake', 'water', 'island', 'coast'],
        city: ['city', 'skyline', 'urban', 'town', 'street'],
        hills: ['hill', 'valley', 'meadow', 'field', 'countryside'],
      },
      random,
      ['mountains', 'hills', 'forest'],
    )
    const mood = knobs.mood ?? namedMood
    const terrain = knobs.terrain ?? namedTerrain
    const drawing = createDrawing(widthPx, heightPx)
    const { width, height } = drawing
    const drift = random.between(-7, 7)
    const [askedSky, askedGround = askedSky] = asked
    const light = (text: string, spread: number, ground = false) => {
      const color = hex(text)
      return bend({ ...color, h: (color.h + drift + 360) % 360 }, ground ? askedGround : askedSky, spread)
    }
    const isDaylit = mood === 'day' || mood === 'dawn' || mood === 'mist'
    const chosen: Light = { ...lights[mood], ...(isDaylit && daylitGrounds[terrain]) }
    const sky = chosen.sky.map((text, i) => light(text, [18, 8, -14, -30][i]!))
    const horizon = height * (terrain === 'sea' ? 0.6 : 0.66)
    drawing.add(rect(0, 0, width, height, drawing.linear(skyStops(sky, horizon / height))))

    const dark = mood === 'night' || mood === 'dusk'
    if (dark) {
      const count = Math.round((mood === 'night' ? 150 : 60) * (width / height) ** 0.5)
      for (let i = 0; i < count; i++) {
        const depth = random.next() ** 1.6
        const size = 0.5 + 1.3 * random.next() ** 4
        drawing.add(circle(random.between(0, width), depth * horizon * 0.86, size, '#fff', `opacity="${n(random.between(0.25, 0.95) * (1 - depth * 0.7))}"`))
      }
    }
    const sunX = width * random.pick([random.between(0.22, 0.4), random.between(0.6, 0.78)])
    const sunY =
      horizon *
      (mood === 'day'
        ? random.between(0.26, 0.4)
        : mood === 'night'
          ? random.between(0.28, 0.45)
          : random.between(0.62, 0.8))
    const sun = askedSky && askedSky.c < 0.03 ? hex('#FFFFFF') : hex(chosen.sun)
    if (knobs.sun) {
      const r = mood === 'night' ? 34 : mood === 'day' ? 36 : 52
      const reach = mood === 'night' ? 190 : mood === 'mist' ? 330 : 400
      const glow = (peak: number, k: number) =>
        Array.from({ length: 12 }, (_, i) => ({ at: i / 11, color: sun, alpha: peak * (1 - i / 11) ** k }))
      drawing.add(
        circle(sunX, sunY, reach, drawing.radial(glow(mood === 'night' ? 0.32 : 0.6, 2.4))),
        circle(sunX, sunY, r * 2.1, drawing.radial(glow(0.5, 1.8))),
        circle(sunX, sunY, r, css(sun), mood === 'mist' ? 'opacity="0.75"' : ''),
      )
      if (mood === 'night')
        drawing.add(
          circle(sunX - 9, sunY - 6, 6, '#000', 'opacity="0.05"'),
          circle(sunX + 10, sunY + 8, 9, '#000', 'opacity="0.05"'),
        )
    }
    if (mood !== 'night') drawing.add(...clouds())

    const haze = light(chosen.haze, -10)
    const scene: Scene = {
      drawing, random, horizon, haze, sun, sunX, dark,
      far: light(chosen.far, -4, true),
      near: light(chosen.near, 12, true),
      sky: sky[3]!,
      lit: mood === 'dusk' || mood === 'night' || mood === 'sunset',
      layers: knobs.layers,
    }
    drawTerrain(terrain, scene)
    if (!dark && mood !== 'mist') drawing.add(...birds())
    drawing.add(vignette())
    return drawing.finish()

    function clouds(): string[] {
      const light = mix(sky[3]!, hex('#FFFFFF'), mood === 'day' || mood === 'mist' ? 0.8 : 0.35)
      const banks: string[] = []
      for (let bank = 0; bank < 5; bank++) {
        const [x, y] = [random.between(-0.1, 1.05) * width, horizon * random.between(0.14, 0.8)]
        const size = random.between(46, 110) * (0.5 + 0.7 * (1 - y / horizon))
        for (let i = 0; i < 4; i++) {
          const w = size * random.between(0.9, 2.2)
          const h = size * random.between(0.06, 0.13)
          const stops = [0, 0.55, 1].map((at, k) => ({ at, color: light, alpha: [0.5, 0.26, 0][k]! }))
          banks.push(ellipse(x + random.between(-1, 1) * size, y + i * h * 1.3, w, h * 1.7, drawing.radial(stops)))
        }
      }
      return banks
    }
    function birds(): string[] {
      const count = random.int(0, 6)
      const [x, y] = [width * random.between(0.2, 0.8), horizon * random.between(0.3, 0.55)]
      return Array.from({ length: count }, () => {
        const [bx, by, s] = [x + random.between(-60, 60), y + random.between(-26, 26), random.between(4, 8)]
        const wing = `M${n(bx - s)} ${n(by - s * 0.3)}Q${n(bx - s * 0.4)} ${n(by - s * 0.6)} ${n(bx)} ${n(by)}Q${n(bx + s * 0.4)} ${n(by - s * 0.6)} ${n(bx + s)} ${n(by - s * 0.3)}`
        return path(
          wing,
          'none',
          `stroke="${css(tone(scene.near, 0.3))}" stroke-width="1.3" stroke-linecap="round" opacity="0.7"`,
        )
      })
    }
    function vignette(): string {
      const shade: Oklch = tone(scene.near, 0.12)
      const stops = [0, 0.62, 1].map((at, i) => ({ at, color: shade, alpha: [0, 0, 0.15][i]! }))
      return ellipse(width / 2, height * 0.46, width * 0.78, height * 0.86, drawing.radial(stops))
    }
  },
})

/** The four lights spread from the zenith to the horizon, mixed in between so that no band shows. */
function skyStops(sky: readonly Oklch[], horizon: number) {
  const places = [0, 0.42, 0.78, 1]
  return Array.from({ length: 16 }, (_, i) => {
    const t = i / 15
    const left = places.findLastIndex((place) => place <= t)
    if (left >= 3) return { at: horizon, color: sky[3]! }
    const within = (t - places[left]!) / (places[left + 1]! - places[left]!)
    return { at: t * horizon, color: mixLab(sky[left]!, sky[left + 1]!, within) }
  })
}

/** Straight through OKLab, so that a blue and an orange meet in a pale tone and not in green. */
function mixLab(a: Oklch, b: Oklch, t: number): Oklch {
  const at = ({ c, h }: Oklch) => [c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)] as const
  const [[ax, ay], [bx, by]] = [at(a), at(b)]
  const [x, y] = [ax + (bx - ax) * t, ay + (by - ay) * t]
  return { l: a.l + (b.l - a.l) * t, c: Math.hypot(x, y), h: ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360 }
}
