import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { digestOf } from '../../src/core/digest.ts'
import type { AssetloomError } from '../../src/core/errors.ts'
import type { Sound } from '../../src/core/media.ts'
import { createRandom } from '../../src/core/random.ts'
import { chooseSoundRecipe, soundRecipes } from '../../src/generators/local/sound/index.ts'
import { integratedLoudnessLufs, peakDb } from '../../src/generators/media/loudness.ts'
import { rms } from './sounds.ts'

type Asked = {
  durationSeconds?: number
  seed?: string
  parameters?: Record<string, unknown>
  recipe?: string
  type?: 'audio' | 'music'
}

const make = (
  prompt: string,
  { seed = 'seed', parameters = {}, recipe, type = 'audio', durationSeconds }: Asked = {},
): Sound =>
  chooseSoundRecipe({ type, prompt, recipe }).make({ prompt, durationSeconds, random: createRandom(seed), parameters })
const digest = ({ channels }: Sound) => digestOf(channels.map((channel) => [...channel]))
const errorOf = (work: () => unknown): AssetloomError => {
  try {
    work()
  } catch (error) {
    return error as AssetloomError
  }
  return expect.fail('it passed')
}

const energy = (samples: Float32Array) => samples.reduce((sum, x) => sum + x * x, 0)
/** Part of the energy below a frequency, by two one-pole filters. */
const lowPart = ({ channels: [samples] }: Sound, hz: number) => {
  const slope = 1 - Math.exp((-2 * Math.PI * hz) / 44_100)
  let [a, b] = [0, 0]
  return energy(samples!.map((x) => (b += slope * ((a += slope * (x - a)) - b)))) / energy(samples!)
}
const crossingsPerSecond = ({ channels: [samples] }: Sound) =>
  (samples!.filter((x, i) => i > 0 && x * samples![i - 1]! < 0).length / samples!.length) * 44_100
/** Seconds until a tenth of the energy has sounded. */
const onset = ({ channels: [samples] }: Sound) => {
  const tenth = energy(samples!) / 10
  let sum = 0
  return samples!.findIndex((x) => (sum += x * x) > tenth) / 44_100
}
const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length
const seeds = Array.from({ length: 8 }, (_, i) => `seed ${i}`)
const meanOf = (prompt: string, measure: (sound: Sound) => number, asked: Asked = {}) =>
  mean(seeds.map((seed) => measure(make(prompt, { ...asked, seed }))))

describe('chooseSoundRecipe', () => {
  it.each([
    ['A cartoon JUMP sound', 'jump'],
    ['two coins collected', 'coin'],
    ['laser-beam, sci-fi', 'laser'],
    ['big explosion after a jump', 'explosion'],
    ['jump with an explosion', 'jump'],
    ['hero levels: power-up!', 'power-up'],
    ['the player is hurt', 'hit'],
    ['menu select', 'blip'],
    ['440 Hz sine', 'tone'],
    ['rising siren', 'sweep'],
    ['white noise', 'noise'],
    ['a cheerful melody', 'arpeggio'],
    ['powerful feedback', 'blip'],
    ['', 'blip'],
  ])('takes %j for %s', (prompt, name) => {
    expect(chooseSoundRecipe({ type: 'audio', prompt }).name).toBe(name)
  })

  it('takes the named recipe whatever the words say', () => {
    expect(chooseSoundRecipe({ type: 'audio', prompt: 'jump', recipe: 'laser' }).name).toBe('laser')
  })

  it('makes an arpeggio of music', () => {
    expect(chooseSoundRecipe({ type: 'music', prompt: 'jump and run' }).name).toBe('arpeggio')
  })

  it.each([
    [
      { type: 'audio', prompt: '', recipe: 'lazer' } as const,
      'SOUND_RECIPE_UNKNOWN',
      /laser.*Recipes for audio are jump, coin/,
    ],
    [{ type: 'music', prompt: '', recipe: 'jump' } as const, 'SOUND_RECIPE_UNKNOWN', /Recipes for music are arpeggio/],
    [{ type: 'speech', prompt: 'jump' } as const, 'SOUND_TYPE_NOT_MADE', /speech/],
    [{ type: 'image', prompt: 'jump' } as const, 'SOUND_TYPE_NOT_MADE', /image/],
  ])('refuses %j', (request, code, told) => {
    const error = errorOf(() => chooseSoundRecipe(request))
    expect(error.code).toBe(code)
    expect(`${error.message} ${error.hint}`).toMatch(told)
  })
})

