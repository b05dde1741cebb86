import { readdirSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { MediaBytes, Picture } from '../../src/core/media.ts'
import type { Processing, ProcessorContext } from '../../src/core/ports.ts'
import { createRandom } from '../../src/core/random.ts'
import { resolveEncoding } from '../../src/generators/media/encoding.ts'
import { encodePicture } from '../../src/generators/media/picture-codec.ts'
import { imageProcessors } from '../../src/generators/processors/image/index.ts'
import { requireOptions } from '../../src/generators/strict-options.ts'

type Color = readonly [number, number, number, number]
const red: Color = [255, 0, 0, 255]
const blue: Color = [0, 0, 255, 255]
const lime: Color = [0, 255, 0, 255]
const none: Color = [0, 0, 0, 0]

function paint(widthPx: number, heightPx: number, colorAt: (x: number, y: number) => Color): Picture {
  const pixels = new Uint8Array(widthPx * heightPx * 4)
  for (let y = 0; y < heightPx; y++) for (let x = 0; x < widthPx; x++) pixels.set(colorAt(x, y), (y * widthPx + x) * 4)
  return { pixels, widthPx, heightPx }
}
const at = ({ pixels, widthPx }: Picture, x: number, y: number) => [...pixels.subarray((y * widthPx + x) * 4, (y * widthPx + x) * 4 + 4)]
const size = ({ widthPx, heightPx }: Picture) => `${widthPx}x${heightPx}`
/** A disc of one colour on another. */
const disc = (side: number, r: number, inside: Color, outside: Color) =>
  paint(side, side, (x, y) => (Math.hypot(x - (side - 1) / 2, y - (side - 1) / 2) <= r ? inside : outside))
const halves = (side: number) => paint(side, side, (x) => (x < side / 2 ? red : blue))

interface Given {
  files?: Record<string, Uint8Array>
  colors?: Record<string, string[]>
  /** What the asset is written as when no step says. */
  own?: string
}

const stateOf = (...variations: Picture[]): Processing<Picture> => ({ media: variations[0]!, variations, encodings: [], extras: [], checks: [] })

/** Run steps as a spec has them. */
async function run(state: Processing<Picture>, steps: readonly ({ action: string } & Record<string, unknown>)[], given: Given = {}) {
  let current = state
  const context: ProcessorContext = {
    readFile: async (path) => given.files![path]!,
    colorsOf: async (ref) => given.colors?.[ref] ?? [],
    encode: (): Promise<MediaBytes[]> => {
      const encodings = current.encodings.length > 0 ? current.encodings : [resolveEncoding(given.own ?? 'png')]
      return Promise.all(encodings.map((encoding) => encodePicture(current.media, encoding)))
    },
    random: createRandom,
  }
  for (const { action, ...options } of steps) {
    const processor = imageProcessors.find((one) => one.action === action)!
    current = await processor.run(current, requireOptions(processor.options as never, options, `the step ${action}`), context)
  }
  return current
}
const one = async (picture: Picture, step: { action: string } & Record<string, unknown>, given?: Given) => (await run(stateOf(picture), [step], given)).media

test('the table has every processor file', () => {
  const actions = imageProcessors.map(({ action }) => action).sort()
  const files = readdirSync('src/generators/processors/image').map((file) => file.replace(/\.ts$/, ''))
  for (const action of actions) expect(files).toContain(action)
  expect(actions).toHaveLength(15)
})

describe('every step', () => {
  const options: Record<string, Record<string, unknown>> = {
    resize: { dimensions: '8x8' }, crop: { dimensions: '8x8' }, extend: { all: 2 }, composite: { layers: [{ file: 'x.png' }] },
    palette: { colors: 4 }, convert: { formats: ['webp'] }, validate: { checks: ['not_blank'] },
  }
  test.each(imageProcessors.map((processor) => [processor.action, processor] as const))('%s refuses an unknown option and names its own', (action, processor) => {
    const schema = processor.options as never
    expect(() => requireOptions(schema, options[action] ?? {}, action)).not.toThrow()
    expect(() => requireOptions(schema, { ...options[action], bogus: 1 }, `the step ${action}`)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining('"bogus"') as string, hint: expect.stringContaining('Options are ') as string }),
    )
  })

  test.each(imageProcessors.map((processor) => [processor.action, processor] as const))('%s leaves its input as it was and is repeatable', async (action) => {
    const picture = disc(24, 8, red, [255, 255, 255, 255])
    const before = picture.pixels.slice()
    const files = { 'x.png': (await encodePicture(disc(4, 2, blue, none), resolveEncoding('png'))).bytes }
    const [first, again] = await Promise.all([1, 2].map(() => run(stateOf(picture), [{ action, ...options[action] }], { files })))
    expect(picture.pixels).toEqual(before)
    expect(Buffer.compare(first!.media.pixels, again!.media.pixels)).toBe(0)
  })
})

