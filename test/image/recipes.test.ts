import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../src/core/digest.ts'
import { parseColor, toOklch } from '../../src/core/color.ts'
import { createRandom } from '../../src/core/random.ts'
import { chooseImageRecipe, imageRecipes, rasterise, type Recipe } from '../../src/generators/local/image/index.ts'
import { drawableText } from '../../src/generators/local/image/letters.ts'
import { initialsOf } from '../../src/generators/local/image/monogram.ts'
import { colorsInText } from '../../src/generators/local/image/palette.ts'
import { dominantColor } from '../../src/generators/media/dominant-color.ts'
import { sanitizeSvg } from '../../src/generators/media/svg.ts'

const draw = (recipe: Recipe, seed: string, prompt = recipe.name, parameters = {}, widthPx = 64, heightPx = 48) =>
  recipe.draw({ prompt, widthPx, heightPx, random: createRandom(seed), parameters })

const named = (name: string) => imageRecipes.find((recipe) => recipe.name === name)!

describe.each(imageRecipes.map((recipe) => [recipe.name, recipe] as const))('%s', (_name, recipe) => {
  test('the same seed gives the same bytes, another seed others', async () => {
    const seeds = ['a', 'a', 'b', 'c', 'd', 'e']
    const digests = await Promise.all(seeds.map(async (seed) => sha256(await rasterise(draw(recipe, seed), 64, 48))))
    expect(digests[0]).toBe(digests[1])
    expect(new Set(digests).size).toBe(5)
  })

  test.each([[64, 48], [48, 64], [16, 16], [200, 50], [1, 1]])('draws exactly %i × %i and not nothing', async (widthPx, heightPx) => {
    const png = await rasterise(draw(recipe, 'x', recipe.name, {}, widthPx, heightPx), widthPx, heightPx)
    const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([widthPx, heightPx])
    expect(dominantColor(data, 4)).toBeDefined()
  })

  test('needs no font, no outside file and no script', () => {
    const svg = draw(recipe, 'x')
    expect(svg).not.toMatch(/<text|NaN|undefined|Infinity/)
    expect(sanitizeSvg(svg).stripped).toEqual([])
  })

  test('takes the colours that it is given', async () => {
    const png = await rasterise(draw(recipe, 'x', recipe.name, { colors: ['#00A86B'] }, 128, 96), 128, 96)
    const { data } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    let green = 0
    for (let i = 0; i < data.length; i += 4) {
      const { c, h } = toOklch({ r: data[i]!, g: data[i + 1]!, b: data[i + 2]! })
      if (data[i + 3]! > 40 && c > 0.03 && Math.abs(h - toOklch(parseColor('#00A86B')!).h) < 40) green++
    }
    expect(green).toBeGreaterThan(data.length / 4 / 50)
  })

  test('refuses an unknown knob, naming its own', () => {
    expect(() => draw(recipe, 'x', 'x', { colours: ['red'] })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', hint: expect.stringMatching(/Did you mean colors\?.*Options are .*colors/) as string }),
    )
  })
})

test('a soft white particle is white, soft and round', async () => {
  const png = await rasterise(draw(named('particle'), 'seed', '32x32 soft white gradient circle particle', {}, 32, 32), 32, 32)
  const { data } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number) => [...data.subarray((y * 32 + x) * 4, (y * 32 + x) * 4 + 4)]
  expect(at(16, 16).slice(0, 3)).toEqual([255, 255, 255])
  expect(at(16, 16)[3]).toBeGreaterThan(240)
  expect(at(0, 0)[3]).toBe(0)
  const alphas = [16, 20, 24, 28].map((x) => at(x, 16)[3]!)
  expect(alphas).toEqual([...alphas].sort((a, b) => b - a))
  expect(Math.abs(at(6, 16)[3]! - at(25, 16)[3]!)).toBeLessThan(8)
})

test('a sprite is symmetrical and hard-edged', async () => {
  const png = await rasterise(draw(named('sprite'), 'seed', 'robot', {}, 32, 32), 32, 32)
  const { data } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
  const alpha = (x: number, y: number) => data[(y * 32 + x) * 4 + 3]!
  for (let y = 0; y < 32; y++) for (let x = 0; x < 16; x++) expect(alpha(x, y)).toBe(alpha(31 - x, y))
  expect(new Set(Array.from({ length: 1024 }, (_, i) => data[i * 4 + 3]))).toEqual(new Set([0, 255]))
})

describe('choosing', () => {
  test.each([
    ['32x32 soft white gradient circle particle, transparent background', 'particle'],
    ['misty mountain landscape at dawn', 'backdrop'],
    ['pixel art slime monster', 'sprite'],
    ['logo for "Acme"', 'monogram'],
    ['gold medal badge', 'badge'],
    ['user avatar', 'avatar'],
    ['seamless geometric pattern', 'pattern'],
    ['topographic contour lines', 'noise'],
    ['teal gradient', 'gradient'],
    ['heart icon', 'icon'],
  ])('%s → %s', (prompt, name) => expect(chooseImageRecipe({ prompt }).name).toBe(name))

  test('a named recipe wins over words', () => {
    expect(chooseImageRecipe({ prompt: 'teal gradient', recipe: 'noise' }).name).toBe('noise')
  })

  test('an unknown name is refused, naming the near and all', () => {
    expect(() => chooseImageRecipe({ prompt: 'x', recipe: 'sprit' })).toThrow(
      expect.objectContaining({ code: 'RECIPE_UNKNOWN', hint: expect.stringMatching(/Did you mean sprite\?.*particle.*avatar/s) as string }),
    )
  })

  test('no word at all: wide is a landscape, square a mark', () => {
    expect(chooseImageRecipe({ prompt: 'qwerty', widthPx: 1600, heightPx: 900 }).name).toBe('backdrop')
    expect(chooseImageRecipe({ prompt: 'qwerty', widthPx: 64, heightPx: 64 }).name).toBe('icon')
  })
})

describe('words', () => {
  test.each([
    ['a teal and #ff6b35 thing', ['#008080', '#FF6B35']],
    ['sky blue wave', ['#87CEEB']],
    ['white', ['#FFFFFF']],
    ['no colour here', []],
    ['snow on the tan wheat', []],
  ])('colours of %j', (text, expected) => {
    expect(colorsInText(text)).toEqual(expected.map((hex) => toOklch(parseColor(hex)!)))
  })

  test('a shade before a colour counts', () => {
    expect(colorsInText('dark teal')[0]!.l).toBeLessThan(colorsInText('teal')[0]!.l)
  })

  test.each([
    ['logo for "Wyn"', 'WYN'],
    ['logo for "Blue Kite Studio"', 'BKS'],
    ['Acme Corp logo', 'AC'],
    ['monogram RS teal', 'RS'],
    ['a logo of Élan', 'E'],
    ['logo', ''],
  ])('initials of %j are %j', (prompt, initials) => expect(initialsOf(prompt)).toBe(initials))

  test('every letter and digit can be drawn', () => {
    expect(drawableText('abcdefghijklmnopqrstuvwxyz0123456789')).toHaveLength(36)
    expect(drawableText('é ü 漢')).toBe('E U')
  })

  test('a monogram of nothing drawable is refused', () => {
    expect(() => draw(named('monogram'), 'x', 'logo', { text: '漢' })).toThrow(expect.objectContaining({ code: 'RECIPE_TEXT' }))
  })

  test('a colour that is none is refused', () => {
    expect(() => draw(named('gradient'), 'x', 'x', { colors: ['nope'] })).toThrow(expect.objectContaining({ code: 'RECIPE_COLOR' }))
  })
})