describe.each(soundRecipes.map((recipe) => ({ recipe: recipe.name, type: recipe.types[0]! })))(
  '$recipe',
  ({ recipe, type }) => {
    it('gives equal samples for equal seeds and others for others', () => {
      const one = digest(make('x', { recipe, type, durationSeconds: 0.4 }))
      expect(digest(make('x', { recipe, type, durationSeconds: 0.4 }))).toBe(one)
      if (recipe !== 'tone')
        expect(digest(make('x', { recipe, type, durationSeconds: 0.4, seed: 'other' }))).not.toBe(one)
    })

    it.each([0.02, 0.25, 1, 4.321])('lasts exactly %d s and is heard to its end', (durationSeconds) => {
      for (const seed of seeds.slice(0, 4)) {
        const sound = make('x', { recipe, type, durationSeconds, seed })
        const [samples] = sound.channels
        expect(samples).toHaveLength(Math.round(durationSeconds * 44_100))
        expect(peakDb(sound)).toBeCloseTo(-1, 2)
        expect(samples!.every(Number.isFinite)).toBe(true)
        const lastFifth = samples!.subarray(Math.floor(samples!.length * 0.8))
        expect(rms(lastFifth)).toBeGreaterThan(1e-4)
      }
    })

    it('has no offset and begins and ends without a click', () => {
      if (recipe === 'arpeggio') return
      for (const seed of seeds) {
        const [samples] = make('x', { recipe, type, seed }).channels
        expect(Math.abs(mean([...samples!]))).toBeLessThan(0.02)
        expect(Math.abs(samples![0]!)).toBeLessThan(0.05)
        expect(Math.abs(samples!.at(-1)!)).toBeLessThan(0.05)
      }
    })

    it.each([0, 0.001, -1, Number.NaN, Infinity, 1e9])('refuses %d seconds', (durationSeconds) => {
      expect(errorOf(() => make('x', { recipe, type, durationSeconds })).code).toBe('SOUND_DURATION_INVALID')
    })

    it('refuses a parameter that it does not have', () => {
      const error = errorOf(() => make('x', { recipe, type, parameters: { loudnes: 1 } }))
      expect(error).toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining('loudnes') })
    })

    it('leaves Math.random as it was', () => {
      const before = Math.random
      make('x', { recipe, type })
      expect(Math.random).toBe(before)
    })
  },
)

describe('jump sounds of a template', () => {
  const styles = {
    'dust-cloud': 'soft landing whoosh, dust cloud impact, light and airy',
    'energy-burst': 'electric energy burst, powerful whoosh, crisp attack',
    'mega-explosion': 'mega explosion boom, bass-heavy, dramatic cinematic impact',
  }
  const promptOf = (style: keyof typeof styles, variant: string) =>
    `Platformer game jump sound effect, ${style} style,\n${variant} variation, 0.3-0.5 seconds duration\n${styles[style]}`
  const variants = ['light', 'heavy', 'crisp', 'warm']
  const all = Object.keys(styles).flatMap((style) =>
    variants.map((variant) => {
      const prompt = promptOf(style as keyof typeof styles, variant)
      return { style, variant, prompt, sound: make(prompt, { seed: `${style} ${variant}` }) }
    }),
  )
  const meanOfStyle = (style: string, measure: (sound: Sound) => number) =>
    mean(all.filter((entry) => entry.style === style).map(({ sound }) => measure(sound)))

  it('are twelve different jumps of the length that the prompt asks for', () => {
    expect(new Set(all.map(({ sound }) => digest(sound))).size).toBe(12)
    for (const { prompt, sound } of all) {
      expect(chooseSoundRecipe({ type: 'audio', prompt }).name).toBe('jump')
      expect(sound.channels[0]!.length / 44_100).toBeGreaterThanOrEqual(0.3)
      expect(sound.channels[0]!.length / 44_100).toBeLessThanOrEqual(0.5)
    }
  })

  it('fit their words: explosions are deep, energy begins hard, dust is noise that swells', () => {
    const bass = (sound: Sound) => lowPart(sound, 150)
    expect(meanOfStyle('mega-explosion', bass)).toBeGreaterThan(4 * meanOfStyle('energy-burst', bass))
    expect(meanOfStyle('mega-explosion', bass)).toBeGreaterThan(4 * meanOfStyle('dust-cloud', bass))
    expect(meanOfStyle('dust-cloud', onset)).toBeGreaterThan(1.5 * meanOfStyle('energy-burst', onset))
    expect(meanOfStyle('dust-cloud', crossingsPerSecond)).toBeGreaterThan(
      1.5 * meanOfStyle('mega-explosion', crossingsPerSecond),
    )
  })
})