describe('resize', () => {
  test.each([
    [{ dimensions: '32x32' }, '32x32'],
    [{ dimensions: '32 x 16 px' }, '32x16'],
    [{ dimensions: [20, 10] }, '20x10'],
    [{ dimensions: 24 }, '24x24'],
    [{ width: '16px' }, '16x8'],
    [{ height: 16 }, '32x16'],
    [{ width: 200 }, '200x100'],
    [{ width: 200, enlarge: false }, '64x32'],
    [{ dimensions: '32x32', fit: 'inside' }, '32x16'],
    [{ dimensions: '32x32', fit: 'contain' }, '32x32'],
    [{ dimensions: '10x30', fit: 'fill', method: 'lanczos' }, '10x30'],
  ])('%j makes %s of 64x32', async (options, expected) => {
    expect(size(await one(paint(64, 32, () => red), { action: 'resize', ...options }))).toBe(expected)
  })

  test.each([{}, { dimensions: '0x5' }, { dimensions: 'big' }, { dimensions: '8x8', width: 8 }, { width: 1.5 }, { width: 8, method: 'bicubic' }, { width: '8em' }])('%j is refused', async (options) => {
    await expect(one(halves(8), { action: 'resize', ...options })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })

  test('nearest keeps pixels hard, lanczos does not; lanczos is lanczos3', async () => {
    const checker = paint(8, 8, (x, y) => ((x + y) % 2 ? red : blue))
    const colors = async (method: string) => {
      const { pixels } = await one(checker, { action: 'resize', width: 20, method })
      return new Set(Array.from({ length: pixels.length / 4 }, (_, i) => pixels.subarray(i * 4, i * 4 + 4).join())).size
    }
    expect(await colors('nearest')).toBe(2)
    expect(await colors('lanczos')).toBeGreaterThan(4)
    const [a, b, c] = await Promise.all(['lanczos', 'lanczos3', 'mitchell'].map((method) => one(checker, { action: 'resize', width: 5, method })))
    expect(a!.pixels).toEqual(b!.pixels)
    expect(a!.pixels).not.toEqual(c!.pixels)
  })

  test('hidden colours do not bleed into edges', async () => {
    const picture = paint(16, 16, (x) => (x < 8 ? [255, 255, 255, 255] : [255, 0, 0, 0]))
    const { pixels } = await one(picture, { action: 'resize', width: 7 })
    for (let i = 0; i < pixels.length; i += 4) if (pixels[i + 3]! > 8) expect(pixels[i + 1]).toBeGreaterThan(240)
  })
})

describe('shape', () => {
  test('trim cuts a transparent or a coloured border', async () => {
    expect(size(await one(disc(21, 4, red, none), { action: 'trim' }))).toBe('9x9')
    expect(size(await one(disc(21, 4, red, lime), { action: 'trim', margin: '2px' }))).toBe('13x13')
    expect(size(await one(disc(21, 4, red, lime), { action: 'trim', background: 'red' }))).toBe('21x21')
    expect(size(await one(paint(5, 5, () => none), { action: 'trim' }))).toBe('5x5')
  })

  test('crop keeps the named part', async () => {
    const picture = halves(20)
    expect(at(await one(picture, { action: 'crop', dimensions: '4x4', position: 'top right' }), 0, 0)).toEqual([...blue])
    expect(size(await one(picture, { action: 'crop', aspect: '2:1' }))).toBe('20x10')
    const part = await one(picture, { action: 'crop', x: 9, y: 0, width: 2, height: 1 })
    expect([at(part, 0, 0), at(part, 1, 0)]).toEqual([[...red], [...blue]])
    await expect(one(picture, { action: 'crop', x: 15, width: 10 })).rejects.toMatchObject({ code: 'CROP_OUTSIDE' })
    await expect(one(picture, { action: 'crop', dimensions: '30x30' })).rejects.toMatchObject({ code: 'CROP_OUTSIDE' })
  })

  test('extend adds room', async () => {
    const sides = await one(halves(4), { action: 'extend', left: 3, bottom: 1, background: 'lime' })
    expect([size(sides), at(sides, 0, 0), at(sides, 3, 0), at(sides, 3, 4)]).toEqual(['7x5', [...lime], [...red], [...lime]])
    const boxed = await one(halves(4), { action: 'extend', dimensions: '10x10' })
    expect([size(boxed), at(boxed, 0, 0), at(boxed, 3, 3), at(boxed, 6, 6)]).toEqual(['10x10', [...none], [...red], [...blue]])
  })
})

describe('composite', () => {
  const layers = async () => ({ 'dot.png': (await encodePicture(paint(4, 4, () => lime), resolveEncoding('png'))).bytes })

  test('lays a file at a place', async () => {
    const result = await one(paint(12, 12, () => red), { action: 'composite', layers: [{ file: 'dot.png', position: 'right-bottom', x: -1 }] }, { files: await layers() })
    expect([at(result, 7, 11), at(result, 10, 8), at(result, 11, 11), at(result, 0, 0)]).toEqual([[...lime], [...lime], [...red], [...red]])
  })

  test('opacity and blend mix', async () => {
    const files = await layers()
    const faint = await one(paint(4, 4, () => red), { action: 'composite', layers: [{ file: 'dot.png', opacity: '50%' }] }, { files })
    expect(at(faint, 1, 1)[0]).toBeGreaterThan(120)
    expect(at(faint, 1, 1)[1]).toBeGreaterThan(120)
    const product = await one(paint(4, 4, () => [255, 255, 0, 255]), { action: 'composite', layers: [{ file: 'dot.png', blend: 'multiply' }] }, { files })
    expect(at(product, 1, 1)).toEqual([...lime])
    const below = await one(paint(4, 4, (x) => (x < 2 ? red : none)), { action: 'composite', layers: [{ file: 'dot.png', blend: 'under' }] }, { files })
    expect([at(below, 0, 0), at(below, 3, 3)]).toEqual([[...red], [...lime]])
    const cutOut = await one(paint(8, 8, () => red), { action: 'composite', layers: [{ file: 'dot.png', blend: 'mask' }] }, { files })
    expect([at(cutOut, 3, 3), at(cutOut, 0, 0)[3]]).toEqual([[...red], 0])
  })

  test('a layer may be larger than the picture', async () => {
    const result = await one(paint(2, 2, () => red), { action: 'composite', layers: [{ file: 'dot.png' }] }, { files: await layers() })
    expect([size(result), at(result, 0, 0)]).toEqual(['2x2', [...lime]])
  })

  test('names its files', () => {
    const processor = imageProcessors.find(({ action }) => action === 'composite')!
    const options = requireOptions(processor.options as never, { layers: [{ file: 'a.png' }, { file: 'b.png' }] }, 'x')
    expect(processor.inputs!(options)).toEqual(['a.png', 'b.png'])
  })
})

describe('background-remove', () => {
  test('makes the colour along the edges transparent', async () => {
    const result = await one(disc(21, 6, red, lime), { action: 'background-remove' })
    expect([at(result, 0, 0)[3], at(result, 10, 10)]).toEqual([0, [...red]])
  })

  test('tolerance widens and feather fades', async () => {
    const shades = paint(5, 1, (x) => [x * 60, x * 60, x * 60, 255])
    const alphas = async (options: object) => {
      const result = await one(shades, { action: 'background-remove', color: 'black', ...options })
      return [0, 1, 2, 3, 4].map((x) => at(result, x, 0)[3])
    }
    expect(await alphas({ tolerance: 0.01, feather: 0 })).toEqual([0, 255, 255, 255, 255])
    expect(await alphas({ tolerance: '40%', feather: 0 })).toEqual([0, 0, 255, 255, 255])
    const faded = await alphas({ tolerance: 0.2, feather: 1 })
    expect(faded[2]).toBeGreaterThan(0)
    expect(faded[2]).toBeLessThan(faded[4]!)
    expect(faded[4]).toBeLessThan(255)
  })

  test('contiguous keeps the same colour inside', async () => {
    const ring = paint(21, 21, (x, y) => {
      const r = Math.hypot(x - 10, y - 10)
      return r < 7 && r > 3 ? red : lime
    })
    expect(at(await one(ring, { action: 'background-remove' }), 10, 10)[3]).toBe(0)
    const kept = await one(ring, { action: 'background-remove', contiguous: true })
    expect([at(kept, 10, 10), at(kept, 0, 0)[3]]).toEqual([[...lime], 0])
  })
})

describe('palette', () => {
  const ramp = paint(64, 8, (x, y) => [x * 4, y * 30, 128, x === 0 ? 77 : 255])
  const colorsIn = ({ pixels }: Picture) => new Set(Array.from({ length: pixels.length / 4 }, (_, i) => pixels.subarray(i * 4, i * 4 + 3).join()))

  test.each([2, 5, 16])('keeps %i colours', async (colors) => {
    const result = await one(ramp, { action: 'palette', colors })
    expect(colorsIn(result).size).toBeLessThanOrEqual(colors)
    expect(colorsIn(result).size).toBeGreaterThan(colors / 2)
    expect(at(result, 0, 0)[3]).toBe(77)
  })

  test('finds the colours that are there', async () => {
    expect(colorsIn(await one(disc(20, 5, red, lime), { action: 'palette', colors: 8 }))).toEqual(new Set(['255,0,0', '0,255,0']))
  })

  test('snaps to listed colours and to design tokens', async () => {
    const picture = paint(3, 1, (x) => ([[250, 20, 10, 255], [20, 10, 240, 255], [90, 0, 0, 255]] as const)[x]!)
    const expected = [[...red], [...blue], [0, 0, 0, 255]]
    const listed = await one(picture, { action: 'palette', colors: ['red', '#00f', 'black'] })
    const tokens = await one(picture, { action: 'palette', tokens: 'design-tokens/colors/brand' }, { colors: { 'design-tokens/colors/brand': ['#FF0000', '#0000FF', '#000000'] } })
    for (const result of [listed, tokens]) expect([0, 1].map((x) => at(result, x, 0))).toEqual(expected.slice(0, 2))
    await expect(one(picture, { action: 'palette', tokens: 'none' })).rejects.toMatchObject({ code: 'PALETTE_EMPTY' })
  })

  test('dither keeps the mean', async () => {
    const grey = paint(32, 32, () => [128, 128, 128, 255])
    const mean = ({ pixels }: Picture) => pixels.filter((_, i) => i % 4 === 0).reduce((sum, value) => sum + value, 0) / (pixels.length / 4)
    const step = { action: 'palette', colors: ['black', 'white'] }
    expect([0, 255]).toContain(mean(await one(grey, step)))
    expect(Math.abs(mean(await one(grey, { ...step, dither: 1 })) - 128)).toBeLessThan(8)
  })
})

describe('looks', () => {
  test('outline rings the subject and keeps it', async () => {
    const result = await one(disc(31, 6, red, none), { action: 'outline', width: '3px', color: 'blue' })
    expect([at(result, 15, 15), at(result, 23, 15), at(result, 27, 15)[3]]).toEqual([[...red], [...blue], 0])
    expect(size(result)).toBe('31x31')
    expect(size(await one(disc(31, 6, red, none), { action: 'outline', width: 3, grow: true }))).toBe('37x37')
    const dot = paint(7, 7, (x, y) => (x === 3 && y === 3 ? red : none))
    const corner = async (corners: string) => at(await one(dot, { action: 'outline', width: 2, corners }), 1, 1)[3]!
    expect(await corner('square')).toBe(255)
    expect(await corner('round')).toBeLessThan(128)
  })

  test('pixelate makes blocks of one colour', async () => {
    const result = await one(paint(16, 16, (x, y) => [x * 16, y * 16, 0, 255]), { action: 'pixelate', size: 4 })
    expect(at(result, 0, 0)).toEqual(at(result, 3, 3))
    expect(at(result, 0, 0)).not.toEqual(at(result, 4, 0))
    expect(at(result, 0, 0).slice(0, 2)).toEqual([24, 24])
  })

  test('blur softens an edge, sharpen lifts it', async () => {
    const edge = paint(40, 40, (x) => (x < 20 ? [90, 90, 90, 255] : [160, 160, 160, 255]))
    const step = (picture: Picture) => at(picture, 21, 20)[0]! - at(picture, 18, 20)[0]!
    expect(step(await one(edge, { action: 'blur', sigma: 4 }))).toBeLessThan(45)
    const lifted = await one(edge, { action: 'sharpen', sigma: 1.5, amount: 2 })
    expect(at(lifted, 20, 20)[0]! - at(lifted, 19, 20)[0]!).toBeGreaterThan(80)
  })
})

describe('files', () => {
  test('convert asks for formats with their options', async () => {
    const { encodings } = await run(stateOf(halves(8)), [{ action: 'convert', formats: ['png', { webp: { lossless: true } }, 'jpeg'], quality: 70 }])
    expect(encodings.map(({ format }) => format)).toEqual(['png', 'webp', 'jpg'])
    expect(encodings[0]!.options).toMatchObject({ palette: false })
    expect(encodings[1]!.options).toMatchObject({ lossless: true, quality: 70 })
    const each = await run(stateOf(halves(8)), [{ action: 'convert', formats: ['webp', 'avif'], quality: { webp: 81, avif: 41 } }])
    expect(each.encodings.map(({ options }) => options.quality)).toEqual([81, 41])
    expect((await run(stateOf(halves(8)), [{ action: 'convert', format: 'gif' }])).encodings[0]!.format).toBe('gif')
  })

  test.each([
    {}, { formats: [] }, { formats: ['bmp'] }, { formats: ['webp'], format: 'png' }, { formats: ['webp'], quality: 0 },
    { formats: ['webp'], quality: { avif: 50 } }, { formats: [{ webp: { qualty: 1 } }] },
  ])('convert refuses %j', async (options) => {
    await expect(run(stateOf(halves(8)), [{ action: 'convert', ...options }])).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })

  test('optimize makes files smaller and keeps lossless pixels', async () => {
    const random = createRandom('x')
    const picture = paint(96, 96, (x, y) => [x * 2 + random.int(0, 3), y * 2, (x * y) % 200, 255])
    const bytesOf = async (steps: { action: string; [key: string]: unknown }[], own: string) => {
      const state = await run(stateOf(picture), steps, { own })
      return (await encodePicture(state.media, state.encodings[0] ?? resolveEncoding(own))).bytes
    }
    for (const own of ['webp', 'jpg']) {
      expect((await bytesOf([{ action: 'optimize' }], own)).length).toBeLessThan((await bytesOf([], own)).length * 1.02)
    }
    expect((await bytesOf([{ action: 'optimize', lossy: true }], 'png')).length).toBeLessThan((await bytesOf([], 'png')).length * 0.7)
    const state = await run(stateOf(picture), [{ action: 'convert', formats: ['webp', 'png'] }, { action: 'optimize' }])
    expect(state.encodings.map(({ format, options }) => [format, options.effort])).toEqual([['webp', 6], ['png', 7]])
  })

  test('sprite-sheet packs the processed variations and tells where', async () => {
    const variations = [red, blue, lime].map((color) => paint(20, 20, () => color))
    const state = await run(stateOf(...variations), [{ action: 'resize', width: 10 }, { action: 'sprite-sheet', columns: 2, padding: 1 }])
    expect(size(state.media)).toBe('23x23')
    expect([at(state.media, 1, 1), at(state.media, 12, 1), at(state.media, 1, 12), at(state.media, 12, 12), at(state.media, 0, 0)]).toEqual([[...red], [...blue], [...lime], [...none], [...none]])
    const [atlas] = state.extras
    const parsed = JSON.parse(new TextDecoder().decode(atlas!.bytes)) as { frames: Record<string, { frame: object }>; meta: object }
    expect(atlas!.name).toBe('.atlas.json')
    expect(Object.keys(parsed.frames)).toEqual(['frame-1', 'frame-2', 'frame-3'])
    expect(parsed.frames['frame-2']!.frame).toEqual({ x: 12, y: 1, w: 10, h: 10 })
    expect(parsed.meta).toEqual({ size: { w: 23, h: 23 }, scale: '1' })
  })

  test('sprite-sheet fits frames, takes names and powers of two', async () => {
    const variations = [paint(20, 10, () => red), paint(10, 20, () => blue)]
    const state = await run(stateOf(...variations), [{ action: 'sprite-sheet', frame: '12x12', names: ['walk', 'run'], power_of_two: true, method: 'nearest' }])
    expect(size(state.media)).toBe('32x16')
    expect(at(state.media, 6, 0)).toEqual([...none])
    await expect(run(stateOf(...variations), [{ action: 'sprite-sheet', names: ['walk'] }])).rejects.toMatchObject({ code: 'SPRITE_SHEET_INVALID' })
  })
})

describe('validate', () => {
  const soft = disc(32, 10, red, none)
  const flat = paint(32, 32, () => red)
  const random = createRandom('noise')
  const noise = paint(32, 32, () => [random.int(0, 255), random.int(0, 255), random.int(0, 255), 255])
  const resize32 = { action: 'resize', dimensions: '32x32' }
  const tokens = { colors: { brand: ['#FF0000'] } }

  test.each([
    ['has_alpha', soft, true],
    ['has_alpha', flat, false],
    ['not_blank', soft, true],
    ['not_blank', flat, false],
    ['not_blank', paint(8, 8, (x) => [x, 9, 9, 0]), false],
    ['contrast', soft, true],
    ['contrast', flat, false],
    [{ contrast: 15 }, paint(8, 8, (x) => (x < 4 ? [255, 255, 255, 255] : [0, 0, 0, 255])), true],
    [{ contrast: 15 }, halves(8), false],
    [{ min_bytes: 100 }, noise, true],
    [{ min_bytes: '1 MB' }, noise, false],
    [{ max_bytes: '20 KB' }, noise, true],
    [{ max_bytes: 20 }, noise, false],
    ['file_size_reasonable', noise, true],
    [{ dimensions_match: '32x32' }, flat, true],
    [{ dimensions_match: '31x32' }, flat, false],
    [{ palette_match: ['#ff0000'] }, soft, true],
    [{ palette_match: ['#0000ff'] }, soft, false],
    [{ palette_match: 'brand' }, soft, true],
    [{ palette_match: { tokens: 'brand', share: 0.4 } }, halves(8), true],
    [{ palette_match: { tokens: 'brand', share: 0.9 } }, halves(8), false],
  ])('%j (case %#)', async (check, picture, passes) => {
    const result = run(stateOf(picture), [{ action: 'validate', checks: [check] }], tokens)
    if (passes) expect((await result).checks).toEqual([expect.objectContaining({ ok: true })])
    else await expect(result).rejects.toMatchObject({ code: 'CHECK_FAILED' })
  })

  test('a failure tells the measured value and the bound of every failed check', async () => {
    await expect(run(stateOf(flat), [{ action: 'validate', checks: ['has_alpha', { max_bytes: 10 }, { dimensions_match: '8x8' }] }])).rejects.toMatchObject({
      message: expect.stringMatching(/has_alpha measured 0.0 % transparent.*max_bytes measured \d+ bytes, allowed is at most 10 bytes.*measured 32x32, allowed is 8x8/) as string,
      details: { failed: [expect.objectContaining({ check: 'has_alpha' }), expect.anything(), expect.anything()] },
    })
  })

  test('dimensions_match looks back to the last resize', async () => {
    const checked = { action: 'validate', checks: ['dimensions_match'] }
    expect((await run(stateOf(soft), [resize32, checked])).checks[0]).toMatchObject({ measured: '32x32', bound: '32x32' })
    await expect(run(stateOf(soft), [resize32, { action: 'trim' }, checked])).rejects.toMatchObject({ code: 'CHECK_FAILED' })
    await expect(run(stateOf(soft), [checked])).rejects.toMatchObject({ code: 'CHECK_NEEDS_VALUE' })
  })

  test('sizes are those of the files that convert asked for', async () => {
    const photo = { action: 'validate', checks: [{ max_bytes: 2500 }] }
    await expect(run(stateOf(noise), [photo])).rejects.toMatchObject({ code: 'CHECK_FAILED' })
    expect((await run(stateOf(noise), [{ action: 'convert', format: 'webp', quality: 20 }, photo])).checks[0]!.ok).toBe(true)
  })

  test.each(['has_alfa', { max_bytes: 'big' }, { has_alpha: 5 }, 'max_bytes', {}, { has_alpha: true, not_blank: true }, { contrast: 99 }])('refuses the check %j', async (check) => {
    await expect(run(stateOf(flat), [{ action: 'validate', checks: [check] }])).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })
})

test('the design page chain makes its two files', async () => {
  const glow = disc(256, 100, [255, 255, 255, 200], none)
  const state = await run(stateOf(glow), [
    { action: 'resize', dimensions: '32x32', method: 'lanczos' },
    { action: 'validate', checks: ['has_alpha', 'dimensions_match', 'file_size_reasonable'] },
    { action: 'convert', formats: ['png', 'webp'] },
  ])
  for (const encoding of state.encodings) {
    const { bytes } = await encodePicture(state.media, encoding)
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 32, height: 32, hasAlpha: true })
  }
  expect(state.checks.map(({ check }) => check)).toEqual(['has_alpha', 'dimensions_match', 'file_size_reasonable'])
})