describe('words of the prompt', () => {
  it.each<[string, string, (sound: Sound) => number, string]>([
    ['bass-heavy jump', 'jump', (sound) => lowPart(sound, 120), 'more bass'],
    ['dark laser', 'laser', (sound) => -crossingsPerSecond(sound), 'darker'],
    ['bright laser', 'muffled laser', crossingsPerSecond, 'brighter'],
    ['soft jump', 'crisp jump', onset, 'a slower attack'],
    ['jump in a dust cloud', 'jump', crossingsPerSecond, 'more noise'],
    ['electric jump', 'jump', crossingsPerSecond, 'more buzz'],
  ])('%j against %j gives %s', (prompt, against, measure) => {
    expect(meanOf(prompt, measure, { durationSeconds: 0.4 })).toBeGreaterThan(
      meanOf(against, measure, { durationSeconds: 0.4 }),
    )
  })

  it.each([
    ['blip of 500 ms', 0.5],
    ['a 2 second tone', 2],
    ['explosion, 1.5s', 1.5],
    ['blip for 900 s', undefined],
  ])('%j tells the length', (prompt, seconds) => {
    const length = make(prompt).channels[0]!.length / 44_100
    if (seconds !== undefined) expect(length).toBeCloseTo(seconds, 3)
    else expect(length).toBeLessThan(1)
  })

  it('do not take a decade for a length', () => {
    const seconds = (prompt: string) => make(prompt, { type: 'music' }).channels[0]!.length / 44_100
    expect(seconds('80s synth music')).toBeLessThan(20)
    expect(seconds('synth music, 30s')).toBeCloseTo(30, 3)
  })

  it('tell pitch and direction', () => {
    expect(crossingsPerSecond(make('tone of 1 kHz'))).toBeCloseTo(2000, -1)
    const sweep = (prompt: string) => make(prompt, { durationSeconds: 1 }).channels[0]!
    const half = (samples: Float32Array, from: number) =>
      crossingsPerSecond({ channels: [samples.subarray(from, from + 22_050)], sampleRateHz: 44_100 })
    expect(half(sweep('sweep up'), 0)).toBeLessThan(half(sweep('sweep up'), 22_050))
    expect(half(sweep('sweep down'), 0)).toBeGreaterThan(half(sweep('sweep down'), 22_050))
  })
})

describe('parameters', () => {
  it('set pitch, weight, frequency and colour', () => {
    const asked = { durationSeconds: 0.4 }
    const pitched = (pitch: number) => meanOf('blip', crossingsPerSecond, { ...asked, parameters: { pitch } })
    expect(pitched(2)).toBeGreaterThan(1.5 * pitched(0.5))
    expect(lowPart(make('blip', { parameters: { weight: 1 } }), 120)).toBeGreaterThan(lowPart(make('blip'), 120))
    expect(crossingsPerSecond(make('tone', { parameters: { frequency: '2 kHz' } }))).toBeCloseTo(4000, -1)
    const colored = (color: string) => crossingsPerSecond(make('noise', { parameters: { color } }))
    expect(colored('white')).toBeGreaterThan(colored('pink'))
    expect(colored('pink')).toBeGreaterThan(colored('brown'))
  })

  it.each([
    ['jump', { pitch: 0 }],
    ['tone', { frequency: 'high' }],
    ['noise', { color: 'blue' }],
    ['arpeggio', { tonic: 'H' }],
    ['arpeggio', { tempo: 1e6 }],
  ])('of %s refuse %j', (recipe, parameters) => {
    expect(errorOf(() => make('x', { recipe, parameters })).code).toBe('OPTION_INVALID')
  })
})

describe('arpeggio', () => {
  const loops = seeds.slice(0, 4).map((seed) => make('calm music', { type: 'music', seed, durationSeconds: 6 }))

  it('is stereo, even in level, and loops without a seam', () => {
    for (const { channels } of loops) {
      expect(channels).toHaveLength(2)
      expect(digestOf([...channels[0]!.subarray(0, 999)])).not.toBe(digestOf([...channels[1]!.subarray(0, 999)]))
      for (const channel of channels) {
        const step = (i: number) => Math.abs(channel[i]! - channel.at(i - 1)!)
        const largest = channel.reduce((max, _, i) => (i === 0 ? 0 : Math.max(max, step(i))), 0)
        expect(step(0)).toBeLessThan(largest)
        // What rings over the end goes on at the beginning: it does not start from silence.
        expect(rms(channel.subarray(0, 200))).toBeGreaterThan(0.001)
        const quarter = channel.length / 4
        const levels = [0, 1, 2, 3].map((n) => rms(channel.subarray(n * quarter, (n + 1) * quarter)))
        expect(Math.max(...levels) / Math.min(...levels)).toBeLessThan(1.8)
      }
      expect(integratedLoudnessLufs({ channels, sampleRateHz: 44_100 })).toBeGreaterThan(-24)
    }
  })

  it('follows tempo words', () => {
    const seconds = (prompt: string) => make(prompt, { type: 'music' }).channels[0]!.length / 44_100
    expect(seconds('slow music')).toBeGreaterThan(1.3 * seconds('fast music'))
  })
})

it('gives the same samples in another process', () => {
  const program = `
    const { chooseSoundRecipe, soundRecipes } = await import('./src/generators/local/sound/index.ts')
    const { createRandom } = await import('./src/core/random.ts')
    const { digestOf } = await import('./src/core/digest.ts')
    for (const { name, types, make } of soundRecipes)
      console.log(digestOf(make({ prompt: 'electric soft', durationSeconds: 0.3, random: createRandom(name), parameters: {} }).channels.map((c) => [...c])))`
  const other = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    .trim()
    .split('\n')
  const own = soundRecipes.map(({ name, make: makeOf }) =>
    digest(makeOf({ prompt: 'electric soft', durationSeconds: 0.3, random: createRandom(name), parameters: {} })),
  )
  expect(other).toEqual(own)
})

it('loads a codec or the synthesiser only with the sound that needs it', () => {
  const program = `
    const { registerHooks } = await import('node:module')
    const loaded = []
    registerHooks({ load(url, context, next) {
      const found = /node_modules\\/(?:@[^/]+\\/)?(jsfxr|mpg123-decoder|wasm-media-encoders|flac|ogg-vorbis)\\//.exec(url)
      if (found && !loaded.includes(found[1])) loaded.push(found[1])
      return next(url, context)
    } })
    const { chooseSoundRecipe } = await import('./src/generators/local/sound/index.ts')
    const { decodeSound } = await import('./src/generators/media/decode-sound.ts')
    const { encodeSound } = await import('./src/generators/media/encode-sound.ts')
    const { resolveSoundEncoding } = await import('./src/generators/media/sound-encoding.ts')
    const { createRandom } = await import('./src/core/random.ts')
    await import('./src/generators/media/inspect-sound.ts')
    await import('./src/generators/processors/audio/index.ts')
    const tone = chooseSoundRecipe({ type: 'audio', prompt: 'tone' }).make({ prompt: 'tone', random: createRandom('x'), parameters: {} })
    await decodeSound((await encodeSound(tone, resolveSoundEncoding('wav'))).bytes)
    console.log(loaded.join())
    const { bytes } = await encodeSound(tone, resolveSoundEncoding('mp3'))
    console.log(loaded.join())
    await decodeSound(bytes)
    console.log(loaded.join())`
  const lines = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    .trimEnd()
    .split('\n')
  expect(lines).toEqual(['', 'wasm-media-encoders', 'wasm-media-encoders,mpg123-decoder'])
})
